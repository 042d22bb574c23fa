// Schedules, policies and profiles of the sample shop.
import type { ConfigKind, ConfigOf } from '#server/contract/config.ts';
import type { Escalation } from '#server/contract/policy.ts';
import type { Change } from '#server/contract/replica.ts';
import type { Schedule } from '#server/contract/schedule.ts';
import { sampleIncidentIds, samplePagingId as id, samplePagingIds, samplePeople as people } from './sample-ids.ts';
import { sampleHour, sampleRosters } from './sample-rosters.ts';

const dayMs = 86_400_000;

function document(number: number, version = 3) {
  return {
    id: id(number),
    version,
    findings: [],
    updatedAt: '2026-11-18T09:12:00.000Z',
    updatedBy: people.mara,
    origin: 'ui' as const,
  };
}

function schedules(now: number): Schedule[] {
  const startsOn = new Date(now - 30 * dayMs).toISOString().slice(0, 10);
  const rotation = { unit: 'week' as const, every: 1, handoffTime: '09:00', startsOn };
  const base = { type: 'rotation' as const, timeZone: 'Europe/Berlin', endsOn: null, restrictions: [] };
  const gap = sampleHour(now, 3, 18);
  return [
    {
      ...document(1, 14),
      name: 'Payments primary',
      description: 'Checkout, payments and what they call',
      teamId: null,
      timeZone: 'Europe/Berlin',
      layers: [
        {
          ...base,
          id: samplePagingIds.weekly,
          name: 'Weekly',
          priority: 0,
          rotation,
          participants: [[people.diego], [people.priya], [people.lucia]],
        },
        {
          ...base,
          id: samplePagingIds.office,
          name: 'Office hours',
          priority: 1,
          rotation: { ...rotation, unit: 'day' },
          participants: [[people.kenji], [people.mara, people.tomasz]],
          restrictions: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
        },
      ],
    },
    {
      ...document(2),
      name: 'Search',
      description: 'Index and ranking',
      teamId: null,
      timeZone: 'Europe/Berlin',
      findings: [
        {
          level: 'warning',
          code: 'gap',
          text: 'Nobody is on call from Tuesday 18:00 to Wednesday 09:00 (15 h).',
          from: gap,
          to: sampleHour(now, 4, 9),
        },
      ],
      layers: [
        { ...base, id: id(13), name: 'Daily', priority: 0, rotation, participants: [[people.tomasz], [people.kenji]] },
      ],
    },
    {
      ...document(3),
      name: 'Platform',
      description: 'Nodes, queues and the network',
      teamId: null,
      timeZone: 'UTC',
      layers: [
        { ...base, id: id(14), name: 'Weekly', priority: 0, rotation, participants: [[people.kenji], [people.priya]] },
      ],
    },
  ];
}

