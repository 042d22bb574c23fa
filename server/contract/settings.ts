import { z } from 'zod';
import { StorableText } from '#server/contract/primitives.ts';

/** What an administrator sets in the client. Addresses and limits are configuration of the server, not settings. */
export const Settings = z.object({
  organisationName: StorableText.trim().max(100),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = { organisationName: '' };
