import { z } from 'zod';
import { StorableText } from '#server/contract/primitives.ts';
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

export const defaultSettings: Settings = {
  organisationName: '',
  approverFrom: null,
  cadenceMinutes: updateCadenceMinutes,
};

/** As stored, with the defaults where nothing is. */
export function settingsOf(stored: Record<string, unknown>): Settings {
  return Settings.parse({ ...defaultSettings, ...stored });
}
