import { beforeAll, expect, test } from 'vitest';
import { directoryStore } from '#server/modules/auth/directory-store.ts';
import { compareMinutes } from '#server/modules/shadow/compare.ts';
import { createShadow, type Shadow } from '#server/modules/shadow/service.ts';
import { ShadowIntake } from '#server/modules/shadow/intake.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { anActor } from '#server/testkit/people.ts';
import { testDatabase } from '#server/testkit/postgres.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const database = await testDatabase();
const clock = createFakeClock(Date.parse('2026-11-21T20:00:00.000Z'));
const random = createSeededRandom(3, clock);
const ids: Record<string, string> = {};
let shadow: Shadow;
let pages = 0;
const t = (time: string) => `2026-11-21T${time}.000Z`;
const whole = [t('00:00:00'), t('23:00:00')] as const;

beforeAll(async () => {
  for (const login of ['ada', 'bob']) {
    const id = random.uuid();
    ids[login] = id;
    await database.withTransaction((tx) =>
      directoryStore.addUser(tx, t('00:00:00'), { id, login, name: login.toUpperCase(), role: 'responder' }),
    );
  }
  shadow = createShadow({
    database,
    readPeople: directoryStore.read,
    shiftsOf: async (id) =>
      id === ids['ada'] ? [{ userId: ids['ada'] ?? '', startsAt: t('08:00:00'), endsAt: t('10:00:00') }] : null,
    readCalendar: () => [
      { summary: 'BOB', startsAt: t('08:30:00'), endsAt: t('09:00:00') },
      { summary: 'ada', startsAt: t('08:00:00'), endsAt: t('08:30:00') },
      { summary: 'ada', startsAt: t('09:00:00'), endsAt: t('10:00:00') },
    ],
    clock,
    random,
  });
});

/** A page of ours, with what it hangs on left out. */
async function ours(
  login: string,
  at: string,
  endedAt: string | null,
  audience: string[] | null = null,
): Promise<void> {
  pages += 1;
  await database.withTransaction(async (tx) => {
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(
      `INSERT INTO page (id, version, number, incident_id, user_id, run, step, loop, priority, reason, at, late, status, ended_at, audience)
       VALUES ($1, 1, $2, $1, $3, 1, 0, 0, 'default', '', $4, false, 'open', $5, $6)`,
      [random.uuid(), pages, ids[login], at, endedAt, audience],
    );
  });
}
const take = (given: unknown) => shadow.take(ShadowIntake.parse(given));
const actor = anActor({ teamIds: [] });

test('minutes in which the same people are paged are no difference; the others are, with both sides', async () => {
  await ours('ada', t('01:00:10'), t('01:05:00'));
  await take({
    source: 'old',
    pages: [{ id: '1', at: t('01:00:40'), endedAt: t('01:05:00'), person: 'ada@example.org', about: 'disk' }],
  });
  await ours('ada', t('02:00:00'), t('02:10:00'));
  await take({
    source: 'old',
    pages: [{ id: '2', at: t('02:03:00'), endedAt: t('02:10:00'), person: 'BOB', about: 'net' }],
  });
  const report = await shadow.report(actor, ...whole);
  expect(report.differences.map(({ from, to, onlyHere, onlyThere }) => [from, to, onlyHere, onlyThere])).toEqual([
    [t('02:00:00'), t('02:03:00'), ['ADA'], []],
    [t('02:03:00'), t('02:10:00'), ['ADA'], ['BOB']],
  ]);
  expect(report).toMatchObject({ minutes: 15, differing: 10 });
  expect(report.differences[1]?.here[0]).toMatchObject({ number: 2, name: 'ADA' });
  expect(report.differences[1]?.there[0]).toMatchObject({ about: 'net', source: 'old', userId: ids['bob'] });
  const csv = await shadow.reportCsv(actor, ...whole);
  expect(csv.split('\r\n')[1]).toBe(`${t('02:00:00')},${t('02:03:00')},ADA,,P-2,`);
});

