// What happens to pages that stand when the world changes: people leave, numbers change, somebody silences or is silent.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import { createReplanHeld } from '#server/modules/notify/holding/do-not-disturb.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { testId } from '#server/testkit/incidents.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { accepted, createSendingScene, type SendingScene } from '#server/testkit/sending-scene.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
let sent: string[];
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 6 }));
  clock = createFakeClock(start);
  scene = createSendingScene({ database, clock, random: createSeededRandom(17, clock) });
  sent = [];
});
afterEach(() => drop());

const iso = (ms: number) => new Date(ms).toISOString();
const number = '+491511234567';
/** A channel that notes how and to whom it carried something. */
const phone = () =>
  scene.channel('twilio', (message) => {
    sent.push(`${message.contact!.kind} to ${message.recipient}: ${message.incidents.map((one) => one.number).join()}`);
    return accepted;
  });

async function runFor(sender: { runDue(): Promise<number> }, seconds: number): Promise<void> {
  for (let i = 0; i <= seconds; i += 1) {
    await sender.runDue();
    if (i < seconds) clock.advance(1_000);
  }
}

describe('a page that was planned', () => {
  const changes: [string, string, (userId: string) => Promise<unknown> | void][] = [
    [
      'the account was switched off',
      'account of this person was switched off',
      (id) => database.query('UPDATE user_account SET disabled = true WHERE id = $1', [id]),
    ],
    [
      'the number was taken away',
      'took this contact method away',
      (id) => void scene.profiles.get(id)!.methods.splice(0),
    ],
    ['the profile was deleted', 'took this contact method away', (id) => void scene.profiles.delete(id)],
    [
      'the number is switched off',
      'switched this contact method off',
      (id) => void (scene.profiles.get(id)!.methods[0]!.enabled = false),
    ],
    [
      'the number is another one',
      'changed this address',
      (id) => void (scene.profiles.get(id)!.methods[0]!.address = '+491510000000'),
    ],
    [
      'the number is no longer verified',
      'no longer verified',
      (id) => void scene.profiles.get(id)!.unverified.add(scene.profiles.get(id)!.methods[0]!.id),
    ],
  ];
  test.each(changes)(
    'does not go out when %s; the ledger says so, and the step is over',
    async (_what, why, change) => {
      const channelId = phone();
      const userId = await scene.person('Ada');
      const { ids } = await scene.page((await scene.incident()).id, { userId }, [
        { via: 'voice', channelId, address: number, after: 5_000 },
      ]);
      const sender = scene.sender();
      await runFor(sender, 2);
      await change(userId);
      await runFor(sender, 5);
      expect(sent).toEqual([]);
      expect(await scene.notification(ids[0]!)).toMatchObject({
        status: 'failed',
        lastError: expect.stringContaining(why),
      });
      expect((await scene.ledger('attempt')).map((entry) => entry.detail)).toEqual([expect.stringContaining(why)]);
      expect(scene.state.exhausted).toEqual([0]);
    },
  );

  test('brings the next way forward when the first one is gone', async () => {
    const channelId = phone();
    const userId = await scene.person('Ada');
    await scene.page((await scene.incident()).id, { userId }, [
      { via: 'sms', channelId, address: number },
      { via: 'voice', channelId, address: number, after: 300_000 },
    ]);
    scene.profiles.get(userId)!.methods[0]!.enabled = false;
    await runFor(scene.sender(), 1);
    expect(sent).toEqual(['voice to Ada: 1']);
  });

  test('with a number of two people, one of whom has left, goes to the other with what is theirs', async () => {
    const channelId = phone();
    const way = { via: 'sms' as const, channelId, address: number };
    const [ada, bob] = [await scene.person('Ada'), await scene.person('Bob')];
    const first = await scene.page((await scene.incident()).id, { userId: ada }, [way]);
    clock.advance(10);
    await scene.page((await scene.incident()).id, { userId: bob }, [way]);
    await scene.page((await scene.incident()).id, { userId: bob }, [way]);
    await database.query('UPDATE user_account SET disabled = true WHERE id = $1', [ada]);
    await runFor(scene.sender(), 2);
    expect(sent).toEqual(['sms to Bob: 2,3']);
    expect(await scene.notification(first.ids[0]!)).toMatchObject({ status: 'failed' });
  });

  test('through a channel that was switched off fails for good', async () => {
    const channelId = scene.channel('twilio', () => accepted, { enabled: false });
    const userId = await scene.person('Ada');
    const { ids } = await scene.page((await scene.incident()).id, { userId }, [
      { via: 'sms', channelId, address: number },
    ]);
    await scene.sender().runDue();
    expect(await scene.notification(ids[0]!)).toMatchObject({
      status: 'failed',
      lastError: expect.stringContaining('is switched off'),
    });
  });
});

