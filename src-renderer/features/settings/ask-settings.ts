import { untouchedSettings, type VersionedSettings } from '#server/contract/settings.ts';
import type { ApiClient } from '../../api/client.ts';

/** A server of before tells no version: then nothing is compared there either. */
export async function askSettings(api: ApiClient): Promise<VersionedSettings> {
  return { ...untouchedSettings, ...(await api.settings.get.query()) };
}
