// What never leaves this machine: attempts that need the server, and incidents that nobody has been told of.
import { describe, expect, it } from 'vitest';
import { thisCenter } from '#server/contract/client.ts';
import type { ActionOf, Intent } from '#server/contract/intent.ts';
import { createFakeTimers } from '../../testkit/fake-timers.ts';
import { sampleId } from '../../testkit/sample-ids.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { createMemoryStorage } from '../storage/memory-storage.ts';
import { createReplica } from '../replica.ts';

const serverNow = '2026-11-21T14:00:00.000Z';
const incidentId = sampleId('incident', 1);
const escalate = { kind: 'escalation.escalate', incidentId, target: null } as const;
const declare: ActionOf<'incident.declare'> = {
  kind: 'incident.declare',
  incidentId: sampleId('incident', 2),
  title: 'Checkout fails',
  severity: 'sev1',
  impact: null,
  alertIds: [],
  restrictedTo: null,
};

function setUp(storage = createMemoryStorage()) {
  const timers = createFakeTimers(Date.parse(serverNow));
  const sent: Intent[] = [];
  let online = false;
  let ids = 0;
  const replica = createReplica({
    storage,
    me: { id: sampleId('user', 1), name: 'Priya Raman' },
    uuid: () => sampleId('link', (ids += 1)),
    now: timers.now,
    after: timers.after,
    random: () => 0.5,
    onServerTime: () => undefined,
    news: () => undefined,
    handshake: async () => ({ ...thisCenter('0.1.0'), name: '', serverNow }),
    send: async (intents) => {
      sent.push(...intents);
      return {
        kind: 'results',
        results: intents.map(({ id }) => ({ outcome: 'applied' as const, id, version: null })),
      };
    },
    transport: {
      async snapshotPage() {
        if (!online) throw new Error('no network');
        const row = sampleIncident(incidentId);
        const changes = [{ op: 'put', entity: 'incident', id: row.id, version: row.version, body: row }];
        return { position: '1.0', serverNow, changes, next: null };
      },
      open: (position, { message }) => {
        const now = new Date(timers.now()).toISOString();
        timers.after(1, () => message({ previous: position, position, serverNow: now, changes: [], reset: null }));
        return () => undefined;
      },
    },
  });
  return {
    timers,
    sent,
    replica,
    storage,
    states: () => replica.outbox.items().map(({ state }) => state),
    async comeBack() {
      online = true;
      replica.stream.kick();
      await timers.advance(1_000);
    },
  };
}

describe('an attempt that needs the server', () => {
  it('is refused with its reason, kept over a restart, and never sent by itself', async () => {
    const first = setUp();
    await first.replica.start();
    await first.timers.advance(100);
    const answer = await first.replica.outbox.submit(escalate);
    expect(answer).toEqual({ ok: false, reason: 'only the server can page; nobody has been told' });
    first.replica.stop();

    const again = setUp(first.storage);
    await again.replica.start();
    expect(again.replica.outbox.items()).toMatchObject([
      { state: 'refused', reason: 'only the server can page; nobody has been told', intent: { action: escalate } },
    ]);
    await again.comeBack();
    await again.timers.advance(400_000);
    expect(again.sent).toEqual([]);
    expect(again.states()).toEqual(['refused']);
  });

  it('is one attempt however often it was tried, and is taken as one of now when a person asks for it', async () => {
    const { replica, timers, sent, states, comeBack } = setUp();
    await replica.start();
    await timers.advance(100);
    await replica.outbox.submit(escalate);
    await timers.advance(60_000);
    await replica.outbox.submit(escalate);
    expect(states()).toEqual(['refused']);
    const refused = replica.outbox.items()[0]?.intent;
    expect(await replica.outbox.actNow(refused?.id ?? '')).toMatchObject({ ok: false });
    await timers.advance(3_600_000);
    await comeBack();
    expect(await replica.outbox.actNow(refused?.id ?? '')).toMatchObject({ ok: true });
    await timers.advance(1_000);
    expect(sent.map(({ action }) => action)).toEqual([escalate]);
    expect(sent[0]?.id).not.toBe(refused?.id);
    expect(Date.parse(sent[0]?.at ?? '')).toBeGreaterThan(Date.parse(refused?.at ?? '') + 3_000_000);
  });
});

describe('an incident that cannot be declared', () => {
  it('is a draft that is no incident, of which nobody is told until a person declares it', async () => {
    const { replica, timers, sent, states, comeBack } = setUp();
    await replica.start();
    await timers.advance(100);
    await replica.outbox.draft(declare);
    const [draft] = replica.outbox.items();
    await replica.outbox.draft({ ...declare, title: 'Checkout fails for cards' }, draft?.intent.id);
    expect(replica.outbox.items()).toMatchObject([
      { state: 'draft', intent: { action: { title: 'Checkout fails for cards' } } },
    ]);
    expect(replica.view.visible('incident', declare.incidentId)).toBeUndefined();
    await comeBack();
    await timers.advance(400_000);
    expect([sent, states()]).toEqual([[], ['draft']]);
    await replica.outbox.actNow(draft?.intent.id ?? '');
    await timers.advance(1_000);
    expect(sent.map(({ action }) => action)).toEqual([{ ...declare, title: 'Checkout fails for cards' }]);
  });
});
