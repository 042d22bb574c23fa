import { beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import type { DraftOf } from '#server/contract/config.ts';
import { type ConfigChangeDeps, createConfigChanges } from '#server/modules/config/changes.ts';
import { createFindingsRefresh } from '#server/modules/config/findings.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { type ConfigWorld, createConfigWorld } from '#server/testkit/config.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase();
const clock = createFakeClock(Date.parse('2026-11-21T20:00:00.000Z'));
const random = createSeededRandom(7, clock);
let world: ConfigWorld;
let ada: Actor, bob: Actor, boss: Actor, admin: Actor;
let warn = true;
let held: string | null = null;

beforeAll(async () => {
  world = await createConfigWorld({
    database,
    clock,
    random,
    heldBy: (_kind, id) => (id === held ? 'It is the fallback.' : null),
    checks: {
      policy: (draft) =>
        draft.steps.some((step) => step.targets.some((target) => target.type !== 'channel'))
          ? []
          : [{ level: 'error', code: 'nobody', text: 'It can page nobody.', from: null, to: null }],
      schedule: () => (warn ? [{ level: 'warning', code: 'gap', text: 'A gap.', from: null, to: null }] : []),
    },
  });
  ada = await world.person('ada', 'responder');
  bob = await world.person('bob', 'responder');
  boss = await world.person('boss', 'manager');
  admin = await world.person('root', 'admin');
});

const schedule = (name: string): DraftOf<'schedule'> => ({
  name,
  description: '',
  teamId: null,
  timeZone: 'Europe/Berlin',
  layers: [],
});
const policy = (name: string, targets: DraftOf<'policy'>['steps'][number]['targets']): DraftOf<'policy'> => ({
  name,
  description: '',
  teamId: null,
  steps: [
    {
      id: random.uuid(),
      targets,
      roundRobin: false,
      delayMinutes: 5,
      when: { severities: [], hours: 'any' },
      priority: 'by-route',
    },
  ],
  repeat: 0,
  acknowledgementsNeeded: 1,
  pageAgain: 'severity-rises',
  workingHours: null,
});
const route = (name: string, policyId: string | null = null): DraftOf<'route'> => ({
  name,
  enabled: true,
  condition: 'alert.severity == "sev1"',
  policyId,
  priority: 'by-severity',
  channelIds: [],
  service: '',
  holdSeconds: 0,
});

describe('saving', () => {
  test('a warning is saved with the document; an error refuses it with its words', async () => {
    const id = random.uuid();
    const saved = await world.save({ kind: 'schedule', draft: schedule('primary') }, { id, actor: boss });
    expect(saved.outcome).toBe('applied');
    expect((await world.current()).get('schedule', id)?.findings.map((finding) => finding.code)).toEqual(['gap']);
    const empty = await world.save(
      { kind: 'policy', draft: policy('p0', []) as never },
      { id: random.uuid(), actor: boss },
    );
    expect(empty).toMatchObject({ outcome: 'rejected', code: 'invalid', reason: 'It can page nobody.' });
    const gone = await world.save(
      { kind: 'policy', draft: policy('p1', [{ type: 'schedule', id: random.uuid() }]) },
      { id: random.uuid(), actor: boss },
    );
    expect(gone).toMatchObject({
      outcome: 'rejected',
      reason: expect.stringContaining('schedule that does not exist'),
    });
  });

  test('the same again is a no-op; a name that is taken is refused; an older copy conflicts', async () => {
    const id = random.uuid();
    const first = await world.save({ kind: 'schedule', draft: schedule('twice') }, { id, actor: boss });
    expect((await world.save({ kind: 'schedule', draft: schedule('twice') }, { id, actor: boss })).outcome).toBe(
      'noop',
    );
    const taken = await world.save({ kind: 'schedule', draft: schedule('twice') }, { id: random.uuid(), actor: boss });
    expect(taken).toMatchObject({ outcome: 'rejected', reason: expect.stringContaining('named twice') });
    const edited = { ...schedule('twice'), description: 'a' };
    expect((await world.save({ kind: 'schedule', draft: edited }, { id, actor: boss, baseVersion: 1 })).outcome).toBe(
      'applied',
    );
    const late = await world.save(
      { kind: 'schedule', draft: { ...edited, description: 'b' } },
      { id, actor: boss, baseVersion: 1 },
    );
    expect(first).toMatchObject({ version: 1 });
    expect(late).toMatchObject({ outcome: 'conflict', entity: 'schedule', current: { version: 2, description: 'a' } });
  });

  test('who may write what', async () => {
    const on = random.uuid();
    await world.save({ kind: 'schedule', draft: schedule('rights') }, { id: on, actor: boss });
    const span = { startsAt: '2026-12-01T00:00:00.000Z', endsAt: '2026-12-02T00:00:00.000Z', reason: '' };
    const outcome = async (document: Parameters<ConfigWorld['save']>[0], actor: Actor, id = random.uuid()) =>
      (await world.save(document, { id, actor })).outcome;
    const off = (userId: string) => ({ kind: 'timeOff', draft: { userId, ...span } }) as const;
    expect(await outcome(off(ada.userId), ada)).toBe('applied');
    expect(await outcome(off(bob.userId), ada)).toBe('rejected');
    expect(await outcome(off(bob.userId), boss)).toBe('applied');
    const takes = { kind: 'override', draft: { mode: 'add', scheduleId: on, ...span, userId: ada.userId } } as const;
    expect(await outcome(takes, ada)).toBe('applied');
    expect(await outcome(takes, bob)).toBe('rejected');
    const change = (draft: object) =>
      ({ kind: 'override', draft: { scheduleId: on, ...span, ...draft } }) as Parameters<ConfigWorld['save']>[0];
    // He may take a shift and give one of his own; what is between two others is not his to say.
    const replaces = (userId: string, replacedUserId: string | null) =>
      change({ mode: 'replace', userId, replacedUserId });
    expect(await outcome(replaces(ada.userId, bob.userId), ada)).toBe('applied');
    expect(await outcome(replaces(ada.userId, null), ada)).toBe('applied');
    expect(await outcome(replaces(bob.userId, ada.userId), ada)).toBe('applied');
    expect(await outcome(replaces(bob.userId, boss.userId), ada)).toBe('rejected');
    expect(await outcome(replaces(bob.userId, null), ada)).toBe('rejected');
    expect(await outcome(change({ mode: 'remove', userId: ada.userId }), ada)).toBe('applied');
    expect(await outcome(change({ mode: 'remove', userId: bob.userId }), ada)).toBe('rejected');
    const shifts = [{ userId: ada.userId, startsAt: span.startsAt, endsAt: span.endsAt }];
    expect(await outcome(change({ mode: 'temporary', shifts }), ada)).toBe('rejected');
    // Nor by way of one that is his: an override of another cannot be turned into his, nor his into another's.
    const mine = random.uuid();
    expect(await outcome(replaces(ada.userId, null), ada, mine)).toBe('applied');
    expect(await outcome(replaces(bob.userId, null), bob, mine)).toBe('rejected');
    expect(await outcome(replaces(bob.userId, null), ada, mine)).toBe('rejected');
    expect(await outcome({ kind: 'schedule', draft: schedule('no') }, ada)).toBe('rejected');
    const channel = {
      kind: 'channel',
      draft: { name: 'hook', kind: 'webhook', enabled: true, settings: {}, secrets: {} },
    } as const;
    expect(await outcome(channel, boss)).toBe('rejected');
    expect(await outcome(channel, admin)).toBe('applied');
    const accepted = {
      kind: 'swap',
      draft: {
        scheduleId: on,
        fromUserId: ada.userId,
        toUserId: bob.userId,
        give: { startsAt: span.startsAt, endsAt: span.endsAt },
        takeBack: null,
        reason: '',
        status: 'accepted',
        answeredAt: null,
      },
    } as const;
    expect(await outcome(accepted, ada)).toBe('rejected');
    // Nobody answers a swap by saving it: not who asks, not who is asked, not whoever may write all of them; neither as a
    // new one, nor over one that was asked, nor by undoing an answer.
    const asked = { ...accepted, draft: { ...accepted.draft, status: 'asked' } } as const;
    const swapId = random.uuid();
    expect(await outcome(asked, ada, swapId)).toBe('applied');
    const answers = ['accepted', 'declined'].map((status) => ({
      kind: 'swap',
      draft: { ...accepted.draft, status, answeredAt: '2026-11-21T20:00:00.000Z' },
    })) as Parameters<ConfigWorld['save']>[0][];
    for (const answer of [accepted, ...answers]) {
      for (const actor of [ada, bob, boss, admin]) {
        expect(await outcome(answer, actor, swapId)).toBe('rejected');
        expect(await outcome(answer, actor)).toBe('rejected');
      }
    }
    expect((await world.current()).get('swap', swapId)?.draft.status).toBe('asked');
    await database.query(
      `UPDATE config_document SET body = body || '{"status":"accepted","answeredAt":"2026-11-21T20:00:00.000Z"}'
       WHERE kind = 'swap' AND id = $1`,
      [swapId],
    );
    await database.query('UPDATE config_revision SET revision = revision + 1');
    for (const draft of [
      { ...accepted.draft, status: 'accepted', answeredAt: '2026-11-21T21:00:00.000Z' },
      { ...accepted.draft, status: 'declined', answeredAt: '2026-11-21T20:00:00.000Z' },
    ] as const) {
      for (const actor of [ada, bob, boss, admin])
        expect(await outcome({ kind: 'swap', draft }, actor, swapId)).toBe('rejected');
    }
    // His own time off cannot be turned into another's.
    const id = random.uuid();
    expect(await outcome(off(ada.userId), ada, id)).toBe('applied');
    expect(await outcome(off(bob.userId), bob, id)).toBe('rejected');
  });

  test("a channel's secrets are sealed, and never stand in a document, its history or the feed", async () => {
    const id = random.uuid();
    const draft = (secrets: Record<string, string | null>): DraftOf<'channel'> => ({
      name: 'chat',
      kind: 'slack',
      enabled: true,
      settings: { workspace: 'x' },
      secrets,
    });
    await world.save(
      { kind: 'channel', draft: draft({ token: 'canary-4711', signing: 'canary-4712' }) },
      { id, actor: admin },
    );
    expect(world.secrets.get(`channel/${id}`)).toEqual({ token: 'canary-4711', signing: 'canary-4712' });
    expect((await world.current()).get('channel', id)?.state.secretNames).toEqual(['signing', 'token']);
    await world.save({ kind: 'channel', draft: draft({ signing: null }) }, { id, actor: admin });
    expect((await world.current()).get('channel', id)?.state.secretNames).toEqual(['token']);
    expect(world.secrets.get(`channel/${id}`)).toEqual({ token: 'canary-4711' });
    for (const table of ['config_document', 'config_version', 'feed']) {
      const rows = await database.query(`SELECT FROM ${table} t WHERE t::text LIKE '%canary%'`);
      expect({ table, found: rows.length }).toEqual({ table, found: 0 });
    }
  });
});

describe('deleting', () => {
  test('what something refers to stays, and it is said what refers to it', async () => {
    const [on, by, way] = [random.uuid(), random.uuid(), random.uuid()];
    await world.save({ kind: 'schedule', draft: schedule('used') }, { id: on, actor: boss });
    await world.save(
      { kind: 'policy', draft: policy('payments', [{ type: 'schedule', id: on }]) },
      { id: by, actor: boss },
    );
    await world.save({ kind: 'route', draft: route('pay', by) }, { id: way, actor: boss });
    expect(await world.remove('schedule', on, boss)).toMatchObject({
      outcome: 'rejected',
      reason: 'used is still used by the policy payments. Take it out there first.',
    });
    expect(await world.remove('policy', by, boss)).toMatchObject({
      reason: 'payments is still used by the route pay. Take it out there first.',
    });
    for (const [kind, id] of [
      ['route', way],
      ['policy', by],
      ['schedule', on],
    ] as const) {
      expect((await world.remove(kind, id, boss)).outcome).toBe('applied');
    }
    expect((await world.remove('schedule', on, boss)).outcome).toBe('noop');
  });

  test('a channel that the settings name stays, and stays on, however it is asked', async () => {
    const id = random.uuid();
    const draft = (enabled: boolean) =>
      ({ name: 'last resort', kind: 'webhook', enabled, settings: {}, secrets: {} }) as const;
    await world.save({ kind: 'channel', draft: draft(true) }, { id, actor: admin });
    held = id;
    expect(await world.remove('channel', id, admin)).toMatchObject({
      outcome: 'rejected',
      reason: 'It is the fallback.',
    });
    expect(await world.save({ kind: 'channel', draft: draft(false) }, { id, actor: admin })).toMatchObject({
      outcome: 'rejected',
      reason: 'It is the fallback.',
    });
    const plan = await world.service.plan(admin, { yaml: 'channels: {}\n', prune: true, secrets: {} });
    expect(plan.errors.map(({ reason }) => reason)).toContain('It is the fallback.');
    held = null;
    expect((await world.remove('channel', id, admin)).outcome).toBe('applied');
  });

  test('what was prepared with an error is not written, whoever forgets to look', async () => {
    const changes = createConfigChanges(world as unknown as ConfigChangeDeps);
    const id = random.uuid();
    const broken = { kind: 'policy', id, draft: policy('broken', [{ type: 'schedule', id: random.uuid() }]) } as const;
    const writing = database.withTransaction(async (tx) => {
      const given = { config: await world.current(), people: await world.readPeople(tx), at: '', by: boss.userId };
      const prepared = await changes.prepare({ ...given, origin: 'ui' }, [broken]);
      await changes.write(tx, '2026-11-21T20:00:00.000Z', boss.userId, prepared);
    });
    await expect(writing).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('does not exist'),
    });
    expect((await world.current()).get('policy', id)).toBeNull();
  });

  test('a schedule takes its overrides along; the catch-all stays', async () => {
    const [on, change] = [random.uuid(), random.uuid()];
    await world.save({ kind: 'schedule', draft: schedule('short') }, { id: on, actor: boss });
    const span = { startsAt: '2026-12-01T00:00:00.000Z', endsAt: '2026-12-02T00:00:00.000Z', reason: '' };
    const draft = { mode: 'add', scheduleId: on, ...span, userId: ada.userId } as const;
    await world.save({ kind: 'override', draft }, { id: change, actor: boss });
    expect((await world.remove('schedule', on, boss)).outcome).toBe('applied');
    expect((await world.current()).get('override', change)).toBeNull();
    const builtIn = (await world.current()).list('route').items.find((item) => item.state.builtIn);
    expect(builtIn?.findings.map((finding) => finding.code)).toEqual(['catch-all-pages-nobody']);
    expect(await world.remove('route', builtIn?.id ?? '', boss)).toMatchObject({ outcome: 'rejected' });
    const narrowed = { ...route('x'), condition: 'false' };
    expect(await world.save({ kind: 'route', draft: narrowed }, { id: builtIn?.id ?? '', actor: boss })).toMatchObject({
      outcome: 'rejected',
    });
  });
});

