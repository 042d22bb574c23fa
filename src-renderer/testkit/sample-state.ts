// One evening at a shop: a payment release fills its database. For tests and for looking at the screens without a server.
import type { Alert } from '#server/contract/alert.ts';
import type { ChangeEvent, Incident, Task } from '#server/contract/incident.ts';
import type { Integration } from '#server/contract/integration.ts';
import type { User } from '#server/contract/people.ts';
import type { Change, EntityName } from '#server/contract/replica.ts';
import { sampleAsks, sampleParticipants, samplePolls } from './sample-console.ts';
import { sampleChat } from './sample-chat.ts';
import { sampleId, sampleIncidentIds, samplePeople } from './sample-ids.ts';
import { samplePaging } from './sample-paging.ts';
import { sampleReviews } from './sample-reviews.ts';
import { sampleServices } from './sample-services.ts';
import { sampleAlert, sampleIncident } from './sample-rows.ts';
import { sampleStatusUpdates, sampleWaysOut } from './sample-updates.ts';
import { sampleTimeline } from './sample-timeline.ts';

/** `now` in milliseconds since the epoch; everything happened shortly before it. */
export function sampleChanges(now: number): Change[] {
  const ago = (minutes: number, seconds = 0) => new Date(now - (minutes * 60 + seconds) * 1000).toISOString();
  const ahead = (minutes: number, seconds = 0) => new Date(now + (minutes * 60 + seconds) * 1000).toISOString();
  return [
    ...users().map((row) => put('user', row)),
    ...integrations(ago).map((row) => put('integration', row)),
    ...incidents(ago, ahead).map((row) => put('incident', row)),
    ...tasks(ago, ahead).map((row) => put('task', row)),
    ...sampleParticipants(ago).map((row) => put('participant', row)),
    ...sampleAsks(ago, ahead).map((row) => put('ask', row)),
    ...samplePolls(ago, ahead).map((row) => put('poll', row)),
    ...sampleStatusUpdates(ago).map((row) => put('statusUpdate', row)),
    ...Object.entries(sampleWaysOut(ago)).flatMap(([kind, rows]) => rows.map((row) => put(kind as EntityName, row))),
    ...sampleReviews(ago, ahead).map((row) => put('postmortem', row)),
    ...sampleTimeline(ago).map((row) => put('timeline', row)),
    ...sampleChat(ago).map((row) => put('chat', row)),
    ...changes(ago),
    ...alerts(ago).map((row) => put('alert', row)),
    ...samplePaging(now),
    ...sampleServices().map((row) => put('service', row)),
  ];
}

/** A bad day: so many further severe incidents, some with titles that take more than a line. */
export function moreIncidents(count: number, now: number): Change[] {
  const titles = [
    'Gift cards are refused at every till of the stores that were moved to the new gateway last night',
    'Mails leave an hour late',
    'Sign-in of the partner portal fails for whoever has a second factor since the certificate was renewed',
  ];
  return Array.from({ length: count }, (_, index) =>
    put(
      'incident',
      sampleIncident(sampleId('incident', 3_000 + index), {
        number: 2_050 + index,
        title: titles[index % titles.length] ?? '',
        severity: index % 2 === 0 ? 'sev1' : 'sev2',
        status: 'triggered',
        impact:
          index % 2 === 0
            ? 'About 2,000 people an hour are turned away, most of them in the north and on phones'
            : null,
        services: ['mail'],
        startedAt: new Date(now - (index + 2) * 11 * 60_000).toISOString(),
        nextUpdateDueAt: new Date(now + (index - 1) * 4 * 60_000).toISOString(),
      }),
    ),
  );
}

type Ago = (minutes: number, seconds?: number) => string;

function users(): User[] {
  const names: [string, string, User['role']][] = [
    [samplePeople.priya, 'Priya Raman', 'manager'],
    [samplePeople.mara, 'Mara Lindqvist', 'responder'],
    [samplePeople.diego, 'Diego Santos', 'responder'],
    [samplePeople.tomasz, 'Tomasz Wierzba', 'responder'],
    [samplePeople.lucia, 'Lucía Ferrer', 'responder'],
    [samplePeople.kenji, 'Kenji Mori', 'responder'],
  ];
  return names.map(([userId, name, role]) => ({
    id: userId,
    version: 1,
    login: (name.split(' ')[0] ?? name).toLowerCase(),
    name,
    role,
    disabled: false,
    teamIds: [],
  }));
}

