// What the browser loses of its own accord: both databases lie in the same files.
import 'fake-indexeddb/auto';
import Dexie from 'dexie';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createFakeStorage } from '../../testkit/fake-storage.ts';
import { forgetPersonal } from '../../personal-state.ts';
import { createDexieStorage } from './dexie-storage.ts';
import type { OutboxItem } from '../outbox/outbox.ts';

const server = 'https://ops.test';
const name = `tocsin ${server} mara`;
const idOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
let kept: Storage;

beforeEach(() => {
  kept = createFakeStorage();
  Object.assign(globalThis, { window: { localStorage: kept } });
});
afterEach(async () => {
  await createDexieStorage(name).wipe();
  Reflect.deleteProperty(globalThis, 'window');
});

function note(number: number): OutboxItem {
  return {
    intent: {
      id: idOf(number),
      at: '2026-11-22T14:00:00.000Z',
      baseVersion: null,
      dependsOn: null,
      action: { kind: 'incident.note', incidentId: idOf(1), entryId: idOf(700 + number), text: 'Mine: a b', at: null },
    },
    place: number,
    state: 'queued',
    attempts: 0,
    confirmed: false,
    madeAt: 1_000,
    reason: null,
    version: null,
    current: null,
  };
}

/** As Chromium does where a byte of its files is bad. */
async function throwAway(): Promise<void> {
  await Dexie.delete(name);
  await Dexie.delete(`${name}-outbox`);
}

async function queued(): Promise<string[]> {
  const storage = createDexieStorage(name);
  const { outbox, unread } = await storage.load(() => undefined);
  storage.close();
  return [...outbox.map(({ intent }) => intent.id), ...unread.map(({ why }) => why)];
}

it('brings back what was queued where the browser threw its databases away, and stores it twice again', async () => {
  const storage = createDexieStorage(name);
  await storage.saveOutbox([note(10), note(11)]);
  await storage.commit({ rows: [], total: 0, outbox: { put: [], remove: [idOf(10)] } });
  storage.close();
  await throwAway();
  expect(await queued()).toEqual([idOf(11)]);
  // From the databases alone.
  kept.clear();
  expect(await queued()).toEqual([idOf(11)]);
});

it('brings nothing back that was finished, though it stands in a spare that was written later than the databases', async () => {
  const storage = createDexieStorage(name);
  await storage.saveOutbox([note(10)]);
  const key = kept.key(0) ?? '';
  const text = kept.getItem(key) ?? '';
  await storage.commit({ rows: [], total: 0, outbox: { put: [], remove: [idOf(10)] } });
  storage.close();
  for (let start = 0; start < 3; start += 1) {
    // Killed each time before the browser wrote the removal down.
    kept.setItem(key, text);
    expect(await queued()).toEqual([]);
  }
});

it('says of one that is damaged in the spare too that it cannot be read', async () => {
  const storage = createDexieStorage(name);
  await storage.saveOutbox([note(10)]);
  storage.close();
  await throwAway();
  const key = kept.key(0) ?? '';
  kept.setItem(key, (kept.getItem(key) ?? '').replace('Mine', 'Nine'));
  expect(await queued()).toEqual(['damaged']);
});

it('holds nothing once all is deleted, of what was on its way to the disk then either', async () => {
  for (let turns = 0; turns < 12; turns += 1) {
    for (const write of ['saveOutbox', 'commit'] as const) {
      const storage = createDexieStorage(name);
      await storage.load(() => undefined);
      const put = [note(10)];
      const writing = (
        write === 'saveOutbox'
          ? storage.saveOutbox(put)
          : storage.commit({ rows: [], total: 0, outbox: { put, remove: [] } })
      ).catch(() => undefined);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      storage.close();
      await createDexieStorage(name).wipe();
      await writing;
      expect(kept.length).toBe(0);
    }
  }
});

it('goes with a sign-out, and holds nothing up where there is no room for it', async () => {
  const storage = createDexieStorage(name);
  await storage.saveOutbox([note(10)]);
  forgetPersonal(kept, server);
  expect(kept.length).toBe(0);
  kept.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await storage.saveOutbox([note(11)]);
  storage.close();
  expect(await queued()).toEqual([idOf(10), idOf(11)]);
});
