// Ways out: each kind is one folder behind the registry of modules/notify. docs/channels.md.
import { z } from 'zod';
import { document } from '#server/contract/config-document.ts';
import { Instant, StorableText, Title } from '#server/contract/primitives.ts';

export const channelKinds = [
  'slack',
  'slack-webhook',
  'teams',
  'email',
  'webhook',
  'twilio',
  'pagerduty',
  'opsgenie',
  'statuspage',
] as const;
export const ChannelKind = z.enum(channelKinds);
export type ChannelKind = z.infer<typeof ChannelKind>;

/** How a person is reached. Desktop needs no address: it is wherever they are signed in. */
export const contactKinds = ['desktop', 'email', 'sms', 'voice', 'slack', 'webhook'] as const;
export const ContactKind = z.enum(contactKinds);
export type ContactKind = z.infer<typeof ContactKind>;

export const ChannelDraft = z.object({
  name: Title,
  kind: ChannelKind,
  enabled: z.boolean(),
  /** By the kind's own schema; the fields of `ChannelTypeInfo`. */
  settings: z.record(StorableText.max(60), z.union([StorableText.max(4_000), z.number(), z.boolean()])),
  /** Write-only. A name that is missing keeps what is stored; null takes it away. */
  secrets: z.record(StorableText.max(60), StorableText.max(8_000).nullable()).default({}),
});
export type ChannelDraft = z.infer<typeof ChannelDraft>;
export const Channel = document(ChannelDraft.omit({ secrets: true })).extend({
  /** Names of the secrets that are set. */
  secretNames: z.array(z.string()),
  lastSentAt: Instant.nullable(),
  lastError: z.object({ at: Instant, message: z.string() }).nullable(),
});
export type Channel = z.infer<typeof Channel>;

export const ChannelField = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(['text', 'url', 'number', 'boolean', 'secret', 'select']),
  required: z.boolean(),
  help: z.string(),
  options: z.array(z.string()).default([]),
  placeholder: z.string().default(''),
  /** Of a boolean: what it is where nobody has said. */
  on: z.boolean().default(false),
});
export type ChannelField = z.infer<typeof ChannelField>;

/** What has checked our side of something foreign; `nothing` shows as unverified. The note names what stays unverified. */
export const CheckedBy = z.object({
  what: z.enum(['real-server', 'official-sdk', 'published-schema', 'nothing']),
  note: z.string(),
});
export type CheckedBy = z.infer<typeof CheckedBy>;

/** What a kind of channel is and can do; the screens and the docs are made from it. */
export const ChannelTypeInfo = z.object({
  kind: ChannelKind,
  name: z.string(),
  description: z.string(),
  fields: z.array(ChannelField),
  /** Contact methods of people that it can carry. */
  contacts: z.array(ContactKind),
  can: z.object({
    /** Be the target of a step or of a route. */
    target: z.boolean(),
    /** Change a message after it was sent. */
    update: z.boolean(),
    acknowledge: z.enum(['button', 'reply', 'keypress', 'link', 'none']),
    /** The provider tells when it arrived. */
    receipt: z.boolean(),
  }),
  checkedBy: CheckedBy,
});
export type ChannelTypeInfo = z.infer<typeof ChannelTypeInfo>;

export const ChannelTest = z.object({
  ok: z.boolean(),
  /** What the provider answered or what went wrong, and what to do. */
  text: z.string(),
  elapsedMs: z.number(),
});
export type ChannelTest = z.infer<typeof ChannelTest>;
