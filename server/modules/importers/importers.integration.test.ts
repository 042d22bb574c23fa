import { beforeAll, expect, test } from 'vitest';
import type { Actor } from '#server/api/context.ts';
import { directoryStore } from '#server/modules/auth/directory-store.ts';
import { createImporters, type Importers } from '#server/modules/importers/service.ts';
import { type ConfigWorld, createConfigWorld } from '#server/testkit/config.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase();
const clock = createFakeClock(Date.parse('2026-11-21T20:00:00.000Z'));
const random = createSeededRandom(13, clock);
let world: ConfigWorld;
let importers: Importers;
let root: Actor, boss: Actor;

beforeAll(async () => {
  world = await createConfigWorld({ database, clock, random });
  root = await world.person('root', 'admin');
  boss = await world.person('boss', 'manager');
  await world.person('ada', 'responder');
  importers = createImporters({ config: world.service, database, readPeople: directoryStore.read, clock });
});

const pagerDuty = {
  users: [
    {
      id: 'U1',
      name: 'Ada',
      email: 'Ada@Example.org',
      time_zone: 'Europe/Berlin',
      contact_methods: [
        { id: 'C1', type: 'email_contact_method', label: 'Default', address: 'ada@example.org' },
        { id: 'C2', type: 'sms_contact_method', label: 'Mobile', address: '15123456789', country_code: 49 },
        { id: 'C3', type: 'push_notification_contact_method', label: 'Phone', address: 'x' },
        { id: 'C4', type: 'whats_app_contact_method', address: '1' },
      ],
      notification_rules: [
        { id: 'N1', start_delay_in_minutes: 0, urgency: 'high', contact_method: { id: 'C3', type: 'x' } },
        { id: 'N2', start_delay_in_minutes: 2, urgency: 'high', contact_method: { id: 'C2', type: 'x' } },
        { id: 'N3', start_delay_in_minutes: 0, urgency: 'low', contact_method: { id: 'C1', type: 'x' } },
      ],
      teams: [{ id: 'T1', type: 'team_reference' }],
    },
    { id: 'U2', name: 'Bob', email: 'bob@example.org', time_zone: 'Mars/Base' },
  ],
  teams: [{ id: 'T1', name: 'Payments' }],
  schedules: [
    {
      id: 'S1',
      name: 'Primary',
      time_zone: 'Europe/Berlin',
      schedule_layers: [
        {
          name: 'Layer 1',
          start: '2026-01-05T09:00:00+01:00',
          end: null,
          rotation_virtual_start: '2026-01-05T09:00:00+01:00',
          rotation_turn_length_seconds: 604_800,
          users: [{ user: { id: 'U1' } }, { user: { id: 'U2' } }, { user: { id: 'GONE' } }],
          restrictions: [],
        },
      ],
    },
  ],
  escalation_policies: [
    {
      id: 'E1',
      name: 'Critical',
      num_loops: 2,
      escalation_rules: [
        { escalation_delay_in_minutes: 10, targets: [{ id: 'S1', type: 'schedule_reference' }] },
        {
          escalation_delay_in_minutes: 15,
          targets: [
            { id: 'U2', type: 'user_reference' },
            { id: 'X', type: 'webhook_reference' },
          ],
        },
      ],
    },
  ],
  services: [{ name: 'payments "api"', escalation_policy: { id: 'E1', type: 'x' } }],
};

