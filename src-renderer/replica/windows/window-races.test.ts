// Two windows that act at the same moment, one of them slow, frozen or gone.
import { describe, expect, it } from 'vitest';
import { createDesk, deskIncident, textsOf } from '../../testkit/desk.ts';
import type { OutboxItem } from '../outbox/outbox.ts';
import type { UnreadItem } from '../storage.ts';

type Desk = ReturnType<typeof createDesk>;
type Window = ReturnType<Desk['open']>;

async function openWindows(desk: Desk, count: number): Promise<Window[]> {
  const windows: Window[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    windows.push(desk.open());
    await desk.timers.advance(1_000);
  }
  return windows;
}

async function cut(desk: Desk): Promise<void> {
  desk.setOnline(false);
  await desk.timers.advance(3_000);
}

/** Over the two that `openWindows` gives, by place. */
function two([first, second]: Window[]): [Window, Window] {
  if (first === undefined || second === undefined) throw new Error('there are no two windows');
  return [first, second];
}

async function noted(desk: Desk, window: Window, text: string): Promise<string> {
  const submitted = await window.note(text);
  await desk.timers.advance(10);
  return submitted.ok ? submitted.id : '';
}

const idsOf = (window: Window): string[] => window.replica.outbox.items().map(({ intent }) => intent.id);
const unreadOf = (window: Window): string[] => window.replica.store.getState().unreadItems.map(({ id }) => id);