function integrations(ago: Ago): Integration[] {
  const rows: [string, Integration['kind'], number][] = [
    ['Alertmanager eu-1', 'alertmanager', 0.03],
    ['Alertmanager us-1', 'alertmanager', 0.1],
    ['Grafana', 'grafana', 3],
    ['Deploy hooks', 'events-v2', 41],
  ];
  return rows.map(([name, kind, minutes], index) => ({
    id: sampleId('integration', index + 1),
    version: 1,
    name,
    kind,
    enabled: true,
    keyHint: 'q8d2',
    mapping: null,
    createdAt: ago(9_000),
    lastSeenAt: ago(minutes),
    acceptedCount: 120,
    errorCount: 0,
    lastError: null,
  }));
}

function incidents(ago: Ago, ahead: Ago): Incident[] {
  return [
    sampleIncident(sampleIncidentIds.checkout, {
      version: 31,
      number: 2041,
      title: 'Checkout failing for card payments',
      severity: 'sev1',
      status: 'acknowledged',
      impact: '38 % of EU card orders fail, about 410 a minute. Invoice and gift cards work.',
      groupReason: 'service is payments-db or calls it, within 90 s',
      alertCount: 7,
      firingAlertCount: 7,
      services: ['checkout', 'payments', 'payments-db', 'gateway'],
      startedAt: ago(23, 58),
      acknowledgedAt: ago(23, 17),
      acknowledgedBy: samplePeople.diego,
      roles: [
        { role: 'commander', userId: samplePeople.mara, since: ago(19, 10), offer: null },
        { role: 'operations', userId: samplePeople.diego, since: ago(18), offer: null },
        { role: 'liaison', userId: samplePeople.lucia, since: ago(17), offer: null },
        {
          role: 'scribe',
          userId: null,
          since: null,
          offer: { to: samplePeople.priya, by: samplePeople.mara, at: ago(1, 10) },
        },
      ],
      links: [
        { id: sampleId('link', 1), kind: 'bridge', label: 'Bridge', url: 'https://meet.example.com/inc-2041' },
        {
          id: sampleId('link', 2),
          kind: 'dashboard',
          label: 'Payments dashboard',
          url: 'https://grafana.example.com/d/payments',
        },
      ],
      updateCadenceMinutes: 15,
      nextUpdateDueAt: ahead(5, 50),
      lastUpdate: { at: ago(9), by: samplePeople.mara, text: 'Cause narrowed to the release.' },
      fieldVersions: { status: 4, severity: 28, impact: 29 },
    }),
    sampleIncident(sampleIncidentIds.search, {
      version: 9,
      number: 2042,
      title: 'Search shows items that are sold out',
      severity: 'sev2',
      status: 'acknowledged',
      impact: 'Stock shown is 26 minutes old',
      alertCount: 2,
      firingAlertCount: 2,
      services: ['search', 'inventory'],
      startedAt: ago(33, 42),
      acknowledgedAt: ago(31),
      acknowledgedBy: samplePeople.tomasz,
      roles: [{ role: 'commander', userId: samplePeople.tomasz, since: ago(30), offer: null }],
      updateCadenceMinutes: 30,
      nextUpdateDueAt: ago(2, 14),
    }),
    sampleIncident(sampleIncidentIds.refunds, {
      version: 2,
      number: 2043,
      title: 'Refund worker backlog above 4,000 jobs',
      severity: 'sev3',
      impact: 'refunds 40 min late',
      services: ['payments'],
      startedAt: ago(2, 30),
      updateCadenceMinutes: 60,
      nextUpdateDueAt: ahead(57, 30),
    }),
    sampleIncident(sampleIncidentIds.cart, {
      version: 12,
      number: 2038,
      title: 'Cart sessions evicted on redis shard 2',
      severity: 'sev3',
      status: 'mitigated',
      impact: 'mitigated, watching',
      services: ['redis'],
      startedAt: ago(105),
      acknowledgedAt: ago(103),
      acknowledgedBy: samplePeople.lucia,
      mitigatedAt: ago(72),
      firingAlertCount: 0,
      roles: [
        { role: 'commander', userId: samplePeople.lucia, since: ago(101), offer: null },
        { role: 'scribe', userId: samplePeople.kenji, since: ago(90), offer: null },
      ],
      updateCadenceMinutes: 60,
      nextUpdateDueAt: ahead(16, 40),
    }),
    sampleIncident(sampleIncidentIds.mail, {
      version: 20,
      number: 2036,
      title: 'Mail relay queue grows',
      severity: 'sev3',
      status: 'resolved',
      services: ['mail'],
      startedAt: ago(400),
      acknowledgedAt: ago(396),
      acknowledgedBy: samplePeople.kenji,
      mitigatedAt: ago(380),
      resolvedAt: ago(300),
      firingAlertCount: 0,
      roles: [{ role: 'commander', userId: samplePeople.kenji, since: ago(395), offer: null }],
    }),
  ];
}