test('a dry run writes nothing and names what does not map; an apply takes over, and then there is nothing left', async () => {
  const plan = await importers.plan(root, 'pagerduty', pagerDuty);
  expect(plan.errors).toEqual([]);
  expect(plan.changes.map((change) => `${change.op} ${change.kind} ${change.name}`)).toEqual([
    'create user Bob',
    'create team Payments',
    'create responder ada',
    'create responder Bob',
    'create schedule Primary',
    'create policy Critical',
    'create route payments "api"',
  ]);
  expect(plan.unmapped.map((each) => each.what)).toEqual([
    'whats_app_contact_method of Ada',
    'time zone Mars/Base of Bob',
    'person GONE in layer Layer 1 of Primary',
    'webhook_reference X in policy Critical',
  ]);
  for (const each of plan.unmapped) expect(each.suggestion).not.toBe('');
  expect((await world.current()).list('schedule').items).toHaveLength(0);

  await importers.apply(root, 'pagerduty', pagerDuty, plan.basis);
  const config = await world.current();
  const [schedule] = config.list('schedule').items;
  expect(schedule?.origin).toBe('import');
  const ada = config.list('responder').items.find((item) => item.draft.rules.important.length === 2);
  expect(ada?.draft.contactMethods.map((method) => `${method.kind} ${method.address}`)).toEqual([
    'email ada@example.org',
    'sms +4915123456789',
    'desktop ',
  ]);
  // Never silently verified.
  expect(ada?.state.verified).toEqual({});
  const again = await importers.plan(root, 'pagerduty', pagerDuty);
  expect(again.changes.filter((change) => change.op !== 'unchanged')).toEqual([]);
  // The same as a file.
  const file = await world.service.plan(root, { yaml: plan.yaml, prune: false, secrets: {} });
  expect(file.changes.filter((change) => change.op !== 'unchanged')).toEqual([]);
});

test('new people need an admin; what is no export is refused with words', async () => {
  const newcomer = { users: [{ id: 'U9', name: 'New', email: 'new@example.org' }] };
  const plan = await importers.plan(boss, 'pagerduty', newcomer);
  expect(plan.errors[0]?.reason).toContain('needs the role admin');
  await expect(importers.apply(boss, 'pagerduty', newcomer, null)).rejects.toMatchObject({ code: 'invalid' });
  for (const source of ['pagerduty', 'opsgenie', 'grafana-oncall', 'goalert'] as const) {
    await expect(importers.plan(root, source, { users: [{ id: 7 }], schedules: 'x' })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('docs/migrate.md'),
    });
  }
});

test('Opsgenie counts minutes from the alert, Grafana OnCall waits between steps, GoAlert from the step before', async () => {
  const delays = (plan: { yaml: string }) =>
    [...plan.yaml.matchAll(/delayMinutes: (\d+)/g)].map((match) => Number(match[1]));
  const rule = (timeAmount: number) => ({
    condition: 'if-not-acked',
    notifyType: 'default',
    delay: { timeAmount },
    recipient: { type: 'user', id: 'U', username: 'o@example.org' },
  });
  const opsgenie = await importers.plan(root, 'opsgenie', {
    users: [{ id: 'U', username: 'o@example.org' }],
    escalations: [{ id: 'E', name: 'E', rules: [rule(0), rule(5), rule(20)], repeat: { count: 1, waitInterval: 10 } }],
  });
  expect(delays(opsgenie)).toEqual([5, 15, 10]);
  // As the models of its SDK have them: a unit beside the amount, the kind of a contact inside of a user.
  const inHours = { ...rule(0), delay: { timeAmount: 2, timeUnit: 'hours' } };
  const units = await importers.plan(root, 'opsgenie', {
    users: [
      {
        id: 'U',
        username: 'o@example.org',
        userContacts: [
          { id: 'C', contactMethod: 'sms', to: '49-15123456789', enabled: true },
          { id: 'D', method: 'voice', to: '49-15123456780', status: { enabled: false } },
        ],
      },
    ],
    escalations: [{ id: 'E', name: 'Hours', rules: [rule(0), inHours] }],
  });
  expect(delays(units)[0]).toBe(120);
  expect(units.yaml).toContain('+4915123456789');
  expect(units.yaml).toContain('+4915123456780');
  expect(units.checkedBy).toMatchObject({ what: 'official-sdk', note: expect.stringContaining('Unverified') });
  const step = (position: number, type: string, more: object) => ({
    escalation_chain_id: 'C',
    position,
    type,
    ...more,
  });
  const oncall = await importers.plan(root, 'grafana-oncall', {
    users: [{ id: 'U', username: 'g', email: 'g@example.org' }],
    escalation_chains: [{ id: 'C', name: 'C' }],
    escalation_policies: [
      step(0, 'notify_persons', { persons_to_notify: ['U'], important: true }),
      step(1, 'wait', { duration: 300 }),
      step(2, 'notify_persons', { persons_to_notify: ['U'] }),
      step(3, 'repeat_escalation', {}),
    ],
  });
  expect(delays(oncall)).toEqual([5, 0]);
  const goalert = await importers.plan(root, 'goalert', {
    users: [{ id: 'U', name: 'Go', email: 'go@example.org' }],
    escalationPolicies: [
      { id: 'P', name: 'P', repeat: 3, steps: [{ delayMinutes: 7, targets: [{ id: 'U', type: 'user' }] }] },
    ],
  });
  expect(delays(goalert)).toEqual([7]);
});