describe('what a window asks of the one that writes', () => {
  it('is done once where that one is so slow that another takes its place', async () => {
    const desk = createDesk();
    const [first, second] = two(await openWindows(desk, 2));
    await cut(desk);
    const severity = { kind: 'incident.set-severity', incidentId: deskIncident, severity: 'sev1' } as const;
    await first.replica.outbox.submit(severity);
    const theirs = { id: 'theirs', at: '', baseVersion: null, dependsOn: null };
    desk.server.submit('Diego', [{ ...theirs, action: { ...severity, severity: 'sev3' } }]);
    desk.setOnline(true);
    first.replica.stream.kick();
    await desk.timers.advance(3_000);
    expect(second.replica.outbox.items()).toMatchObject([{ state: 'conflict' }]);
    await cut(desk);
    desk.delayDisk({ writeMs: 6_000 });
    void second.replica.outbox.applyAgain(idsOf(second)[0] ?? '');
    await desk.timers.advance(4_000);
    expect(second.windows.writes()).toBe(true);
    await desk.timers.advance(20_000);
    expect(idsOf(second)).toHaveLength(1);
    expect(idsOf(first)).toEqual(idsOf(second));
    desk.setOnline(true);
    second.replica.stream.kick();
    await desk.timers.advance(30_000);
    const sent = desk.sent.filter(({ action }) => action.kind === 'incident.set-severity').map(({ id }) => id);
    expect(new Set(sent).size).toBe(2);
    expect(second.replica.outbox.items()).toEqual([]);
  });

  it('is done for each of two that take its place at the same moment', async () => {
    const desk = createDesk();
    const [first, second, third] = await openWindows(desk, 3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are no three');
    await cut(desk);
    const one = await noted(desk, first, 'one');
    const other = await noted(desk, first, 'other');
    first.freeze();
    const changed = (text: string) =>
      ({ kind: 'incident.note', incidentId: deskIncident, entryId: crypto.randomUUID(), text, at: null }) as const;
    desk.delayDisk({ readMs: 1_000 });
    const bySecond = second.replica.outbox.edit(one, changed('one, by the second'));
    // The third takes over while the second still reads what is stored.
    await desk.timers.advance(500);
    const byThird = third.replica.outbox.edit(other, changed('other, by the third'));
    await desk.timers.advance(15_000);
    expect(await Promise.all([bySecond, byThird])).toMatchObject([{ ok: true }, { ok: true }]);
    desk.setOnline(true);
    for (const window of [second, third]) window.replica.stream.kick();
    await desk.timers.advance(20_000);
    expect(textsOf(desk.sent)).toEqual(['one, by the second', 'other, by the third']);
  });

  it('is not sent any more where it is given up while the writer is about to send it', async () => {
    const desk = createDesk();
    const [first, second] = two(await openWindows(desk, 2));
    await cut(desk);
    const dropped = await noted(desk, first, 'dropped');
    desk.delayDisk({ writeMs: 6_000 });
    desk.setOnline(true);
    first.replica.stream.kick();
    await desk.timers.advance(100);
    void second.replica.outbox.discard(dropped);
    await desk.timers.advance(60_000);
    expect([textsOf(desk.sent), idsOf(first), idsOf(second)]).toEqual([[], [], []]);
    expect((await desk.storage.loadOutbox()).outbox).toEqual([]);
  });
});

describe('a window that takes the place of the writer', () => {
  it('brings nothing back that is given up while it reads what is stored', async () => {
    const desk = createDesk();
    const [first, second] = two(await openWindows(desk, 2));
    await cut(desk);
    await noted(desk, first, 'kept');
    const dropped = await noted(desk, first, 'dropped');
    desk.delayDisk({ readMs: 2_000 });
    first.kill();
    await desk.timers.advance(100);
    expect(second.windows.writes()).toBe(true);
    void second.replica.outbox.discard(dropped);
    await desk.timers.advance(5_000);
    desk.setOnline(true);
    second.replica.stream.kick();
    await desk.timers.advance(20_000);
    expect(textsOf(desk.sent)).toEqual(['kept']);
    desk.delayDisk({ readMs: 0 });
    expect((await desk.storage.loadOutbox()).outbox).toEqual([]);
  });

  it('stores what it made while the disk was full, once there is room', async () => {
    const desk = createDesk();
    const [first, second] = two(await openWindows(desk, 2));
    desk.fill();
    first.freeze();
    await noted(desk, second, 'from memory');
    desk.setOnline(false);
    second.replica.stream.lost();
    await desk.timers.advance(5_000);
    expect([second.windows.writes(), idsOf(second).length]).toEqual([true, 1]);
    expect((await desk.storage.loadOutbox()).outbox).toEqual([]);
    desk.free();
    await desk.timers.advance(10_000);
    expect((await desk.storage.loadOutbox()).outbox).toHaveLength(1);
  });
});

describe('what could not be read', () => {
  const damaged = (id: string): UnreadItem => ({ id, why: 'damaged', text: '{' });

  it('is the same in every window, also after it was deleted in one or another writer has looked', async () => {
    const desk = createDesk();
    desk.leaveUnread([damaged('one'), damaged('two')]);
    const [first, second, third] = await openWindows(desk, 3);
    if (first === undefined || second === undefined || third === undefined) throw new Error('there are no three');
    expect([first, second, third].map((window) => unreadOf(window).length)).toEqual([2, 2, 2]);
    await second.replica.dropUnread(['one']);
    await desk.timers.advance(10);
    expect([first, second, third].map(unreadOf)).toEqual([['two'], ['two'], ['two']]);
    desk.leaveUnread([damaged('two'), damaged('three')]);
    first.kill();
    await desk.timers.advance(1_000);
    expect([second, third].map(unreadOf)).toEqual([
      ['two', 'three'],
      ['two', 'three'],
    ]);
  });

  it('is counted where a newer window writes what this one does not know', async () => {
    const desk = createDesk();
    const [first, second] = two(await openWindows(desk, 2));
    await cut(desk);
    await noted(desk, first, 'known');
    const [known] = first.replica.outbox.items();
    if (known === undefined) throw new Error('nothing is queued');
    const action = { kind: 'incident.foretell', incidentId: deskIncident } as never;
    const unknown: OutboxItem = { ...known, intent: { ...known.intent, id: 'of a newer window', action } };
    desk.say({ kind: 'outbox', items: [known, unknown] });
    await desk.timers.advance(10);
    expect([unreadOf(first), unreadOf(second)]).toEqual([[], ['of a newer window']]);
    desk.say({ kind: 'outbox', items: [known] });
    await desk.timers.advance(10);
    expect(unreadOf(second)).toEqual([]);
  });
});