test('routes are tried in their order, new ones last but one, and the order names every one', async () => {
  const ids = [random.uuid(), random.uuid(), random.uuid()];
  for (const [i, id] of ids.entries()) await world.save({ kind: 'route', draft: route(`r${i}`) }, { id, actor: boss });
  const names = async () => (await world.current()).list('route').items.map((item) => item.draft.name);
  expect(await names()).toEqual(['r0', 'r1', 'r2', 'Everything else']);
  const [a = '', b = '', c = ''] = ids;
  expect((await world.order([c, a, b])).outcome).toBe('applied');
  expect(await names()).toEqual(['r2', 'r0', 'r1', 'Everything else']);
  expect((await world.order([c, a, b])).outcome).toBe('noop');
  expect((await world.order([c, a])).outcome).toBe('conflict');
  const positions = (await world.current()).list('route').items.map((item) => item.state.position);
  expect(positions).toEqual([0, 1, 2, 3]);
});

test('findings are looked at again when what they hang on changed', async () => {
  const refresh = createFindingsRefresh({
    ...world,
    database,
    clock: createSystemClock(),
    logger: createMemoryLogger(),
  });
  const id = random.uuid();
  await world.save({ kind: 'schedule', draft: schedule('refreshed') }, { id, actor: boss });
  const before = (await world.service.findings()).find((item) => item.id === id);
  expect(before?.findings.map((finding) => finding.code)).toEqual(['gap']);
  warn = false;
  expect(await refresh.refresh(['schedule'])).toBeGreaterThan(0);
  expect(await refresh.refresh(['schedule'])).toBe(0);
  warn = true;
  expect((await world.service.findings()).some((item) => item.id === id)).toBe(false);
  const history = await world.service.history(boss, 'schedule', id, null, 10);
  expect(history).toHaveLength(1);
  expect(history[0]).toMatchObject({ version: 1, byName: 'boss', deleted: false });
});

