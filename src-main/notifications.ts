// The one path by which anything becomes a notification of the system; every attempt says what became of it.
import { t } from '../src-renderer/language/words.ts';
import type { Answer, DesktopNotification, NotifyOutcome, ShellSettings } from './bridge.ts';
import type { HostNotifications, NativeNotification } from './host.ts';
import type { NotificationMemory, RememberedNotification } from './notification-memory.ts';
import { buttonsOf, type Circumstances, reasonToSuppress, wordsFor } from './notification-rules.ts';

export interface NotifierDeps {
  platform: NodeJS.Platform;
  notifications: HostNotifications;
  memory: NotificationMemory;
  /** Whether the system says when the screen is locked. */
  knowsLock: boolean;
  circumstances(): Circumstances;
  lockScreen(): ShellSettings['lockScreen'];
  openPath(path: string): void;
  answer(answer: Answer): void;
  /** A page was not shown: the taskbar has to say so. */
  unshown(): void;
}

export interface Notifier {
  notify(notification: DesktopNotification): Promise<NotifyOutcome>;
  /** Answered here or elsewhere: nothing of it stays on the screen. */
  dismiss(id: string): void;
  dismissAll(): void;
  setLocked(locked: boolean): void;
}

export function createNotifier(deps: NotifierDeps): Notifier {
  /** `stands`: on the screen or in the list of the system, as far as it says. */
  const shown = new Map<string, { notification: DesktopNotification; native: NativeNotification; stands: boolean }>();
  let locked: boolean | null = deps.knowsLock ? false : null;

  function pressed(notification: RememberedNotification, action: number | null): void {
    const kind = action === null ? undefined : buttonsOf(notification, deps.platform)[action];
    if (kind === undefined || notification.answer === undefined) deps.openPath(notification.path);
    else deps.answer({ kind, ...notification.answer });
  }

  /** In the one place of its subject: the newer replaces the older instead of stacking on it. */
  function put(notification: DesktopNotification, silent: boolean): NativeNotification {
    shown.get(notification.id)?.native.close();
    const names = { acknowledge: t`Acknowledge`, escalate: t`Escalate → ${notification.answer?.escalateTo ?? ''}` };
    const gone = (): void => {
      if (one.native === shown.get(notification.id)?.native) one.stands = false;
    };
    const native = deps.notifications.create(
      {
        id: deps.memory.remember(notification),
        group: notification.answer?.incidentId ?? notification.tier,
        ...wordsFor(notification, deps.lockScreen(), locked),
        urgent: notification.tier === 'page' && notification.outcome !== true,
        silent,
        actions: buttonsOf(notification, deps.platform).map((button) => names[button]),
      },
      {
        clicked() {
          gone();
          pressed(notification, null);
        },
        action(index) {
          gone();
          pressed(notification, index);
        },
        gone,
      },
    );
    const one = { notification, native, stands: true };
    shown.set(notification.id, one);
    return native;
  }

  // The object of a notification that this run shows tells of it too; pressed once is answered once.
  deps.notifications.onActivation(({ text, action }) => {
    const known = deps.memory.find(text);
    if (known !== null && !shown.has(known.id)) pressed(known, action);
  });

  return {
    async notify(notification) {
      const reason = reasonToSuppress(notification, deps.circumstances());
      if (reason !== null) return { kind: 'suppressed', reason };
      const failed = (why: string): NotifyOutcome => {
        if (notification.tier === 'page') deps.unshown();
        return { kind: 'failed', reason: why };
      };
      if (!deps.notifications.supported()) return failed(t`this system shows no notifications`);
      const failure = await attempt(put(notification, notification.tier !== 'page' || notification.outcome === true));
      return failure === null ? { kind: 'shown' } : failed(failure);
    },
    dismiss(id) {
      shown.get(id)?.native.close();
      shown.delete(id);
    },
    dismissAll() {
      for (const { native } of shown.values()) native.close();
      shown.clear();
    },
    setLocked(now) {
      locked = now;
      if (!now || deps.lockScreen() === 'full') return;
      // What stands there already would be read over the lock: it is shown again, quietly, with fewer words.
      for (const { notification, stands } of shown.values()) if (stands) void attempt(put(notification, true));
    },
  };
}

/** Null when the system took it, else why not. */
async function attempt(native: NativeNotification): Promise<string | null> {
  try {
    return await native.show();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
