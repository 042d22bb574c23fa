// A cause begins to page while its symptom's later ways are planned: a real PostgreSQL, the product's own decisions.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertStore } from '#server/modules/alerts/store.ts';
import { openIncidentsNow, pagingFacts } from '#server/modules/escalation/facts-store.ts';
import { createInhibitedNow } from '#server/modules/escalation/inhibited-now.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import { createPagingConfig } from '#server/modules/config/paging-config.ts';
import { replay } from '#server/modules/ledger/replay.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { causesOf, hasInhibitions } from '#server/modules/routing/inhibit.ts';
import type { Database } from '#server/database/pool.ts';
import { decisions } from '#server/paging/decisions.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { anAlert } from '#server/testkit/incidents.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { accepted, createSendingScene, type SendingScene } from '#server/testkit/sending-scene.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
let sent: string[];
/** How often every open incident was read. */
let looks = 0;
let phones = 100;
let random: ReturnType<typeof createSeededRandom>;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 6 }));
  clock = createFakeClock(start);
  random = createSeededRandom(23, clock);
  scene = createSendingScene({ database, clock, random });
  sent = [];
  looks = 0;
});
afterEach(() => drop());

const at = () => new Date(clock.now()).toISOString();
const inhibition = (n: number, cause: string, symptom: string) =>
  ({
    $document: `inhibition/${n}@1`,
    kind: 'inhibition',
    id: `00000000-0000-7000-8000-00000000000${n}`,
    version: 1,
    draft: {
      name: `${cause} first`,
      enabled: true,
      cause: `alert.service == "${cause}"`,
      symptom: `alert.service == "${symptom}"`,
      equal: [],
    },
    state: {},
  }) as unknown as StoredDocument;

function senderWith(rules: StoredDocument[]) {
  const config = createPagingConfig(1, rules);
  const inhibited = createInhibitedNow({
    config: { current: () => Promise.resolve(config) },
    facts: pagingFacts,
    openIncidents(tx) {
      looks += 1;
      return openIncidentsNow(tx);
    },
    hasInhibitions,
    causesOf,
  });
  return { sender: scene.sender({ inhibited }), rules: config.list('inhibition') };
}

async function incidentOf(service: string) {
  const incident = await scene.incident({ services: [service], alertCount: 1, firingAlertCount: 1 });
  const alert = anAlert({ id: random.uuid(), dedupKey: incident.id, incidentId: incident.id, service });
  await database.withTransaction((tx) => alertStore.save(tx, at(), [alert]));
  return incident;
}

/** The first way at once, a text after two minutes. */
async function pageOf(incidentId: string, name: string) {
  const channelId = scene.channel('twilio', (message) => {
    sent.push(`${message.contact!.kind} to ${message.recipient}`);
    return accepted;
  });
  const address = `+4915${(phones += 1)}`;
  return scene.page(incidentId, { userId: await scene.person(name) }, [
    { via: 'voice', channelId, address },
    { via: 'sms', channelId, address, after: 120_000 },
  ]);
}
async function runFor(sender: { runDue(): Promise<number> }, seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i += 1) {
    await sender.runDue();
    clock.advance(1_000);
  }
}

test('what was planned is held while the cause is open, with one reason, and goes out when that is over', async () => {
  const { sender, rules } = senderWith([inhibition(1, 'net', 'payments')]);
  const symptom = await incidentOf('payments');
  const { ids } = await pageOf(symptom.id, 'Ada');
  await runFor(sender, 2);
  expect(sent).toEqual(['voice to Ada']);
  expect(looks).toBe(0);
  const cause = await incidentOf('net');
  clock.advance(118_000);
  await runFor(sender, 8);
  expect(sent).toEqual(['voice to Ada']);
  const note = `“net first” holds it while INC-${cause.number} is open; this goes out when that is over.`;
  expect(await scene.notification(ids[1]!)).toMatchObject({ status: 'pending', lastError: note, attempts: 0 });
  expect(await scene.ledger('hold')).toMatchObject([{ title: 'An inhibition holds what was planned' }]);
  const entries = await database.query<never>(`SELECT sequence, kind, input, output FROM ledger WHERE kind = 'hold'`);
  const lists = () => Promise.resolve(new Map([[rules.$documents, rules]]));
  const again = await replay(entries, decisions as never, { documents: () => Promise.resolve(new Map()), lists });
  expect(again).toMatchObject({ same: 1, different: [], missing: [] });

  await database.withTransaction((tx) =>
    incidentStore.save(tx, at(), [{ ...cause, version: 2, status: 'resolved', resolvedAt: at() }]),
  );
  await runFor(sender, 6);
  expect(sent).toEqual(['voice to Ada', 'sms to Ada']);
});

test('not what was asked for by hand, nor what another symptom has', async () => {
  const { sender } = senderWith([inhibition(1, 'net', 'payments')]);
  const symptom = await incidentOf('payments');
  await pageOf(symptom.id, 'Ada');
  const trace = scene.newTrace(symptom.id, at());
  trace.observe('forced', {}, { title: 'Bo escalated', detail: '' });
  await database.withTransaction((tx) => ledgerStore.append(tx, trace.entries));
  await pageOf((await incidentOf('search')).id, 'Bob');
  await incidentOf('net');
  clock.advance(120_000);
  await runFor(sender, 3);
  expect(sent.toSorted()).toEqual(['sms to Ada', 'sms to Bob', 'voice to Ada', 'voice to Bob']);
});

test('in a circle nobody holds anybody: of runs that are over none would be looked at again', async () => {
  const circle = [inhibition(1, 'net', 'payments'), inhibition(2, 'payments', 'dns'), inhibition(3, 'dns', 'net')];
  const { sender } = senderWith(circle);
  for (const service of ['net', 'payments', 'dns']) await pageOf((await incidentOf(service)).id, service);
  clock.advance(120_000);
  await runFor(sender, 3);
  expect(sent.filter((one) => one.startsWith('sms'))).toHaveLength(3);
});
