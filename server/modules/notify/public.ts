import type { Notification, Page } from '#server/contract/page.ts';
import type { NotificationState, PageState } from '#server/modules/notify/state.ts';

/** What everybody who may see the incident may know of a page: no addresses, no tokens. */
export function publicPage(page: PageState, notifications: readonly NotificationState[]): Page {
  const { audience: _audience, ...rest } = page;
  return { ...rest, notifications: notifications.toSorted(byPlan).map(publicNotification) };
}

function byPlan(a: NotificationState, b: NotificationState): number {
  if (a.plannedAt !== b.plannedAt) return a.plannedAt < b.plannedAt ? -1 : 1;
  return a.place - b.place || (a.id < b.id ? -1 : 1);
}

function publicNotification(state: NotificationState): Notification {
  return {
    id: state.id,
    methodId: state.methodId,
    channelId: state.channelId,
    via: state.via,
    label: state.label,
    plannedAt: state.plannedAt,
    dueAt: state.dueAt,
    status: state.status,
    attempts: state.attempts,
    sentAt: state.sentAt,
    deliveredAt: state.deliveredAt,
    lastError: state.lastError,
    bundledInto: state.bundledInto,
  };
}
