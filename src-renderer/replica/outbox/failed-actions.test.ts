// Actions at which the server itself fails: told, tried again, and in nobody's way for long.
import { describe, expect, it } from 'vitest';
import type { Action, Intent, IntentAnswer } from '#server/contract/intent.ts';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { sampleId } from '../../testkit/sample-ids.ts';
import type { OutboxItem, Settled } from './outbox.ts';
import { createSender } from './outbox-sender.ts';

const [one, other] = [sampleId('incident', 1), sampleId('incident', 2)];
const note = (incidentId: string, text: string): Action => ({
  kind: 'incident.note',
  incidentId,
  entryId: sampleId('timeline', 1),
  text,
  at: null,
});
const acknowledge: Action = { kind: 'incident.acknowledge', incidentId: one };

/** An outbox with these actions, before a server that fails at those of which `fails` says so. */
function drain(
  actions: readonly Action[],
  fails: (action: Action) => boolean,
  dependsOn: Record<number, number> = {},
  cuts: (intents: readonly Intent[]) => boolean = () => false,
) {
  const timers = createFakeTimers(Date.parse('2026-11-21T14:00:00.000Z'));
  const idOf = (place: number): string => sampleId('link', place);
  let items = actions.map((action, index): OutboxItem => {
    const before = dependsOn[index];
    const intent: Intent = {
      id: idOf(index),
      at: '2026-11-21T14:00:00.000Z',
      baseVersion: null,
      dependsOn: before === undefined ? null : idOf(before),
      action,
    };
    return {
      intent,
      place: index,
      state: 'queued',
      attempts: 0,
      confirmed: false,
      madeAt: timers.now(),
      reason: null,
      version: null,
      current: null,
    };
  });
  const applied: number[] = [];
  const told: string[] = [];
  const news: Settled['news'] = [];
  let calls = 0;
  let reachable = true;
  const sender = createSender({
    items: () => items,
    save: async (next) => void (items = next),
    answered: (settled) => news.push(...settled),
    unanswered: () => undefined,
    failed: (item, reason) => told.push(`${item.intent.id} ${reason}`),
    now: timers.now,
    after: timers.after,
    reachable: () => reachable,
    sends: () => true,
    understood: () => true,
    async send(intents) {
      calls += 1;
      if (cuts(intents)) return { kind: 'unreachable' };
      const results: IntentAnswer[] = [];
      for (const { id, action } of intents) {
        if (fails(action)) {
          results.push({ outcome: 'failed', id, reason: 'It broke.' });
          break;
        }
        applied.push(actions.findIndex((_action, place) => idOf(place) === id));
        results.push({ outcome: 'applied', id, version: null });
      }
      return { kind: 'results', results };
    },
  });
  sender.pump();
  const textOf = (index: number): string => {
    const action = actions[index];
    return action?.kind === 'incident.note' ? action.text : (action?.kind ?? '');
  };
  return {
    timers,
    told,
    news,
    sender,
    calls: () => calls,
    connect(is: boolean) {
      reachable = is;
      sender.pump();
    },
    item: (index: number) => items.find(({ intent }) => intent.id === idOf(index)),
    applied: () => applied.map(textOf),
    /** A person gives it up, or everybody does. */
    discard: (index: number) => (items = items.filter(({ intent }) => intent.id !== idOf(index))),
  };
}

