import type { ChannelKind, ContactKind } from '#server/contract/channel.ts';
import type { Notification, Page } from '#server/contract/page.ts';
import type { Priority } from '#server/contract/policy.ts';
import type { Tx } from '#server/database/transaction.ts';

/** A notification with what only the server needs. */
export interface NotificationState extends Notification {
  pageId: string;
  incidentId: string;
  userId: string | null;
  address: string;
  priority: Priority;
  /** Place in the person's rules. */
  place: number;
  firstTriedAt: string | null;
  providerRef: string | null;
  claimToken: number;
  /** The provider's id for it where that is not its own: it goes on with a message whose first page is over. */
  messageId: string | null;
}

export interface PageState extends Omit<Page, 'notifications'> {
  audience: string[] | null;
}

/**
 * What a person's rules make of a page: one of the outputs of the `plan` decision. The ledger keeps it, so it has no
 * address: that is the method's in the responder document, the user's id for desktop, the channel's id for a channel
 * (`addressOf` in planning/address-of.ts).
 */
export interface PlannedNotification {
  methodId: string | null;
  channelId: string | null;
  via: ContactKind | ChannelKind;
  label: string;
  place: number;
  dueAt: string;
}

export interface PageStore<T = Tx> {
  /** Takes page numbers. */
  nextNumbers(tx: T, count: number): Promise<number[]>;
  /** The pages and their notifications: the intent row, before anything leaves. With their feed rows. */
  add(tx: T, at: string, pages: readonly PageState[], notifications: readonly NotificationState[]): Promise<void>;
  /** Open pages of these incidents. */
  openOf(tx: T, incidentIds: readonly string[]): Promise<PageState[]>;
  /**
   * Ends open pages and cancels what was not sent of them. `userIds` limits it to those people (an acknowledgement that
   * does not suffice ends only its maker's pages); null ends all.
   */
  end(
    tx: T,
    at: string,
    incidentIds: readonly string[],
    end: { status: 'acknowledged' | 'stopped'; by: string | null; userIds: readonly string[] | null },
  ): Promise<void>;
}