describe('a document that this version cannot read', () => {
  const broken = (kind: string, id: string, body: object) =>
    database.query('UPDATE config_document SET body = $3 WHERE kind = $1 AND id = $2', [
      kind,
      id,
      JSON.stringify(body),
    ]);

  test('is listed with its reason, shown as text without secrets, and deleted by an administrator', async () => {
    const [id, part] = [random.uuid(), random.uuid()];
    await world.save({ kind: 'schedule', draft: schedule('lost') }, { id, actor: boss });
    const override: DraftOf<'override'> = {
      scheduleId: id,
      mode: 'add',
      userId: ada.userId,
      startsAt: '2026-12-01T00:00:00.000Z',
      endsAt: '2026-12-02T00:00:00.000Z',
      note: '',
    } as never;
    expect((await world.save({ kind: 'override', draft: override }, { id: part, actor: boss })).outcome).toBe(
      'applied',
    );
    const body = { name: 'lost', layers: 'none', apiKey: 'k1', deep: [{ token: { value: 't1' } }] };
    await broken('schedule', id, { ...body, feed: 'https://ann:p1@example.org/x?key=q1' });
    await world.save({ kind: 'schedule', draft: schedule('another') }, { id: random.uuid(), actor: boss });
    const found = (await world.service.unreadable()).find((one) => one.id === id);
    expect(found).toMatchObject({ kind: 'schedule', name: 'lost', why: expect.stringContaining('timeZone') });
    const text = await world.service.unreadableText('schedule', id);
    expect(text).toContain('layers: none');
    for (const secret of ['k1', 't1', 'p1', 'q1']) expect(text).not.toContain(secret);
    expect(await world.remove('schedule', id, boss)).toMatchObject({ outcome: 'rejected', code: 'forbidden' });
    expect(await world.remove('schedule', id, admin)).toMatchObject({ outcome: 'applied' });
    expect(await world.service.unreadableText('schedule', id)).toBeNull();
    expect((await world.service.unreadable()).some((one) => one.id === id)).toBe(false);
    expect((await world.current()).get('override', part)).toBeNull();
    const [feed] = await database.query<{ op: string }>(
      `SELECT op FROM feed WHERE entity = 'schedule' AND id = $1 ORDER BY xid DESC, seq DESC LIMIT 1`,
      [id],
    );
    expect(feed?.op).toBe('delete');
    expect(await world.remove('schedule', id, admin)).toMatchObject({ outcome: 'noop' });
  });

  test('takes its secrets along, and stays while something needs it', async () => {
    const id = random.uuid();
    const channel: DraftOf<'channel'> = {
      name: 'gone',
      kind: 'webhook',
      enabled: true,
      settings: { url: 'https://example.org' },
      secrets: { signingSecret: 'whsec_x' },
    };
    expect((await world.save({ kind: 'channel', draft: channel }, { id, actor: admin })).outcome).toBe('applied');
    await broken('channel', id, { name: 'gone' });
    await world.save({ kind: 'schedule', draft: schedule('a third') }, { id: random.uuid(), actor: boss });
    held = id;
    expect(await world.remove('channel', id, admin)).toMatchObject({
      outcome: 'rejected',
      reason: 'It is the fallback.',
    });
    held = null;
    expect(world.secrets.get(`channel/${id}`)).toEqual({ signingSecret: 'whsec_x' });
    expect(await world.remove('channel', id, admin)).toMatchObject({ outcome: 'applied' });
    expect(world.secrets.get(`channel/${id}`)).toEqual({});
  });
});