describe('an action at which the server fails', () => {
  const queue = [note(one, 'before'), note(one, 'bad'), acknowledge, note(other, 'elsewhere')];
  const isBad = (action: Action): boolean => action.kind === 'incident.note' && action.text === 'bad';

  it('holds up nothing of another incident, and its own only for three tries', async () => {
    const { timers, applied, item, told, news } = drain(queue, isBad);
    await timers.advance(100);
    expect(applied()).toEqual(['before', 'elsewhere']);
    // It may be edited and given up: the server said that it did nothing of it, nor of what stood behind it.
    expect(item(1)).toMatchObject({ state: 'queued', attempts: 0, reason: 'It broke.' });
    expect(item(2)).toMatchObject({ state: 'queued', attempts: 0 });
    await timers.advance(5_000);
    expect(applied()).toEqual(['before', 'elsewhere']);
    await timers.advance(2_000);
    expect(applied()).toEqual(['before', 'elsewhere', 'incident.acknowledge']);
    expect(told).toEqual([`${sampleId('link', 1)} It broke.`]);
    expect(news).toHaveLength(3);
  });

  it('is tried again with longer and longer pauses, and goes when the server can', async () => {
    let broken = true;
    const { timers, applied, calls, item } = drain([note(one, 'bad')], () => broken);
    await timers.advance(3_600_000);
    expect(calls()).toBeLessThan(25);
    expect(item(0)).toMatchObject({ state: 'queued', reason: 'It broke.' });
    broken = false;
    await timers.advance(300_000);
    expect(applied()).toEqual(['bad']);
    expect(item(0)).toMatchObject({ state: 'applied', reason: null });
  });

  it('keeps the order where it is over soon', async () => {
    let tries = 0;
    const { timers, applied } = drain(queue, (action) => isBad(action) && (tries += 1) < 3);
    await timers.advance(10_000);
    expect(applied()).toEqual(['before', 'elsewhere', 'bad', 'incident.acknowledge']);
  });

  it('still holds up what builds on it and what changes the same thing', async () => {
    const actions = [acknowledge, { kind: 'incident.resolve', incidentId: one } as const, note(one, 'free')];
    const { timers, applied, discard } = drain([...actions, note(other, 'built on it')], (a) => a === acknowledge, {
      3: 0,
    });
    await timers.advance(60_000);
    expect(applied()).toEqual([]);
    discard(0);
    await timers.advance(300_000);
    expect(applied().toSorted()).toEqual(['built on it', 'free', 'incident.resolve']);
  });

  it('is left alone after the window was closed', async () => {
    const { timers, calls, sender } = drain([note(one, 'bad')], () => true);
    await timers.advance(100);
    sender.stop();
    await timers.advance(60_000);
    expect(calls()).toBe(1);
  });
});

describe('an action that never gets an answer, though the server is there', () => {
  /** The text of a note that something on the way does not let through. */
  const cutAt = (blocked: string | null, most = Number.POSITIVE_INFINITY) =>
    drain(
      [
        note(one, 'first'),
        note(one, blocked ?? 'second'),
        note(other, 'elsewhere'),
        acknowledge,
        ...Array.from({ length: 6 }, (_, n) => note(other, `more ${n}`)),
      ],
      () => false,
      {},
      (intents) => intents.length > most || intents.some(({ action }) => 'text' in action && action.text === blocked),
    );

  it('holds up what stands behind it in its incident for three tries, and nothing else for longer than it is found', async () => {
    const { timers, applied, item } = cutAt('; DROP TABLE');
    await timers.advance(8_000);
    expect(applied()).toEqual(expect.arrayContaining(['first', 'elsewhere', 'more 5']));
    await timers.advance(15_000);
    expect(applied()).toContain('incident.acknowledge');
    // It stays, to be sent again: nobody knows what became of it.
    expect(item(1)).toMatchObject({ state: 'queued', reason: null });
    expect(item(1)?.attempts).toBeGreaterThan(2);
    expect(applied()).not.toContain('; DROP TABLE');
  });

  it('goes at once when the network is back, however often it was lost before', async () => {
    let flaps = true;
    const { timers, applied, connect } = drain(
      [note(one, 'mine')],
      () => false,
      {},
      () => flaps,
    );
    for (let outage = 0; outage < 20; outage += 1) {
      await timers.advance(3_000);
      connect(false);
      await timers.advance(20_000);
      connect(true);
    }
    flaps = false;
    await timers.advance(2_000);
    expect(applied()).toEqual(['mine']);
  });

  it('is no single one where the call is too long for the line: fewer go at a time, and all arrive in order', async () => {
    const { timers, applied } = cutAt(null, 2);
    await timers.advance(20_000);
    const more = Array.from({ length: 6 }, (_, n) => `more ${n}`);
    expect(applied()).toEqual(['first', 'second', 'elsewhere', 'incident.acknowledge', ...more]);
  });
});
