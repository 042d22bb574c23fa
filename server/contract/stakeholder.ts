// Who is told about incidents without working on them: lists of readers of status updates. docs/updates.md.
import { z } from 'zod';
import { document } from '#server/contract/config-document.ts';
import { Id, StorableText, Title } from '#server/contract/primitives.ts';

/** As the channel that carries it takes it; what a mail server refuses is told with the delivery. */
export const MailAddress = StorableText.trim()
  .toLowerCase()
  .max(254)
  .regex(
    /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\]+$/,
    'is not an e-mail address such as name@example.com',
  );

/** Readers of status updates by e-mail, each in a mail of their own. */
export const StakeholderListDraft = z.object({
  name: Title,
  description: StorableText.max(2_000).default(''),
  /** The e-mail channel that carries it. */
  channelId: Id,
  /** People of this center, at the address that they have proven. */
  userIds: z.array(Id).max(200).default([]),
  /** Everybody else. */
  addresses: z.array(MailAddress).max(500).default([]),
});
export type StakeholderListDraft = z.infer<typeof StakeholderListDraft>;
export const StakeholderList = document(StakeholderListDraft);
export type StakeholderList = z.infer<typeof StakeholderList>;
