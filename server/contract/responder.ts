// How a person is reached. docs/people.md.
import { z } from 'zod';
import { ContactKind } from '#server/contract/channel.ts';
import { document } from '#server/contract/config-document.ts';
import { Id, Instant, StorableText } from '#server/contract/primitives.ts';
import { LocalTime, TimeZone } from '#server/contract/schedule.ts';

export const ContactMethodDraft = z.object({
  id: Id,
  kind: ContactKind,
  /** E-mail address, E.164 number, Slack member id or https address; empty for desktop. */
  address: StorableText.trim().max(500),
  label: StorableText.trim().max(100).default(''),
  /** The channel that carries it; null takes the first enabled one that can. */
  channelId: Id.nullable().default(null),
  enabled: z.boolean(),
});
export type ContactMethodDraft = z.infer<typeof ContactMethodDraft>;

export const ContactMethod = ContactMethodDraft.extend({
  /** Null until its code came back; such a method is never used but for sending the code. */
  verifiedAt: Instant.nullable(),
});
export type ContactMethod = z.infer<typeof ContactMethod>;

export const NotificationRule = z.object({ methodId: Id, delayMinutes: z.int().min(0).max(240) });
export type NotificationRule = z.infer<typeof NotificationRule>;

export const ResponderDraft = z.object({
  timeZone: TimeZone,
  contactMethods: z.array(ContactMethodDraft).max(20),
  /** "Push now, text after 2 minutes, call after 5": what a page does, for important ones and for the others. */
  rules: z.object({ default: z.array(NotificationRule).max(20), important: z.array(NotificationRule).max(20) }),
  /** Mutes what is not a page; pages pass. In the person's own zone. */
  quietHours: z.object({ from: LocalTime, to: LocalTime }).nullable(),
  /** Until then pages of default priority wait; important ones pass when allowed. */
  doNotDisturb: z.object({ until: Instant, importantPass: z.boolean() }).nullable(),
});
export type ResponderDraft = z.infer<typeof ResponderDraft>;

/** Its id is the user's. */
export const Responder = document(ResponderDraft).extend({ contactMethods: z.array(ContactMethod) });
export type Responder = z.infer<typeof Responder>;
