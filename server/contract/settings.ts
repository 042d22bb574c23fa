import { z } from 'zod';
import { StorableText } from '#server/contract/primitives.ts';
import { settingChangesOf } from '#server/contract/setting-changes.ts';
import { Severity, updateCadenceMinutes } from '#server/contract/severity.ts';

const Minutes = z.int().min(1).max(10_080).nullable();

/** What an administrator sets in the client. Addresses and limits are configuration of the server, not settings. */
export const Settings = z.object({
  organisationName: StorableText.trim().max(100),
  /** From this severity on, an update that leaves the center names somebody else who approves it; null is never. */
  approverFrom: Severity.nullable(),
  /** Minutes between updates by severity, for incidents from now on; null promises none. */
  cadenceMinutes: z.object({ sev1: Minutes, sev2: Minutes, sev3: Minutes, info: Minutes }),
});
export type Settings = z.infer<typeof Settings>;

export const settingNames = ['organisationName', 'approverFrom', 'cadenceMinutes'] as const;
export type SettingName = (typeof settingNames)[number];

/** With what tells two administrators of each other: the version of the whole, and which change set each of them last. */
export const VersionedSettings = Settings.extend({
  version: z.int(),
  changes: settingChangesOf(settingNames),
});
export type VersionedSettings = z.infer<typeof VersionedSettings>;

export const untouchedSettings: VersionedSettings = {
  organisationName: '',
  approverFrom: null,
  cadenceMinutes: updateCadenceMinutes,
  version: 0,
  changes: {},
};

/** As stored, with the defaults where nothing is. */
export function settingsOf(stored: Record<string, unknown>): VersionedSettings {
  return VersionedSettings.parse({ ...untouchedSettings, ...stored });
}