function tasks(ago: Ago, ahead: Ago): Task[] {
  const rows: [string, string | null, string | null, string | null][] = [
    ['Roll back pay-8c21 and pay-b0e4', samplePeople.diego, ahead(4), null],
    ['Write the rollback note for payments 4.18.0', samplePeople.priya, ahead(7, 50), null],
    ['Run failed captures again, 1,940', samplePeople.lucia, ahead(38), null],
    ['Freeze deploys to eu', samplePeople.kenji, ago(14), ago(15)],
  ];
  return rows.map(([title, ownerId, dueAt, doneAt], index) => ({
    id: sampleId('task', index + 1),
    version: 1,
    incidentId: sampleIncidentIds.checkout,
    title,
    ownerId,
    dueAt,
    doneAt,
    doneBy: doneAt === null ? null : ownerId,
    createdBy: samplePeople.diego,
    createdAt: ago(18),
  }));
}

function changes(ago: Ago): Change[] {
  const rows: [number, string, string][] = [
    [3, 'payments 4.18.0 rolled back to 4.17.2 on 1 of 4 pods', 'payments'],
    [30, 'payments 4.18.0 deployed to eu, 4 pods', 'payments'],
    [42, 'search-indexer 2.31.0 deployed to eu and us', 'search'],
  ];
  return rows.map(([minutes, title, service], index) => {
    const place = { source: 'events-v2', integrationId: sampleId('integration', 4), links: [] };
    const row: ChangeEvent = {
      id: sampleId('change', index + 1),
      version: 1,
      at: ago(minutes),
      title,
      service,
      ...place,
    };
    return put('change', row);
  });
}

function alerts(ago: Ago): Alert[] {
  const rows: [string, string, Alert['severity'], string, string, string | null][] = [
    ['CheckoutErrorRatioHigh', 'checkout', 'sev1', 'share of errors 38 %', 'checkout', '/runbooks/checkout'],
    ['PgConnectionsNearLimit', 'payments-db', 'sev1', 'same database, within 90 s', 'checkout', '/runbooks/postgres'],
    ['PaymentsLatencyP99High', 'payments', 'sev2', 'calls payments-db', 'checkout', null],
    ['CaptureQueueOldest', 'payments', 'sev2', 'calls payments-db', 'checkout', null],
    ['Gateway5xxRatio', 'gateway', 'sev2', 'calls checkout', 'checkout', null],
    ['ProbeFailed /checkout/pay', 'synthetics', 'sev2', 'same path', 'checkout', null],
    ['CircuitBreakerOpen', 'checkout', 'info', 'same service, within 90 s', 'checkout', null],
    ['SearchIndexLag', 'search', 'sev2', 'index products-eu', 'search', null],
    ['InventoryEventsBehind', 'inventory', 'sev3', 'feeds the index', 'search', null],
    ['RefundBacklog', 'payments', 'sev3', 'alone', 'refunds', null],
    ['CertificateExpiresSoon acquirer-mtls', 'gateway', 'sev3', '', '', null],
    ['NodeDiskPressure', 'nodes', 'sev3', '', '', null],
  ];
  return rows.map(([title, service, severity, groupReason, incident, runbook], index) =>
    sampleAlert(sampleId('alert', index + 1), {
      title,
      service,
      severity,
      count: (index % 5) + 1,
      groupReason: groupReason === '' ? null : groupReason,
      incidentId: incident === '' ? null : sampleIncidentIds[incident as keyof typeof sampleIncidentIds],
      runbookUrl: runbook === null ? null : `https://wiki.example.com${runbook}`,
      sourceUrl: 'https://prometheus.example.com/graph',
      labels: { alertname: title, service, cluster: 'eu-west-1', env: 'prod' },
      annotations: { summary: `${title} on ${service}` },
      firstSeenAt: ago(24 - index),
      lastSeenAt: ago(0, 2 + index * 3),
      recent: {
        from: ago(24 - index),
        counts: Array.from(
          { length: Math.ceil((24 - index) / 5) },
          (_, span) => ((index + span * 3) % 5) + (span > 1 ? 2 : 1),
        ),
      },
    }),
  );
}

function put(entity: EntityName, row: { id: string; version: number }): Change {
  return { op: 'put', entity, id: row.id, version: row.version, body: row };
}
