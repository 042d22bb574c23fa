// 90 days and 100,000 alerts under an edited schedule, policy and 21 edited routes, so that no answer of the present
// configuration can be used again: from the question to the answer, reading from a real PostgreSQL included.
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import type { Actor } from '#server/api/context.ts';
import type { TrialChange } from '#server/contract/paging-trial.ts';
import { migrate, programMigrations } from '#server/database/migrate.ts';
import { createDatabase, type Database } from '#server/database/pool.ts';
import { configHistory } from '#server/modules/config/history-store.ts';
import { firstState, withDocuments } from '#server/modules/config/paging-config.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { configStore } from '#server/modules/config/store.ts';
import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { factsBetween } from '#server/modules/oncall/facts.ts';
import { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import { createTryPaging } from '#server/modules/routing/try-paging.ts';
import { testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { startTestPostgres } from '#server/testkit/postgres-server.ts';
import { report } from './report.ts';

const alerts = 100_000;
const days = 90;
const goalMs = 10_000;
const people = Array.from({ length: 20 }, (_, n) => testId(1 + n));
const [schedule, policy] = [testId(50), testId(60)];

export async function benchTimeMachine(): Promise<void> {
  await bench('time-machine.90-days', 5);
  // The worst there can be: nothing is ever grouped.
  await bench('time-machine.90-days-ungrouped', 1);
}

async function bench(name: string, alertsAnIncident: number): Promise<void> {
  const clock = createSystemClock();
  const random = createSystemRandom(clock);
  const server = await startTestPostgres({ fsync: false });
  const logger = createMemoryLogger();
  const database = createDatabase({ address: server.address, logger, clock, random });
  try {
    await migrate(database, await programMigrations(), logger);
    await fill(database, alertsAnIncident);
    const at = new Date(clock.now()).toISOString();
    await database.withTransaction((tx) => configStore.write(tx, at, { save: documents(10) }));
    const trials = createTryPaging({
      database,
      config: createConfigReader(),
      history: configHistory,
      people: async () => ({
        people: people.map((id) => ({ id, name: id, disabled: false, teamIds: [] })),
        teams: [],
      }),
      calendars: { read: () => null },
      decisions: { step: decideStep, recipients: decideRecipients },
      oncall: { shiftsBetween, factsBetween },
      drafts: { withDocuments, firstState },
      clock,
    });
    const actor: Actor = { userId: people[0] ?? '', name: 'bench', role: 'manager', teamIds: [], sessionId: null };
    const edited = documents(3).map(({ kind, id, draft }) => ({
      op: 'save',
      id,
      document: { kind, draft },
    })) as TrialChange[];
    const began = performance.now();
    const trial = await trials.tryDraft(actor, { changes: edited, days });
    const elapsedMs = performance.now() - began;
    if (trial.alerts !== alerts || trial.pagesBefore === 0 || trial.added + trial.removed === 0)
      throw new Error(
        `the replay is not what it was made to be: ${JSON.stringify({ ...trial, samples: [], people: [] })}`,
      );
    report({
      name,
      value: elapsedMs,
      unit: 'ms',
      baseline: goalMs,
      ratio: elapsedMs / goalMs,
      n: trial.alerts,
      note: `baseline is the goal; ${trial.incidents} incidents, ${trial.pagesBefore} pages before and ${trial.pagesAfter} after`,
    });
  } finally {
    await database.close();
    await server.stop();
  }
}

function documents(delayMinutes: number) {
  const about = { findings: [], origin: 'ui', by: null } as const;
  const hours = {
    unit: 'day',
    every: 1,
    handoffTime: delayMinutes < 5 ? '09:00' : '08:00',
    startsOn: '2026-01-01',
  } as const;
  const layer = {
    id: testId(51),
    name: 'primary',
    priority: 0,
    type: 'rotation',
    timeZone: 'Europe/Berlin',
    rotation: hours,
    participants: people.map((id) => [id]),
    restrictions: [],
    endsOn: null,
  } as const;
  const step = (n: number) => ({
    id: testId(61 + n),
    targets: [{ type: 'schedule' as const, id: schedule }],
    roundRobin: false,
    delayMinutes,
    when: { severities: [], hours: 'any' as const },
    priority: 'by-route' as const,
  });
  const route = (n: number, condition: string, builtIn = false) =>
    ({
      kind: 'route',
      id: testId(100 + n),
      draft: {
        name: `route ${n}`,
        enabled: true,
        condition,
        policyId: policy,
        priority: 'by-severity',
        channelIds: [],
        service: '',
        holdSeconds: 0,
      },
      state: { position: n, builtIn },
      ...about,
    }) as const;
  return [
    {
      kind: 'schedule',
      id: schedule,
      draft: { name: 'primary', description: '', teamId: null, timeZone: 'UTC', layers: [layer] },
      state: {},
      ...about,
    } as const,
    {
      kind: 'policy',
      id: policy,
      draft: {
        name: 'payments',
        description: '',
        teamId: null,
        steps: [step(0), step(1), step(2)],
        repeat: 1,
        acknowledgementsNeeded: 1,
        pageAgain: 'severity-rises',
        workingHours: null,
      },
      state: {},
      ...about,
    } as const,
    ...Array.from({ length: 20 }, (_, n) => route(n, `alert.service == "service-${n}" && alert.severity == "sev1"`)),
    route(20, 'true', true),
  ] as never[] as { kind: 'route'; id: string; draft: never; state: never; findings: []; origin: 'ui'; by: null }[];
}

/** Acknowledged after 1 to 40 minutes, resolved after an hour. */
async function fill(database: Database, alertsAnIncident: number): Promise<void> {
  await database.query(
    `INSERT INTO incident (id, number, title, severity, status, alert_count, started_at, acknowledged_at, resolved_at, services)
     SELECT gen_random_uuid(), n, 'incident ' || n, (ARRAY['sev1', 'sev2', 'sev3'])[1 + n % 3], 'resolved', ${alertsAnIncident}, at,
       at + make_interval(mins => 1 + n % 40), at + interval '1 hour', ARRAY['service-' || n % 40]
     FROM generate_series(1, ${alerts / alertsAnIncident}) AS n CROSS JOIN LATERAL (
       SELECT now() - interval '${days} days' + make_interval(secs => 60 + n * (${days} * 86400.0 - 7200) / ${alerts / alertsAnIncident}) AS at) AS t`,
  );
  await database.query(
    `INSERT INTO alert (id, integration_id, dedup_key, fingerprint, status, severity, source, service, title, labels,
       annotations, count, first_seen_at, last_seen_at, resolved_at, incident_id)
     SELECT gen_random_uuid(), '${testId(900)}', number || '-' || n, 'f', 'resolved', severity, 'generic', services[1], title,
       '{"env": "prod", "region": "eu-1"}', '{}', 1, started_at + make_interval(secs => n), started_at, resolved_at, id
     FROM incident, generate_series(0, ${alertsAnIncident - 1}) AS n`,
  );
  await database.query('ANALYZE');
}
