// Rows put straight into the tables: tens of thousands in a second or two, where the pipeline would take minutes.
import type { Service } from '#server/contract/service.ts';
import { manyServices } from '../../src-renderer/testkit/sample-services.ts';
import type { Stage } from './stage.ts';

/** Firing alerts of the last twenty hours on four hundred services; `pod-N` names one of them. */
export async function seedAlerts({ server, sql }: Pick<Stage, 'server' | 'sql'>, count: number): Promise<void> {
  await server.integration('alertmanager');
  await sql.query(
    `INSERT INTO alert (id, integration_id, dedup_key, fingerprint, status, severity, source, service, title, labels,
       annotations, count, first_seen_at, last_seen_at)
     SELECT (lpad(to_hex(extract(epoch FROM now())::bigint), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       (SELECT id FROM integration LIMIT 1), 'seed ' || n, lpad(to_hex(n), 16, '0'), 'firing',
       (ARRAY['sev1', 'sev2', 'sev3', 'sev3', 'info'])[n % 5 + 1], 'alertmanager', 'service-' || n % 400,
       'LatencyHigh on pod ' || n,
       jsonb_build_object('alertname', 'LatencyHigh', 'service', 'service-' || n % 400, 'instance', 'pod-' || n,
         'zone', 'zone-' || n % 97, 'cluster', 'eu-west-' || n % 3, 'env', 'prod'),
       jsonb_build_object('summary', 'p99 latency above 2 s for five minutes'),
       n % 7 + 1, now() - n % 1200 * interval '1 minute', now() - n % 50 * interval '1 minute'
     FROM generate_series(1, $1::int) AS n`,
    [count],
  );
}

/** Open incidents without alerts of their own. */
export async function seedIncidents({ sql }: Pick<Stage, 'sql'>, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO incident (id, number, title, severity, status, started_at, services)
     SELECT ('00000001-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, nextval('incident_number'),
       'Checkout slow in region ' || n, (ARRAY['sev1', 'sev2', 'sev3'])[n % 3 + 1], 'triggered',
       now() - n * interval '7 minutes', ARRAY['service-' || n]
     FROM generate_series(1, $1::int) AS n`,
    [count],
  );
}

/** The catalog anew: so many services, and exactly so many dependencies where a number is given. */
export async function seedServices({ sql }: Pick<Stage, 'sql'>, count: number, edges?: number): Promise<number> {
  const services = trimmed(manyServices(count, edges === undefined ? 3 : 5), edges);
  await sql.query('DELETE FROM service');
  await sql.query(
    `INSERT INTO service (id, key, draft, pin, source, updated_at)
     SELECT id, lower(draft ->> 'name'), draft, NULL, 'catalog', now()
     FROM unnest($1::uuid[], $2::text[]) AS given (id, draft_text), LATERAL (SELECT draft_text::jsonb AS draft) AS d`,
    [services.map(({ id }) => id), services.map((service) => JSON.stringify(draftOf(service)))],
  );
  await sql.query('UPDATE catalog_state SET revision = revision + 1');
  return services.reduce((sum, { dependsOn }) => sum + dependsOn.length, 0);
}

/** The first dependency of each service, then the second ones, until there are as many as wanted. */
function trimmed(services: readonly Service[], edges: number | undefined): Service[] {
  if (edges === undefined) return [...services];
  const takes = services.map(() => 0);
  let left = edges;
  for (let call = 0; left > 0 && call < 5; call += 1) {
    for (const [i, { dependsOn }] of services.entries()) {
      if (left === 0 || call >= dependsOn.length) continue;
      takes[i] = call + 1;
      left -= 1;
    }
  }
  return services.map((service, i) => ({ ...service, dependsOn: service.dependsOn.slice(0, takes[i]) }));
}

function draftOf(service: Service) {
  const { name, kind, teamId, ownerText, tier, description, links, journeys, aliases, bindings, dependsOn } = service;
  return {
    name,
    kind,
    teamId,
    ownerText,
    tier,
    description,
    links,
    journeys,
    aliases,
    bindings,
    dependsOn,
    runbook: null,
  };
}

export async function seedTimeline({ sql }: Pick<Stage, 'sql'>, incidentId: string, count: number): Promise<void> {
  await sql.query(
    `INSERT INTO timeline_entry (id, incident_id, at, recorded_at, kind, source, actor, text)
     SELECT ('00000002-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, at, at,
       (ARRAY['note', 'alert', 'status', 'task', 'update'])[n % 5 + 1], 'person', 'Ana', 'What happened, number ' || n
     FROM generate_series(1, $2::int) AS n, LATERAL (SELECT now() - n * interval '2 seconds' AS at) AS t`,
    [incidentId, count],
  );
}
