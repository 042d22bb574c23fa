import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { ConfigPlan } from '#server/contract/config.ts';
import { type ConfigWorld, createConfigWorld } from '#server/testkit/config.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase();
const clock = createFakeClock(Date.parse('2026-11-21T20:00:00.000Z'));
const random = createSeededRandom(11, clock);
let world: ConfigWorld;
let root: Actor, boss: Actor;

beforeAll(async () => {
  world = await createConfigWorld({ database, clock, random });
  root = await world.person('root', 'admin');
  boss = await world.person('boss', 'manager');
  for (const login of ['ada', 'bob', 'cy', '007']) await world.person(login, 'responder');
});

const plan = (yaml: string, more: { prune?: boolean; secrets?: Record<string, string>; actor?: Actor } = {}) =>
  world.service.plan(more.actor ?? root, { yaml, prune: more.prune ?? false, secrets: more.secrets ?? {} });
const apply = (
  yaml: string,
  more: { prune?: boolean; secrets?: Record<string, string>; basis?: string; actor?: Actor } = {},
) =>
  world.service.apply(more.actor ?? root, {
    yaml,
    prune: more.prune ?? false,
    secrets: more.secrets ?? {},
    basis: more.basis ?? null,
  });
const changesOf = (made: ConfigPlan) =>
  made.changes
    .filter((change) => change.op !== 'unchanged')
    .map((change) => `${change.op} ${change.kind} ${change.name}`);

const whole = `
teams: { payments: { members: [ada, bob] } }
people:
  ada:
    timeZone: Europe/Berlin
    methods:
      - { kind: sms, address: "+4915123456789", label: mobile }
      - { kind: voice, address: "+4915123456789" }
      - { kind: desktop }
    rules:
      important: [{ method: desktop, delayMinutes: 0 }, { method: mobile, delayMinutes: 2 }, { method: voice, delayMinutes: 5 }]
channels:
  chat: { kind: slack, settings: { channel: "#ops" }, secrets: { token: { env: SLACK_TOKEN } } }
schedules:
  primary:
    team: payments
    timeZone: Europe/Berlin
    layers:
      - name: Weekly
        rotation: { unit: week, every: 1, handoffTime: "09:00", startsOn: 2026-11-02 }
        participants: [ada, [bob, "007"]]
        restrictions: [{ days: [mon, tue], from: "09:00", to: "17:00" }]
      - { name: Vendor, priority: 1, calendar: "https://example.org/x.ics" }
policies:
  critical:
    steps:
      - { targets: [{ schedule: primary }], delayMinutes: 5 }
      - { targets: [{ team: payments }, { channel: chat }, { user: cy }], delayMinutes: 10, severities: [sev1] }
routes:
  - { name: payments, condition: 'alert.service == "payments"', policy: critical, channels: [chat] }
  - { name: rest, condition: 'true', policy: critical }
catchAll: { policy: critical }
inhibitions: { net: { cause: 'alert.service == "net"', symptom: 'true', equal: [region] } }
monitors: { backup: { severity: sev3, intervalSeconds: 3600 } }
overrides: [{ schedule: primary, mode: add, startsAt: 2026-12-24T00:00:00Z, endsAt: 2026-12-25T00:00:00Z, user: bob }]
timeOff: [{ user: ada, startsAt: 2026-12-24T00:00:00Z, endsAt: 2026-12-25T00:00:00Z }]
`;

test('a plan says what would be; apply does it; then there is nothing to do, and the ids stay', async () => {
  const made = await plan(whole, { secrets: { SLACK_TOKEN: 'canary-1' } });
  expect(made.errors).toEqual([]);
  expect(changesOf(made)).toContain('create policy critical');
  expect(JSON.stringify(made)).not.toContain('canary');
  await apply(whole, { secrets: { SLACK_TOKEN: 'canary-1' }, basis: made.basis });
  expect(changesOf(await plan(whole, { secrets: { SLACK_TOKEN: 'canary-1' } }))).toEqual([]);
  expect(changesOf(await plan(whole))).toEqual([]);
  expect(changesOf(await plan(whole, { secrets: { SLACK_TOKEN: 'canary-2' } }))).toEqual(['update channel chat']);

  const config = await world.current();
  const policy = config.list('policy').items[0];
  const ids = policy?.draft.steps.map((step) => step.id);
  const layers = config.list('schedule').items[0]?.draft.layers.map((layer) => layer.id);
  const first = whole.replace(
    '      - { targets: [{ schedule: primary }]',
    '      - { targets: [{ user: ada }], delayMinutes: 1 }\n      - { targets: [{ schedule: primary }]',
  );
  const edited = await plan(first);
  expect(edited.changes.find((change) => change.op === 'update')?.fields.map((field) => field.path)).toContain(
    'steps[2]',
  );
  await apply(first);
  const now = await world.current();
  expect(
    now
      .get('policy', policy?.id ?? '')
      ?.draft.steps.map((step) => step.id)
      .slice(1),
  ).toEqual(ids);
  expect(now.list('schedule').items[0]?.draft.layers.map((layer) => layer.id)).toEqual(layers);
  await apply(whole);
});

test('what is exported plans to no change, and holds no secret', async () => {
  const text = await world.service.exportYaml();
  expect(text).not.toContain('canary');
  expect(text).toContain('keep: true');
  const made = await plan(text, { prune: true });
  expect(made.errors).toEqual([]);
  expect(changesOf(made)).toEqual([]);
});

