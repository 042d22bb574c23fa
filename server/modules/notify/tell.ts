// Channels that a route tells of an incident: a page that nobody has to answer, kept up to date as the incident goes on.
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import type { NotificationState, PageState, PageStore } from '#server/modules/notify/state.ts';
import type { PagingMode } from '#server/modules/notify/sending/upkeep.ts';

export type Tell = (tx: Tx, at: string, told: readonly { incidentId: string; channelIds: string[] }[]) => Promise<void>;

export function createTell(deps: {
  config: ConfigReader<Tx>;
  pages: Pick<PageStore, 'nextNumbers' | 'add'>;
  ledger: LedgerStore;
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  newId(): string;
  mode(): PagingMode;
}): Tell {
  return async (tx, at, told) => {
    const config = await deps.config.current(tx);
    const channels = config.list('channel');
    const pages: PageState[] = [];
    const notifications: NotificationState[] = [];
    for (const { incidentId, channelIds } of told) {
      const trace = deps.newTrace(incidentId, at);
      for (const channelId of channelIds) {
        const pageId = deps.newId();
        const name = config.get('channel', channelId)?.draft.name ?? 'a channel that was deleted';
        const plan = trace.decide(
          'plan',
          { target: { type: 'channel', id: channelId }, priority: 'default', channels, at },
          ({ skipped }) => ({
            title: `${name} is told`,
            detail: skipped.map(({ text }) => text).join(' ') || 'named by the route; nobody has to answer',
          }),
          { pageId },
        );
        if (plan.notifications.length === 0) continue;
        pages.push(pageOf(pageId, incidentId, channelId, at));
        notifications.push(
          ...plan.notifications.map((way): NotificationState => ({
            ...way,
            id: deps.newId(),
            pageId,
            incidentId,
            userId: null,
            address: channelId,
            priority: 'default',
            plannedAt: way.dueAt,
            // In shadow nothing waits to be sent, also not for the moment at which paging goes live.
            status: deps.mode() === 'shadow' ? 'shadow' : 'pending',
            attempts: 0,
            firstTriedAt: null,
            sentAt: null,
            deliveredAt: null,
            lastError: null,
            providerRef: null,
            bundledInto: null,
            claimToken: 0,
            messageId: null,
          })),
        );
      }
      await deps.ledger.append(tx, trace.entries);
    }
    const numbers = await deps.pages.nextNumbers(tx, pages.length);
    await deps.pages.add(
      tx,
      at,
      pages.map((page, index) => ({ ...page, number: numbers[index] ?? 0 })),
      notifications,
    );
  };
}

function pageOf(id: string, incidentId: string, channelId: string, at: string): PageState {
  return {
    id,
    version: 1,
    number: 0,
    incidentId,
    userId: null,
    channelId,
    // Without a policy: told, not paged.
    policyId: null,
    run: 0,
    step: 0,
    loop: 0,
    priority: 'default',
    reason: 'told by its route',
    at,
    late: false,
    status: 'open',
    endedAt: null,
    endedBy: null,
    audience: null,
  };
}
