import Fastify, { type FastifyInstance } from 'fastify';
import { createRateLimit } from '#server/api/rate-limit.ts';
import type { Alert } from '#server/contract/alert.ts';
import { canSee } from '#server/contract/audience.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { User } from '#server/contract/people.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { OutsideAct } from '#server/modules/notify/inbound/acting.ts';
import type { PageLink } from '#server/modules/notify/links/links.ts';
import { registerPhonePage } from '#server/modules/notify/phone-page/phone-page.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

export const phoneToken = 'abcdefghijklmnopqrstuvwxyz234567';
const adaId = '00000000-0000-7000-8000-00000000000a';
const benId = '00000000-0000-7000-8000-00000000000b';
const incidentId = '01900000-0000-7000-8000-00000000000a';

export interface PhoneScene {
  app: FastifyInstance;
  clock: FakeClock;
  /** Change them to change what the page is given. */
  world: { user: User; link: PageLink | null; incident: Incident; alerts: Alert[]; timeline: TimelineEntry[] };
  acts: OutsideAct[];
  /** What acting answers; null does what was asked. */
  answer: { next: { ok: boolean; text: string } | null };
}

/** The signed page over a world in memory, whose `act` changes the incident as the product would. */
export async function phoneScene(): Promise<PhoneScene> {
  const clock = createFakeClock(Date.parse('2026-11-21T02:24:00.000Z'));
  const acts: OutsideAct[] = [];
  const answer: PhoneScene['answer'] = { next: null };
  const world: PhoneScene['world'] = {
    user: { id: adaId, version: 1, login: 'ada', name: 'Ada Marsh', role: 'responder', disabled: false, teamIds: [] },
    link: {
      id: '01900000-0000-7000-8000-00000000001a',
      incidentId,
      userId: adaId,
      pageId: null,
      expiresAt: '2026-11-22T02:10:00.000Z',
    },
    incident: anIncident(),
    alerts: [
      anAlert(1, 'sev2', 'Checkout p99 above 2 s', 'checkout'),
      anAlert(2, 'sev1', 'Checkout answers 5xx to 12% of requests', 'checkout'),
      anAlert(3, 'sev3', 'Payments queue grows', 'payments'),
    ],
    timeline: [
      entry(1, '02:10', 'alert', 'Checkout answers 5xx to 12% of requests', 'Prometheus'),
      entry(2, '02:11', 'page', 'Paged Ada Marsh: on call in payments-primary, step 1 of payments-critical', 'Tocsin'),
      entry(3, '02:13', 'page', 'No delivery by text message in 60 s; called instead', 'Tocsin'),
    ],
  };
  const names = new Map([
    [adaId, 'Ada Marsh'],
    [benId, 'Ben Okri'],
  ]);
  const done = new Set<string>();

  const app = Fastify();
  await registerPhonePage(app, {
    links: {
      open: async (token) => (token === phoneToken ? world.link : null),
      markUsed: async () => undefined,
    },
    async act(act) {
      acts.push(act);
      if (answer.next !== null) return answer.next;
      if (done.has(act.deliveryId)) return { ok: true, text: 'That was done before.' };
      done.add(act.deliveryId);
      if (act.action === 'acknowledge') {
        const at = new Date(clock.now()).toISOString();
        world.incident = { ...world.incident, status: 'acknowledged', acknowledgedAt: at, acknowledgedBy: act.userId };
        return { ok: true, text: 'You acknowledged INC-4417. Paging has stopped.' };
      }
      if (act.action === 'note') {
        world.timeline.push(entry(world.timeline.length + 1, '02:24', 'note', act.text ?? '', 'Ada Marsh'));
        return { ok: true, text: 'The note is on the timeline.' };
      }
      return { ok: true, text: 'Ben Okri is being paged.' };
    },
    user: async (id) => (id === world.user.id ? world.user : null),
    timeZone: async () => 'Europe/Berlin',
    names: async () => names,
    incident: async (reader, id) =>
      id === world.incident.id && canSee(world.incident.restrictedTo, reader.teamIds) ? world.incident : null,
    alerts: async () => world.alerts,
    timeline: async (_reader, _id, limit) => world.timeline.slice(-limit),
    escalatesTo: async () => 'Ben Okri (payments-secondary)',
    limit: createRateLimit({ clock, limit: 60, windowMs: 60_000 }),
    clock,
    random: createSeededRandom(3, clock),
    logger: createMemoryLogger(),
  });
  return { app, clock, world, acts, answer };
}

function anIncident(): Incident {
  return {
    id: incidentId,
    version: 3,
    number: 4417,
    title: 'Checkout answers with errors in eu-west',
    severity: 'sev1',
    status: 'triggered',
    impact: 'One in eight customers cannot pay.',
    ruleId: null,
    groupKey: null,
    groupReason: null,
    declaredBy: null,
    alertCount: 3,
    firingAlertCount: 3,
    services: ['checkout', 'payments'],
    startedAt: '2026-11-21T02:10:00.000Z',
    acknowledgedAt: null,
    acknowledgedBy: null,
    mitigatedAt: null,
    resolvedAt: null,
    roles: [{ role: 'commander', userId: benId, since: '2026-11-21T02:12:00.000Z', offer: null }],
    links: [],
    updateCadenceMinutes: 15,
    nextUpdateDueAt: null,
    lastUpdate: null,
    restrictedTo: null,
    mergedInto: null,
    fieldVersions: {},
  };
}

function anAlert(number: number, severity: Severity, title: string, service: string): Alert {
  return {
    id: `01900000-0000-7000-8000-0000000001${String(number).padStart(2, '0')}`,
    version: 1,
    fingerprint: `f${number}`,
    status: 'firing',
    acknowledged: false,
    acknowledgedBy: null,
    acknowledgedAt: null,
    suppressed: false,
    suppressedBy: null,
    flapping: false,
    severity,
    source: 'alertmanager',
    integrationId: '01900000-0000-7000-8000-0000000000e1',
    service,
    title,
    labels: {},
    annotations: {},
    sourceUrl: null,
    runbookUrl: number === 2 ? 'https://wiki.example.com/checkout' : null,
    count: number,
    firstSeenAt: '2026-11-21T02:10:00.000Z',
    lastSeenAt: `2026-11-21T02:2${number}:00.000Z`,
    endsAt: null,
    resolvedAt: null,
    incidentId,
    groupReason: null,
    previousId: null,
  };
}

function entry(number: number, time: string, kind: TimelineEntry['kind'], text: string, actor: string): TimelineEntry {
  const at = `2026-11-21T${time}:00.000Z`;
  return {
    id: `01900000-0000-7000-8000-0000000002${String(number).padStart(2, '0')}`,
    version: 1,
    incidentId,
    at,
    recordedAt: at,
    kind,
    source: kind === 'note' ? 'person' : 'system',
    actorId: null,
    actor,
    text,
    detail: null,
    alertId: null,
    starred: false,
  };
}
