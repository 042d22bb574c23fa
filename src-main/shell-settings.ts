// What this machine's shell remembers: a small file beside the window's place, read leniently and written whole.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { ShellSettings } from './bridge.ts';
import { LanguageId, Settings } from './ipc-table.ts';

const Kept = Settings.extend({ closeExplained: z.boolean(), language: LanguageId });
export type KeptSettings = z.infer<typeof Kept>;

const defaults: KeptSettings = {
  lockScreen: 'full',
  quiet: null,
  onClose: 'hide',
  updates: 'auto',
  plainSession: null,
  closeExplained: false,
  language: 'en',
};

export interface ShellSettingsFile {
  get(): KeptSettings;
  change(change: { [Name in keyof KeptSettings]?: KeptSettings[Name] | undefined }): void;
}

export function createShellSettings(file: string): ShellSettingsFile {
  let kept = read(file);
  return {
    get: () => kept,
    change(change) {
      const known = Object.entries(change).filter(([, value]) => value !== undefined);
      kept = { ...kept, ...Object.fromEntries(known) };
      try {
        writeFileSync(`${file}.partial`, JSON.stringify(kept));
        renameSync(`${file}.partial`, file);
      } catch {
        // A full disk must not keep a pager from running; the choice holds until the app ends.
      }
    },
  };
}

export function publicSettings({
  closeExplained: _explained,
  language: _language,
  ...settings
}: KeptSettings): ShellSettings {
  return settings;
}

/** Each entry by itself: one that is damaged falls back alone. */
function read(file: string): KeptSettings {
  let stored: unknown;
  try {
    stored = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return defaults;
  }
  const kept: Record<string, unknown> = { ...defaults };
  for (const [name, schema] of Object.entries(Kept.shape)) {
    const parsed = schema.safeParse((stored as Record<string, unknown> | null)?.[name]);
    if (parsed.success) kept[name] = parsed.data;
  }
  return Kept.parse(kept);
}
