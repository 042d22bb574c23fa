// Whether this machine keeps notifications from being shown: known from what it says, and from what became of the last.
import { create } from 'zustand';
import type { DesktopNotification, NotifyOutcome } from '../../src-main/bridge.ts';

interface Blocked {
  /** In words that follow "because"; null while nothing says so. */
  reason: string | null;
}

export const useBlocked = create<Blocked>(() => ({ reason: null }));

/** What was held back on purpose says nothing about the machine. */
export function heard(outcome: NotifyOutcome): void {
  if (outcome.kind === 'failed') useBlocked.setState({ reason: outcome.reason });
  if (outcome.kind === 'shown') useBlocked.setState({ reason: null });
}

/** Every attempt is heard, whoever makes it. */
export function hearing(
  notify: (notification: DesktopNotification) => Promise<NotifyOutcome>,
): (notification: DesktopNotification) => Promise<NotifyOutcome> {
  return async (notification) => {
    const outcome = await notify(notification);
    heard(outcome);
    return outcome;
  };
}