test(
  'after a flood of others an important text goes at once and takes along what waits',
  { timeout: 60_000 },
  async () => {
    const channelId = phone();
    const userId = await scene.person('Ada');
    const way = { via: 'sms' as const, channelId, address: number };
    const sender = scene.sender();
    for (let i = 0; i < 5; i += 1) {
      await scene.page((await scene.incident()).id, { userId }, [way], { priority: 'default' });
      await runFor(sender, 1);
    }
    expect(sent).toEqual([1, 2, 3].map((n) => `sms to Ada: ${n}`));
    await scene.page((await scene.incident({ severity: 'sev1' })).id, { userId }, [way]);
    await sender.runDue();
    expect(sent.slice(3)).toEqual(['sms to Ada: 6,4,5']);
    await scene.page((await scene.incident()).id, { userId }, [way], { priority: 'default' });
    await runFor(sender, 2);
    expect(sent).toHaveLength(4);
  },
);

describe('do-not-disturb', () => {
  const until = start + 3_600_000;
  const held = async (name: string, incidentId: string) => {
    const userId = await scene.person(name);
    const channelId = phone();
    const { ids, pageId } = await scene.page(
      incidentId,
      { userId },
      [
        { via: 'sms', channelId, address: `${number}${name.length}`, after: 3_600_000 },
        { via: 'voice', channelId, address: `${number}${name.length}`, after: 3_900_000 },
      ],
      { priority: 'default' },
    );
    scene.profiles.get(userId)!.doNotDisturb = { until: iso(until), importantPass: true };
    return { userId, ids, pageId };
  };
  const save = async (userId: string, doNotDisturb: { until: string; importantPass: boolean } | null) => {
    const before = scene.profile(userId);
    scene.profiles.get(userId)!.doNotDisturb = doNotDisturb;
    const after = scene.profile(userId);
    const replanHeld = createReplanHeld({ newTrace: scene.newTrace, ledger: ledgerStore });
    await database.withTransaction((tx) => replanHeld(tx, iso(clock.now()), { before, after, config: scene.config }));
  };

  test('ended early gives back what it held, with the delays of the rules', async () => {
    const { userId, ids } = await held('Ada', (await scene.incident()).id);
    const sender = scene.sender();
    await runFor(sender, 2);
    expect(sent).toEqual([]);
    clock.advance(600_000);
    await save(userId, null);
    await runFor(sender, 1);
    expect(sent).toEqual(['sms to Ada: 1']);
    const call = await scene.notification(ids[1]!);
    expect(call).toMatchObject({ status: 'pending', dueAt: iso(start + 602_000 + 300_000), plannedAt: call.dueAt });
    expect(await scene.ledger('trigger')).toMatchObject([
      { title: 'Do-not-disturb was ended: what it held goes out now', detail: `it was held until ${iso(until)}` },
    ]);
  });

  test('made longer holds it longer', async () => {
    const { userId, ids } = await held('Ada', (await scene.incident()).id);
    await save(userId, { until: iso(until + 60_000), importantPass: true });
    expect(await scene.notification(ids[0]!)).toMatchObject({ dueAt: iso(until + 60_000) });
    const [entry] = await scene.ledger('trigger');
    expect(entry).toMatchObject({ title: `Do-not-disturb was changed: it is held until ${iso(until + 60_000)}` });
    const [about] = await database.query('SELECT page_id, user_id FROM ledger');
    expect(about).toEqual({ page_id: expect.any(String), user_id: userId });
  });

  test('of everybody in a step makes the next one due; not when somebody else is paged, nor past the last step', async () => {
    const escalation = (id: string, step: number, loop: number) =>
      database.query(
        `INSERT INTO escalation (id, version, run, status, reason, priority, step, step_count, loop, next_at, acknowledgements_needed, seen, changed)
         VALUES ($1, 1, 1, 'waiting', '', 'default', $2, 2, $3, $4, 1, '{}', false)`,
        [id, step, loop, iso(start + 300_000)],
      );
    const alone = await scene.incident();
    await held('Ada', alone.id);
    await held('Grace', alone.id);
    await escalation(alone.id, 1, 0);
    // Somebody else is paged too.
    const shared = await scene.incident();
    await held('Barbara', shared.id);
    await scene.page(shared.id, { channelId: scene.channel('slack', () => accepted) }, [{ via: 'slack' }], {
      priority: 'default',
    });
    await escalation(shared.id, 1, 0);
    // The last step of a round.
    const last = await scene.incident();
    await held('Katherine', last.id);
    await escalation(last.id, 0, 1);
    const stepped: string[] = [];
    const sender = scene.sender({
      stepHeld: async (_tx, _at, step) => {
        stepped.push(step.incidentId);
        return true;
      },
    });
    await sender.runDue();
    expect(stepped).toEqual([alone.id]);
    const [entry] = await scene.ledger('trigger');
    expect(entry?.title).toBe('Do-not-disturb holds everybody of step 1');
  });
});

