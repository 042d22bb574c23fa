// What the last notifications were about, on disk: a button pressed after the app has ended starts it, and has to mean
// the same then.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { DesktopNotification } from './bridge.ts';
import { requests } from './ipc-table.ts';

const Remembered = requests.notify.def.items[0].pick({ id: true, path: true, answer: true });
export type RememberedNotification = Pick<DesktopNotification, 'id' | 'path' | 'answer'>;

const most = 30;

export interface NotificationMemory {
  /** Answers the tag it is known to the system by: short, since Windows takes 64 characters. */
  remember(notification: DesktopNotification): string;
  /** The one whose tag stands in what the system says was pressed. */
  find(activation: string): RememberedNotification | null;
}

export function createNotificationMemory(file: string): NotificationMemory {
  const kept = new Map(read(file).map((one) => [tagOf(one.id), one]));
  return {
    remember({ id, path, answer }) {
      const tag = tagOf(id);
      kept.delete(tag);
      kept.set(tag, { id, path, ...(answer === undefined ? {} : { answer }) });
      for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - most))) kept.delete(old);
      try {
        writeFileSync(file, JSON.stringify([...kept.values()]), { mode: 0o600 });
      } catch {
        // Then only this run knows it.
      }
      return tag;
    },
    find: (activation) => [...kept].find(([tag]) => activation.includes(tag))?.[1] ?? null,
  };
}

function tagOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32);
}

function read(file: string): RememberedNotification[] {
  try {
    return z.array(Remembered).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return [];
  }
}