export function samplePaging(now: number): Change[] {
  const method = { label: '', channelId: null, enabled: true };
  const proven = '2026-10-02T08:00:00.000Z';
  const responder = (userId: string, phone: string | null, verifiedAt: string | null): ConfigOf<'responder'> => ({
    ...document(0),
    id: userId,
    timeZone: 'Europe/Berlin',
    contactMethods: [
      { ...method, id: id(41), kind: 'desktop', address: '', verifiedAt: null },
      ...(phone === null
        ? []
        : [
            { ...method, id: id(42), kind: 'sms' as const, address: phone, label: 'mobile', verifiedAt: proven },
            { ...method, id: id(43), kind: 'voice' as const, address: phone, verifiedAt },
          ]),
      { ...method, id: id(44), kind: 'email', address: 'team@example.com', verifiedAt: proven },
    ],
    rules: {
      default: [
        { methodId: id(41), delayMinutes: 0 },
        { methodId: id(44), delayMinutes: 5 },
      ],
      important: [
        { methodId: id(41), delayMinutes: 0 },
        ...(phone === null
          ? []
          : [
              { methodId: id(42), delayMinutes: 2 },
              { methodId: id(43), delayMinutes: 5 },
            ]),
      ],
    },
    quietHours: { from: '22:00', to: '07:00' },
    doNotDisturb: null,
  });
  const rows: { [K in ConfigKind]?: ConfigOf<K>[] } = {
    schedule: schedules(now),
    override: [
      {
        ...document(31),
        mode: 'replace',
        scheduleId: samplePagingIds.payments,
        userId: people.priya,
        replacedUserId: people.diego,
        startsAt: sampleHour(now, 0, 0),
        endsAt: new Date(now + 5.5 * 3_600_000).toISOString(),
        reason: 'Diego flies at five',
      },
    ],
    swap: [
      {
        ...document(33),
        scheduleId: samplePagingIds.payments,
        fromUserId: people.lucia,
        toUserId: people.priya,
        give: { startsAt: sampleHour(now, 8, 9), endsAt: sampleHour(now, 9, 9) },
        takeBack: { startsAt: sampleHour(now, 15, 9), endsAt: sampleHour(now, 16, 9) },
        reason: 'School concert',
        status: 'asked',
        answeredAt: null,
      },
    ],
    policy: [
      {
        ...document(21, 14),
        name: 'payments-critical',
        description: 'Money is lost while it runs',
        teamId: null,
        steps: [
          step(51, [{ type: 'schedule', id: samplePagingIds.payments }], 5),
          {
            ...step(
              52,
              [
                { type: 'user', id: people.diego },
                { type: 'user', id: people.lucia },
              ],
              10,
            ),
            roundRobin: true,
          },
          {
            ...step(53, [{ type: 'schedule', id: samplePagingIds.platform }], 15),
            when: { severities: ['sev1'], hours: 'outside' },
          },
        ],
        repeat: 2,
        acknowledgementsNeeded: 1,
        pageAgain: 'severity-rises',
        workingHours: { timeZone: 'Europe/Berlin', days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
      },
      {
        ...document(22),
        name: 'search',
        description: '',
        teamId: null,
        steps: [step(54, [{ type: 'schedule', id: samplePagingIds.search }], 15)],
        repeat: null,
        acknowledgementsNeeded: 1,
        pageAgain: 'every-alert',
        workingHours: null,
        findings: [
          {
            level: 'warning',
            code: 'one-step',
            text: 'When Search has a gap, nobody is paged: there is no second step.',
            from: null,
            to: null,
          },
        ],
      },
    ],
    route: [
      {
        ...document(61),
        name: 'Payments',
        enabled: true,
        condition: 'incident.services.exists(s, s.startsWith("payments"))',
        policyId: samplePagingIds.policy,
        priority: 'by-severity',
        channelIds: [],
        service: '',
        holdSeconds: 0,
        position: 0,
        builtIn: false,
      },
    ],
    responder: [
      responder(people.priya, '+4915112345678', null),
      responder(people.diego, '+34611222333', proven),
      responder(people.kenji, '+819012345678', proven),
      responder(people.mara, null, null),
    ],
  };
  const escalation: Escalation = {
    id: sampleIncidentIds.refunds,
    version: 2,
    run: 1,
    status: 'waiting',
    reason: 'Priya Raman was paged by step 1 of payments-critical and has not answered yet.',
    routeId: id(61),
    policyId: samplePagingIds.policy,
    policyVersion: 14,
    priority: 'default',
    step: 1,
    stepCount: 3,
    loop: 0,
    nextAt: new Date(now + 150_000).toISOString(),
    acknowledgedBy: [],
    acknowledgementsNeeded: 1,
  };
  return [
    ...Object.entries(rows).flatMap(([kind, documents]) =>
      documents.map((body): Change => ({
        op: 'put',
        entity: kind as ConfigKind,
        id: body.id,
        version: body.version,
        body,
      })),
    ),
    ...sampleRosters(now).map((body): Change => ({ op: 'put', entity: 'roster', id: body.id, version: 1, body })),
    { op: 'put', entity: 'escalation', id: escalation.id, version: 2, body: escalation },
  ];
}

function step(
  number: number,
  targets: ConfigOf<'policy'>['steps'][number]['targets'],
  delayMinutes: number,
): ConfigOf<'policy'>['steps'][number] {
  return {
    id: id(number),
    targets,
    roundRobin: false,
    delayMinutes,
    when: { severities: [], hours: 'any' },
    priority: 'by-route',
  };
}
