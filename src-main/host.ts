// The one place that knows which Electron this is: newer abilities are asked for and done without.
import { app, Notification, safeStorage } from 'electron';
import type { SafeStorage } from './session-token.ts';

type OptionalSafeStorage = Partial<typeof safeStorage> | undefined;

/** Linux without a keyring would keep the token in plain text; that counts as no safe storage. */
export async function systemSafeStorage(): Promise<SafeStorage | null> {
  const storage: OptionalSafeStorage = safeStorage;
  if (storage?.encryptStringAsync === undefined || storage.decryptStringAsync === undefined) return null;
  if ((await storage.isAsyncEncryptionAvailable?.()) !== true) return null;
  if (process.platform === 'linux' && storage.getSelectedStorageBackend?.() === 'basic_text') return null;
  return {
    encrypt: (text) => safeStorage.encryptStringAsync(text),
    decrypt: async (data) => (await safeStorage.decryptStringAsync(data)).result,
  };
}

export function setBadge(count: number): void {
  const set = (app as Partial<typeof app>).setBadgeCount;
  set?.call(app, Math.min(count, 99));
}

export interface NativeNotification {
  /** Resolves with null when the system took it, else with the reason why not. */
  show(): Promise<string | null>;
  close(): void;
}

const answerWithinMs = 2_000;

export function notificationsSupported(): boolean {
  return Notification.isSupported();
}

export function nativeNotification(options: {
  title: string;
  body: string;
  urgent: boolean;
  clicked(): void;
}): NativeNotification {
  const notification = new Notification({
    title: options.title,
    body: options.body,
    silent: !options.urgent,
    urgency: options.urgent ? 'critical' : 'normal',
    timeoutType: options.urgent ? 'never' : 'default',
  });
  notification.on('click', () => options.clicked());
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
