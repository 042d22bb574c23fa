// The one path by which anything becomes a notification of the system; every attempt says what became of it.
import type { DesktopNotification, NotifyOutcome } from './bridge.ts';
import type { NativeNotification } from './host.ts';

export interface NotifierDeps {
  supported(): boolean;
  windowFocused(): boolean;
  create(options: { title: string; body: string; urgent: boolean; clicked(): void }): NativeNotification;
  openPath(path: string): void;
}

/** Pure: null means it is to be shown. */
export function reasonToSuppress(
  notification: Pick<DesktopNotification, 'visible'>,
  windowFocused: boolean,
): string | null {
  return notification.visible && windowFocused ? 'it is on screen in the window in front' : null;
}

export interface Notifier {
  notify(notification: DesktopNotification): Promise<NotifyOutcome>;
  /** Answered here or elsewhere: nothing of it stays on the screen. */
  dismiss(id: string): void;
}

export function createNotifier(deps: NotifierDeps): Notifier {
  const shown = new Map<string, NativeNotification>();

  async function notify(notification: DesktopNotification): Promise<NotifyOutcome> {
    const reason = reasonToSuppress(notification, deps.windowFocused());
    if (reason !== null) return { kind: 'suppressed', reason };
    if (!deps.supported()) return { kind: 'failed', reason: 'this system shows no notifications' };
    const native = deps.create({
      title: notification.title,
      body: notification.body,
      urgent: notification.tier === 'page',
      clicked: () => deps.openPath(notification.path),
    });
    // One place a subject: the newer replaces the older instead of stacking on it.
    shown.get(notification.id)?.close();
    shown.set(notification.id, native);
    try {
      const failure = await native.show();
      return failure === null ? { kind: 'shown' } : { kind: 'failed', reason: failure };
    } catch (error) {
      return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  return {
    notify,
    dismiss(id) {
      shown.get(id)?.close();
      shown.delete(id);
    },
  };
}
