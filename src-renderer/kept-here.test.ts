// What a machine keeps of a server, and that nothing of it stays when somebody leaves.
import 'fake-indexeddb/auto';
import { beforeEach, expect, it } from 'vitest';
import {
  copyName,
  finishLeaving,
  forgetServer,
  leave,
  leaveBehind,
  remember,
  remembered,
  unsentAt,
} from './kept-here.ts';
import { createDexieStorage } from './replica/storage/dexie-storage.ts';
import type { OutboxItem } from './replica/outbox/outbox.ts';
import { createFakeStorage } from './testkit/fake-storage.ts';

const here = 'https://ops.test';
const idOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
const ada = { id: 'ada', name: 'Ada', login: 'ada', role: 'responder' as const, teamIds: [], organisationName: 'Acme' };

beforeEach(() => {
  Object.assign(globalThis, { window: { localStorage: createFakeStorage() } });
});

const names = async (): Promise<string[]> => (await indexedDB.databases()).map(({ name }) => name ?? '').toSorted();

/** A copy with so many actions that were never sent. */
async function copy(userId: string, unsent: number, server = here): Promise<void> {
  const storage = createDexieStorage(copyName(server, userId));
  const item = (number: number): OutboxItem => ({
    intent: {
      id: idOf(number),
      at: '2026-11-21T14:00:00.000Z',
      baseVersion: 1,
      dependsOn: null,
      action: { kind: 'incident.note', incidentId: idOf(1), entryId: idOf(700 + number), text: 'note', at: null },
    },
    place: number,
    state: 'queued',
    attempts: 0,
    confirmed: false,
    madeAt: 1_000,
    reason: null,
    version: null,
    current: null,
  });
  await storage.load(() => undefined);
  await storage.saveOutbox(Array.from({ length: unsent }, (_, at) => item(900 + at)));
  storage.close();
}

it('a server that is removed leaves nothing of anybody, and no other server loses anything', async () => {
  await copy('ada', 2);
  await copy('ben', 1);
  await copy('ada', 1, 'https://other.test');
  remember(here, ada);
  expect(await unsentAt(here)).toBe(3);
  await forgetServer(here);
  expect(await names()).toEqual([
    copyName('https://other.test', 'ada'),
    `${copyName('https://other.test', 'ada')}-outbox`,
  ]);
  expect(remembered(here)).toBe(null);
  expect(await unsentAt(here)).toBe(0);
  await forgetServer('https://other.test');
});

it('a sign-out that was cut short is finished at the next start', async () => {
  await copy('ada', 0);
  leave(copyName(here, 'ada'));
  expect(await names()).toHaveLength(2);
  await finishLeaving();
  expect(await names()).toEqual([]);
  // Finished is finished: who signs in again keeps what they have.
  await copy('ada', 0);
  await finishLeaving();
  expect(await names()).toHaveLength(2);
  await forgetServer(here);
});

it('somebody else who signs in finds nothing of the one before, whose unsent actions still wait for them', async () => {
  await copy('ada', 0);
  await copy('ben', 1);
  await leaveBehind(here, 'ada');
  await leaveBehind(here, 'ben');
  expect(await names()).toEqual([copyName(here, 'ben'), `${copyName(here, 'ben')}-outbox`]);
  expect(await unsentAt(here)).toBe(1);
});

it('goes on where the browser has no room left for notes: nothing stops, and what is left is deleted all the same', async () => {
  window.localStorage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  remember(here, ada);
  expect(remembered(here)).toBeNull();
  await copy('full', 1);
  leave(copyName(here, 'full'));
  await finishLeaving();
  expect((await names()).filter((name) => name.includes('full'))).toEqual([]);
});