test('a second pager adds its contact methods to those of the first, and says which stay and are in no rule', async () => {
  const person = (type: string, address: string) => ({
    users: [
      {
        id: 'U1',
        name: 'Cleo',
        email: 'cleo@example.org',
        time_zone: 'UTC',
        contact_methods: [
          { id: 'C1', type, address, country_code: 49 },
          { id: 'C2', type: 'email_contact_method', address: 'cleo@example.org' },
        ],
        notification_rules: [
          { id: 'N1', start_delay_in_minutes: 0, urgency: 'high', contact_method: { id: 'C1', type: 'x' } },
        ],
      },
    ],
  });
  await importers.apply(root, 'pagerduty', person('sms_contact_method', '15111111111'), null);
  const first = await cleo();
  const other = person('sms_contact_method', '15222222222');
  const plan = await importers.plan(root, 'pagerduty', other);
  expect(plan.unmapped).toEqual([
    expect.objectContaining({
      what: 'sms +4915111111111 of cleo@example.org',
      why: expect.stringContaining('It stays'),
    }),
  ]);
  await importers.apply(root, 'pagerduty', other, plan.basis);
  const second = await cleo();
  expect(second.map((method) => method.address)).toEqual(['+4915222222222', 'cleo@example.org', '+4915111111111']);
  // Each is the one that it was: a code that proved an address proves no other.
  const idOf = (methods: typeof first, address: string) => methods.find((method) => method.address === address)?.id;
  expect(idOf(second, '+4915111111111')).toBe(idOf(first, '+4915111111111'));
  expect(second[0]?.id).not.toBe(idOf(first, '+4915111111111'));
  const again = await importers.plan(root, 'pagerduty', other);
  expect(again.changes.filter((change) => change.op !== 'unchanged')).toEqual([]);
});

test('where a person has all that a profile can have, the plan names what makes room, and only that goes', async () => {
  const person = (numbers: readonly string[]) => ({
    users: [
      {
        id: 'U1',
        name: 'Dee',
        email: 'dee@example.org',
        contact_methods: numbers.map((address, n) => ({
          id: `C${n}`,
          type: 'sms_contact_method',
          address,
          country_code: 49,
        })),
      },
    ],
  });
  const numbers = Array.from({ length: 20 }, (_, n) => `1511111${String(n).padStart(4, '0')}`);
  await importers.apply(root, 'pagerduty', person(numbers), null);
  const plan = await importers.plan(root, 'pagerduty', person(['15333333333']));
  const goes = plan.unmapped.filter(({ why }) => why.includes('can have 20: it goes'));
  expect(goes.map(({ what }) => what)).toEqual([`sms +49${numbers[19]} of dee@example.org`]);
  expect(plan.unmapped).toHaveLength(20);
  await importers.apply(root, 'pagerduty', person(['15333333333']), plan.basis);
  const dee = (await world.current())
    .list('responder')
    .items.find(({ draft }) => draft.contactMethods.some(({ address }) => address === '+4915333333333'))!;
  expect(dee.draft.contactMethods.map(({ address }) => address)).toEqual([
    '+4915333333333',
    ...numbers.slice(0, 19).map((number) => `+49${number}`),
  ]);
});

async function cleo() {
  const items = (await world.current()).list('responder').items;
  return items.find(({ draft }) => draft.contactMethods.some(({ address }) => address === 'cleo@example.org'))!.draft
    .contactMethods;
}