describe('a silence', () => {
  const silenceId = testId(900);
  /** Begins now, and covers these alerts of the incident. */
  async function silence(incidentId: string, titles: readonly string[]): Promise<void> {
    await database.query(
      `INSERT INTO silence (id, kind, matcher, starts_at, ends_at, reason, created_at, started)
       VALUES ($1, 'silence', 'true', $2, $3, 'export', $2, true) ON CONFLICT DO NOTHING`,
      [silenceId, iso(clock.now()), iso(clock.now() + 3_600_000)],
    );
    await database.query('UPDATE alert SET suppressed_by = $1 WHERE incident_id = $2 AND title = ANY($3)', [
      silenceId,
      incidentId,
      titles,
    ]);
  }
  const alert = (n: number, incidentId: string, title: string) =>
    database.query(
      `INSERT INTO alert (id, integration_id, dedup_key, fingerprint, status, severity, source, title, labels, annotations,
         count, first_seen_at, last_seen_at, incident_id)
       VALUES ($1, $2, $3, $3, 'firing', 'sev2', 'test', $4, '{}', '{}', 1, $5, $5, $6)`,
      [testId(910 + n), testId(901), `key-${n}`, title, iso(start), incidentId],
    );

  test('of every firing alert holds the call that was planned before; when it is over, the call goes', async () => {
    const channelId = phone();
    const incident = await scene.incident();
    for (const [n, title] of ['a', 'b'].entries()) await alert(n, incident.id, title);
    const userId = await scene.person('Ada');
    const { ids } = await scene.page(incident.id, { userId }, [
      { via: 'sms', channelId, address: number },
      { via: 'voice', channelId, address: number, after: 10_000 },
    ]);
    const sender = scene.sender();
    await runFor(sender, 2);
    await silence(incident.id, ['a', 'b']);
    await runFor(sender, 20);
    expect(sent).toEqual(['sms to Ada: 1']);
    expect(await scene.notification(ids[1]!)).toMatchObject({
      status: 'pending',
      attempts: 0,
      lastError: expect.stringContaining('silenced'),
    });
    // Written down once, however long it lasts.
    const told = (await scene.ledger('attempt')).filter((entry) => entry.title.includes('held by a silence'));
    expect(told).toHaveLength(1);
    await database.query('UPDATE alert SET suppressed_by = NULL');
    await runFor(sender, 6);
    expect(sent).toEqual(['sms to Ada: 1', 'voice to Ada: 1']);
  });

  test('of some alerts holds nothing, and none holds who was paged by hand while it was on', async () => {
    const channelId = phone();
    const userId = await scene.person('Ada');
    const partly = await scene.incident();
    for (const [n, title] of ['a', 'b'].entries()) await alert(n, partly.id, title);
    await scene.page(partly.id, { userId }, [{ via: 'sms', channelId, address: number, after: 1_000 }]);
    await silence(partly.id, ['a']);
    const sender = scene.sender();
    await runFor(sender, 2);
    expect(sent).toEqual(['sms to Ada: 1']);
    await silence(partly.id, ['a', 'b']);
    clock.advance(1_000);
    await scene.page(partly.id, { userId }, [{ via: 'voice', channelId, address: number }]);
    await runFor(sender, 1);
    expect(sent).toEqual(['sms to Ada: 1', 'voice to Ada: 1']);
  });
});
