import { Notification } from 'electron';
import type { HostNotifications, NativeNotification, NotificationEvents, NotificationOptions } from './host.ts';

const answerWithinMs = 2_000;

export function electronNotifications(platform: NodeJS.Platform): HostNotifications {
  return {
    supported: () => Notification.isSupported(),
    create: (options, events) => nativeNotification(options, events),
    onActivation(listener) {
      const { handleActivation } = Notification as Partial<typeof Notification>;
      if (platform !== 'win32' || handleActivation === undefined) return;
      handleActivation.call(Notification, ({ type, arguments: text, actionIndex }) =>
        listener({ text, action: type === 'action' ? (actionIndex ?? null) : null }),
      );
    },
  };
}

function nativeNotification(
  { id, group, title, body, urgent, silent, actions }: NotificationOptions,
  events: NotificationEvents,
): NativeNotification {
  const notification = new Notification({
    id,
    groupId: group,
    title,
    body,
    silent,
    urgency: urgent ? 'critical' : 'normal',
    timeoutType: urgent ? 'never' : 'default',
    actions: actions.map((text) => ({ type: 'button', text })),
  });
  notification.on('click', () => events.clicked());
  notification.on('close', ({ reason }) => {
    // One that timed out still stands in the list of the system.
    if (reason !== 'timedOut') events.gone();
  });
  // Older ones carry the index beside the event.
  notification.on('action', (details, index) => events.action(details.actionIndex ?? index));
  return {
    show: () =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, answerWithinMs, 'the system did not answer');
        notification.once('show', () => {
          clearTimeout(timer);
          resolve(null);
        });
        notification.once('failed', (_event, reason) => {
          clearTimeout(timer);
          resolve(reason);
        });
        notification.show();
      }),
    close: () => notification.close(),
  };
}
