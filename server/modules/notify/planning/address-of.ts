import type { StoredDocument } from '#server/modules/config/state.ts';
import type { PlannedNotification } from '#server/modules/notify/state.ts';

/** Where a planned notification goes, whole: for the intent row alone, never for the ledger. */
export function addressOf(
  planned: Pick<PlannedNotification, 'methodId' | 'channelId' | 'via'>,
  target: { type: 'user'; id: string; responder: StoredDocument<'responder'> | null } | { type: 'channel'; id: string },
): string {
  if (target.type === 'channel' || planned.via === 'desktop') return target.id;
  return target.responder?.draft.contactMethods.find((method) => method.id === planned.methodId)?.address ?? '';
}
