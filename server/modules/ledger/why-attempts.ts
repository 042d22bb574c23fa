import type { WhyAttempt } from '#server/contract/ledger.ts';
import type { Notification, Page } from '#server/contract/page.ts';
import type { StoredEntry } from '#server/modules/ledger/store.ts';
import { clockTime } from '#server/modules/ledger/why-words.ts';

/** How each notification of the page went, with what the provider answered and what came back. */
export function attemptsOf(page: Page, entries: readonly StoredEntry[], now: string): WhyAttempt[] {
  const said = entries.filter((entry) => entry.kind === 'attempt' || entry.kind === 'receipt');
  return page.notifications.map((one) => {
    const about = said.filter((entry) => entry.input.includes(one.id));
    const answer = about.findLast((entry) => entry.kind === 'attempt');
    const receipt = about.findLast((entry) => entry.kind === 'receipt');
    return {
      notificationId: one.id,
      via: one.via,
      label: one.label,
      at: one.sentAt ?? one.dueAt,
      status: one.status,
      answer: answer === undefined ? withoutAnswer(one, now) : answer.detail || answer.title,
      receipt: receipt === undefined ? withoutReceipt(one) : receipt.detail || receipt.title,
    };
  });
}

function withoutAnswer(one: Notification, now: string): string {
  if (one.lastError !== null) return one.lastError;
  switch (one.status) {
    case 'pending':
      return one.bundledInto !== null
        ? 'told in another message'
        : one.dueAt > now
          ? 'not due yet'
          : 'due, and waiting for its turn';
    case 'sending':
      return 'being sent';
    case 'cancelled':
      return 'no longer wanted';
    case 'shadow':
      return 'written down, not sent: the center runs beside another pager';
    case 'sent':
    case 'delivered':
      return one.bundledInto === null ? 'accepted' : 'told in another message';
    case 'failed':
      return 'given up';
  }
}

function withoutReceipt(one: Notification): string {
  if (one.deliveredAt !== null) return `delivered ${clockTime(one.deliveredAt)}`;
  return one.status === 'sent' ? 'no receipt yet' : '';
}
