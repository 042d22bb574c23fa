import { z } from 'zod';
import { Id, StorableText } from '#server/contract/primitives.ts';
import { settingChangesOf } from '#server/contract/setting-changes.ts';

/** live: pages go out. shadow: they are decided and written down, beside another pager. paused: nothing goes out. */
export const PagingSettings = z.object({
  mode: z.enum(['live', 'shadow', 'paused']),
  /** Called by us while all is well; whoever watches it pages when it stops. Null is none. */
  deadMan: z
    .object({ url: z.url({ protocol: /^https?$/ }).max(2_000), intervalSeconds: z.int().min(10).max(3_600) })
    .nullable(),
  /** Used by the auditor when the ordinary way is stuck. */
  fallbackChannelId: Id.nullable(),
  /** Private hosts, addresses and ranges that channels may call, such as a Slack-shaped server inside. */
  allowedPrivateHosts: z.array(StorableText.trim().min(1).max(300)).max(100),
});
export type PagingSettings = z.infer<typeof PagingSettings>;

export const defaultPagingSettings: PagingSettings = {
  mode: 'live',
  deadMan: null,
  fallbackChannelId: null,
  allowedPrivateHosts: [],
};

export const pagingSettingNames = ['mode', 'deadMan', 'fallbackChannelId', 'allowedPrivateHosts'] as const;
export type PagingSettingName = (typeof pagingSettingNames)[number];

/** With what tells two administrators of each other: the version of the whole, and which change set each of them last. */
export const VersionedPagingSettings = PagingSettings.extend({
  version: z.int(),
  changes: settingChangesOf(pagingSettingNames),
});
export type VersionedPagingSettings = z.infer<typeof VersionedPagingSettings>;

export const untouchedPagingSettings: VersionedPagingSettings = { ...defaultPagingSettings, version: 0, changes: {} };