test('whatever is configured, its export plans to no change', async () => {
  const name = fc.stringMatching(/^[a-z: #'"&*!?%@\-{}[\],|>]{1,12}$/).filter((text) => text.trim() !== '');
  const text = fc.string({ unit: 'grapheme', maxLength: 30 });
  const login = fc.constantFrom('ada', 'bob', 'cy', '007');
  const time = fc.constantFrom('00:00', '09:30', '23:59');
  const layer = fc.record({
    name,
    priority: fc.integer({ min: 0, max: 9 }),
    timeZone: fc.constantFrom('Europe/Berlin', 'Asia/Kathmandu'),
    rotation: fc.record({
      unit: fc.constantFrom('hour', 'day', 'week', 'month'),
      every: fc.integer({ min: 1, max: 9 }),
      handoffTime: time,
      startsOn: fc.constantFrom('2026-01-31', '2025-02-03'),
    }),
    participants: fc.array(fc.array(login, { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
    restrictions: fc.array(fc.record({ days: fc.constant(['mon', 'sun']), from: time, to: time }), { maxLength: 2 }),
    endsOn: fc.constantFrom(null, '2027-01-01'),
  });
  const file = fc.record({
    schedules: fc.dictionary(
      name,
      fc.record({ description: text, timeZone: fc.constant('UTC'), layers: fc.array(layer, { maxLength: 3 }) }),
      { maxKeys: 3 },
    ),
    policies: fc.dictionary(
      name,
      fc.record({
        description: text,
        repeat: fc.constantFrom(null, 3),
        steps: fc.array(
          fc.record({
            targets: fc.array(
              login.map((user) => ({ user })),
              { minLength: 1, maxLength: 2 },
            ),
            delayMinutes: fc.nat(60),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
      { maxKeys: 2 },
    ),
    monitors: fc.dictionary(
      name,
      fc.record({
        severity: fc.constant('sev2'),
        intervalSeconds: fc.integer({ min: 30, max: 999 }),
        service: text,
        labels: fc.dictionary(name, text),
      }),
      { maxKeys: 2 },
    ),
  });
  await fc.assert(
    fc.asyncProperty(file, async (given) => {
      const asked = stringify({ ...given, routes: [], catchAll: {}, overrides: [] }, { aliasDuplicateObjects: false });
      const first = await plan(asked, { prune: true });
      // Names that differ in blanks alone are one name.
      fc.pre(first.errors.length === 0);
      await apply(asked, { prune: true });
      expect(changesOf(await plan(asked, { prune: true }))).toEqual([]);
      const exported = await world.service.exportYaml();
      const again = await plan(exported, { prune: true });
      expect(again.errors).toEqual([]);
      expect(changesOf(again)).toEqual([]);
      expect(Object.keys((parse(exported) as { schedules: object }).schedules)).toHaveLength(
        Object.keys(given.schedules).length,
      );
    }),
    { numRuns: 15, seed: 5 },
  );
});

test('prune takes away what is not in a section that stands in the file, and nothing that is still used', async () => {
  await apply(whole, { secrets: { SLACK_TOKEN: 'canary-1' }, prune: true });
  const without = await plan('schedules: {}\n', { prune: true });
  expect(changesOf(without)).toEqual(['delete schedule primary']);
  expect(without.errors[0]?.reason).toContain('still used by the policy critical');
  expect(changesOf(await plan('schedules: {}\n'))).toEqual([]);
  expect(changesOf(await plan('routes: []\nmonitors: {}\n', { prune: true })).sort()).toEqual([
    'delete monitor backup',
    'delete route payments',
    'delete route rest',
  ]);
});

test('an apply of another state, another file or another choice is refused', async () => {
  const made = await plan('monitors: { a: { severity: sev1, intervalSeconds: 60 } }');
  const other = 'monitors: { b: { severity: sev1, intervalSeconds: 60 } }';
  await expect(apply(other, { basis: made.basis })).rejects.toMatchObject({ code: 'conflict' });
  await apply(other);
  await expect(
    apply('monitors: { a: { severity: sev1, intervalSeconds: 60 } }', { basis: made.basis }),
  ).rejects.toMatchObject({ code: 'conflict' });
});

test('one bad line refuses the whole, naming place and reason', async () => {
  const bad = `monitors: { fine: { severity: sev1, intervalSeconds: 60 } }
policies:
  p:
    steps:
      - { targets: [{ schedule: primry }], delayMinutes: 5 }
`;
  const error: unknown = await apply(bad).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).message).toContain('policies.p.steps[0].targets[0] (line 5)');
  expect((error as AppError).message).toContain('Did you mean primary?');
  expect((await world.current()).list('monitor').items.some((item) => item.draft.name === 'fine')).toBe(false);
});

test('each line needs the right that the same change needs by hand', async () => {
  const manager = await plan('channels: { x: { kind: webhook } }\npeople: { newcomer: { name: New } }\n', {
    actor: boss,
  });
  expect(manager.errors.map((error) => error.path)).toEqual(['people.newcomer (line 2)', 'channels.x (line 1)']);
  const added = await apply(
    'people: { newcomer: { name: New, timeZone: UTC, methods: [{ kind: email, address: n@example.org }] } }\n',
  );
  expect(changesOf(added)).toEqual(['create user New', 'create responder New']);
  expect(added.changes[1]?.findings[0]?.code).toBe('unverified');
});

test('drift is what differs from what was applied last', async () => {
  await apply('monitors: { drifting: { severity: sev1, intervalSeconds: 60 } }');
  expect((await world.service.drift(boss)).changes).toEqual([]);
  const known = (await world.current()).list('monitor').items.find((item) => item.draft.name === 'drifting');
  if (known === undefined) throw new Error('it was applied');
  await world.save({ kind: 'monitor', draft: { ...known.draft, intervalSeconds: 90 } }, { id: known.id, actor: boss });
  const { changes } = await world.service.drift(boss);
  expect(changes).toMatchObject([
    { op: 'update', name: 'drifting', fields: [{ path: 'intervalSeconds', before: '90', after: '60' }] },
  ]);
});
