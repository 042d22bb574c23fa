import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { alertStore } from '#server/modules/alerts/store.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { createInsights } from '#server/modules/insights/router.ts';
import { anAlert, anIncident, testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const nowMs = Date.parse('2026-11-21T14:00:00.000Z');
const team = testId(500);
const member = testId(501);
const insider = { teamIds: [team] };
const outsider = { teamIds: [testId(502)] };
const ago = (hours: number, minutes = 0) => new Date(nowMs - hours * 3_600_000 + minutes * 60_000).toISOString();

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
  const incidents: IncidentState[] = [
    // Began 30 hours ago, that is yesterday.
    incident(1, { severity: 'sev1', startedAt: ago(30), acknowledgedAt: ago(30, 2), resolvedAt: ago(30, 40) }),
    incident(2, { startedAt: ago(3), acknowledgedAt: ago(3, 10), services: ['search'] }),
    incident(3, { startedAt: ago(2) }),
    incident(4, { startedAt: ago(1), acknowledgedAt: ago(1, 30), restrictedTo: [team], services: ['vault'] }),
    incident(5, { startedAt: ago(1), mergedInto: testId(2), status: 'resolved', resolvedAt: ago(0) }),
    incident(6, { startedAt: ago(24 * 40) }),
    // In another week: acknowledged after 5 minutes, resolved, and reopened an hour ago.
    incident(7, { startedAt: ago(24 * 9), firstAcknowledgedAt: ago(24 * 9, 5), services: ['mail'] }),
    incident(8, {
      startedAt: ago(24 * 9),
      firstAcknowledgedAt: ago(24 * 9, 5),
      acknowledgedAt: ago(1),
      services: ['mail'],
    }),
  ];
  const alerts: AlertState[] = [
    alert(101, { incidentId: testId(2), service: 'search' }),
    alert(102, { status: 'resolved', resolvedAt: ago(0), service: 'search' }),
    alert(103, {
      status: 'resolved',
      resolvedAt: ago(0),
      service: 'search',
      suppressed: true,
      suppressedBy: testId(700),
    }),
    alert(104, { service: 'search' }),
    alert(105, { status: 'resolved', resolvedAt: ago(0), service: 'vault', incidentId: testId(4), audience: [team] }),
    alert(106, { status: 'resolved', resolvedAt: ago(0), service: null }),
    alert(107, {
      status: 'resolved',
      resolvedAt: ago(0),
      service: 'search',
      acknowledged: true,
      acknowledgedAt: ago(1),
    }),
    alert(108, { status: 'resolved', resolvedAt: ago(0), firstSeenAt: ago(24 * 40) }),
    alert(109, { incidentId: testId(7), firstSeenAt: ago(24 * 9), service: 'mail' }),
  ];
  await database.withTransaction(async (tx) => {
    await incidentStore.save(tx, ago(0), incidents);
    await alertStore.save(tx, ago(0), alerts);
  });
  await database.query(
    `INSERT INTO user_account (id, name, login, role, created_at) VALUES ($1, 'Ngozi', 'ngozi', 'responder', $2)`,
    [member, ago(0)],
  );
  await database.query('INSERT INTO team (id, name) VALUES ($1, $2)', [team, 'Search']);
  await database.query('INSERT INTO team_member (team_id, user_id) VALUES ($1, $2)', [team, member]);
  await database.query(
    `INSERT INTO page (id, version, number, incident_id, user_id, run, step, loop, priority, reason, at, late, status)
     VALUES ($1, 1, 1, $2, $3, 1, 0, 0, 'important', '', $4, false, 'open')`,
    [testId(800), testId(2), member, ago(3)],
  );
});

function incident(n: number, fields: Partial<IncidentState>): IncidentState {
  return anIncident({ id: testId(n), number: n, services: ['checkout'], ...fields });
}
function alert(n: number, fields: Partial<AlertState>): AlertState {
  return anAlert({ id: testId(n), dedupKey: `k${n}`, firstSeenAt: ago(2), lastSeenAt: ago(2), ...fields });
}
const ask = (actor: { teamIds: string[] }, question: { service?: string; teamId?: string; days?: number } = {}) =>
  createInsights({ database, clock: { now: () => nowMs } }).report(actor, {
    days: 7,
    service: null,
    teamId: null,
    ...question,
  });

describe('insights', () => {
  it('counts incidents in the day they began, by severity, and how fast they were answered and ended', async () => {
    const { spans, whole } = await ask(outsider);
    expect(spans).toHaveLength(7);
    expect(spans[5]).toMatchObject({ sev1: 1, sev2: 0, resolve: { count: 1, p50: 2_400_000, p95: 2_400_000 } });
    expect(spans[6]).toMatchObject({ sev1: 0, sev2: 2, acknowledge: { count: 1, p50: 600_000 } });
    expect(whole).toMatchObject({ sev1: 1, sev2: 2, acknowledge: { count: 2, p50: 120_000, p90: 600_000 } });
  });

  it('counts the first acknowledgement of an incident that was reopened since', async () => {
    const { whole } = await ask(outsider, { days: 14, service: 'mail' });
    expect(whole).toMatchObject({
      sev2: 2,
      acknowledge: { count: 2, p50: 300_000, p95: 300_000 },
      alerts: { answered: 1, open: 0 },
    });
  });

  it('puts every alert into one outcome, and the service with the most noise first', async () => {
    const { whole, noisiest } = await ask(outsider);
    expect(whole.alerts).toEqual({ answered: 2, noise: 2, silenced: 1, open: 1 });
    expect(noisiest.map(({ service, alerts }) => [service, alerts.noise])).toEqual([
      ['search', 1],
      [null, 1],
    ]);
  });

  it('shows nothing of a restricted incident and its alerts to who may not see it', async () => {
    const [inside, outside] = [await ask(insider), await ask(outsider)];
    expect(outside.services).toEqual(['checkout', 'search']);
    expect(inside.services).toEqual(['checkout', 'search', 'vault']);
    expect(inside.whole).toMatchObject({ sev2: 3, acknowledge: { count: 3 }, alerts: { answered: 3 } });
    expect(outside.whole).toMatchObject({ sev2: 2, acknowledge: { count: 2 }, alerts: { answered: 2 } });
    expect((await ask(outsider, { service: 'vault' })).whole).toMatchObject({ sev2: 0, alerts: { answered: 0 } });
  });

  it('narrows to a service, and to incidents that paged somebody of a team', async () => {
    expect((await ask(insider, { service: 'search' })).whole).toMatchObject({ sev1: 0, sev2: 1, alerts: { noise: 1 } });
    expect((await ask(insider, { teamId: team })).whole).toMatchObject({
      sev1: 0,
      sev2: 1,
      alerts: { answered: 1, noise: 0, open: 0 },
    });
  });
});