test("PagerDuty's webhooks begin and end pages; the same delivery again changes nothing", async () => {
  const event = (id: string, type: string, at: string, who: string[]) => ({
    event: {
      id,
      event_type: `incident.${type}`,
      occurred_at: at,
      data: {
        id: 'Q1',
        type: 'incident',
        title: 'db',
        assignees: who.map((summary) => ({ id: summary, summary, type: 'user_reference' })),
      },
    },
  });
  expect(await take(event('E1', 'triggered', t('03:00:00'), ['ADA']))).toEqual({ taken: 1, unknownPeople: [] });
  await take(event('E1', 'triggered', t('03:00:00'), ['ADA']));
  await take(event('E2', 'escalated', t('03:05:00'), ['BOB', 'Nobody Here']));
  await take(event('E3', 'acknowledged', t('03:09:00'), []));
  await take(event('E9', 'annotated', t('03:10:00'), ['ADA']));
  const rows = await database.query<{ person: string; at: string; ended_at: string }>(
    `SELECT person, at, ended_at FROM shadow_page WHERE source = 'pagerduty' ORDER BY at, person`,
  );
  expect(rows.map((row) => [row.person, row.at, row.ended_at])).toEqual([
    ['ADA', t('03:00:00'), t('03:05:00')],
    ['BOB', t('03:05:00'), t('03:09:00')],
    ['Nobody Here', t('03:05:00'), t('03:09:00')],
  ]);
  const { differences } = await shadow.report(actor, t('03:00:00'), t('04:00:00'));
  expect(differences.at(-1)?.onlyThere).toEqual(['BOB', 'Nobody Here']);
});

test("Opsgenie's webhooks do too", async () => {
  const alert = (ms: string) => ({
    alertId: 'A1',
    message: 'cpu',
    updatedAt: Date.parse(ms),
    recipients: ['ada@example.org'],
  });
  await take({ action: 'Create', alert: alert(t('05:00:00')) });
  await take({ action: 'Create', alert: alert(t('05:00:00')) });
  await take({ action: 'Close', alert: alert(t('05:20:00')) });
  const rows = await database.query<{ at: string; ended_at: string }>(
    `SELECT at, ended_at FROM shadow_page WHERE source = 'opsgenie'`,
  );
  expect(rows).toEqual([{ at: t('05:00:00'), ended_at: t('05:20:00') }]);
});

test('pages of incidents that one may not see are not in the report', async () => {
  const team = random.uuid();
  await ours('bob', t('06:00:00'), t('06:05:00'), [team]);
  const seen = async (teamIds: string[]) =>
    (await shadow.report({ ...actor, teamIds }, t('06:00:00'), t('07:00:00'))).differing;
  expect(await seen([])).toBe(0);
  expect(await seen([team])).toBe(5);
});

test('who is on call is compared with a roster or a calendar', async () => {
  const given = { ical: 'BEGIN:VCALENDAR' };
  const report = await shadow.compareOnCall(ids['ada'] ?? '', t('08:00:00'), t('10:00:00'), given);
  expect(report).toEqual({
    minutes: 120,
    differing: 30,
    differences: [{ from: t('08:30:00'), to: t('09:00:00'), here: ['ADA'], there: ['BOB'] }],
  });
  await expect(shadow.compareOnCall(random.uuid(), ...whole, given)).rejects.toMatchObject({ code: 'not-found' });
  await expect(shadow.report(actor, t('10:00:00'), t('09:00:00'))).rejects.toMatchObject({ code: 'invalid' });
});

test('a page that is acknowledged in the minute in which it began counts for that minute', () => {
  const held = (who: string, startsAt: string, endsAt: string | null) => ({ who, startsAt, endsAt, about: null });
  const compared = compareMinutes([held('a', t('01:00:10'), t('01:00:10'))], [], ...whole);
  expect(compared).toMatchObject({ minutes: 1, differing: 1 });
  expect(compareMinutes([held('a', t('22:59:10'), null)], [held('a', t('22:59:50'), null)], ...whole).differing).toBe(
    0,
  );
});
