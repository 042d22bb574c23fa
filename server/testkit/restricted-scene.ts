// A center with something that is restricted to one team, and people of every role inside of that team and outside of it.
import { helloOf } from '#server/contract/client.ts';
import { Action, type Action as ActionType, type IntentResult } from '#server/contract/intent.ts';
import { type PermissionRole, permissionRoles } from '#server/contract/people.ts';
import type { FeedPosition } from '#server/contract/replica.ts';
import { comparePositions, firstPosition } from '#server/modules/replica/position.ts';
import { startTestApp, type TestApp, type TestPerson } from '#server/testkit/app.ts';

/** Stands in everything that is restricted, and in nothing else. */
export const canary = 'canary-5f0c2b9e';

export interface ShownPage {
  id: string;
  userId: string;
  notifications: { id: string; via: string }[];
}

export interface RestrictedScene {
  app: TestApp;
  redTeamId: string;
  policyId: string;
  /** Restricted to the red team, after everybody could see it. */
  incidentId: string;
  alertId: string;
  taskId: string;
  askId: string;
  pollId: string;
  entryId: string;
  messageId: string;
  /** An update that waits for approval, written while everybody could see the incident. */
  updateId: string;
  /** Of the person inside who was paged, while everybody could see the incident. */
  pageId: string;
  notificationId: string;
  /** Everybody may see this one. */
  otherIncidentId: string;
  inside: Record<PermissionRole, TestPerson>;
  outside: Record<PermissionRole, TestPerson>;
  intent(bearer: string, action: ActionType): Promise<IntentResult>;
  applied(bearer: string, action: ActionType): Promise<void>;
  /** The pages of the incident, once there are that many. */
  pagesOf(incidentId: string, count: number): Promise<ShownPage[]>;
  /** An alert of that service, and the incident it opens. */
  alerted(service: string, labels?: Record<string, string>): Promise<string>;
  /** What a stream says to somebody. */
  listen(bearer: string, path: string, input: unknown): Promise<{ heard(): string; stop(): void }>;
}

export async function startRestrictedScene(): Promise<RestrictedScene> {
  const app = await startTestApp();
  try {
    return await makeScene(app);
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function makeScene(app: TestApp): Promise<RestrictedScene> {
  const team = (name: string) => app.rest<{ id: string }>(app.adminKey, 'POST', '/api/v1/teams', { name });
  const [red, blue] = [await team('Red'), await team('Blue')];
  const inside = {} as Record<PermissionRole, TestPerson>;
  const outside = {} as Record<PermissionRole, TestPerson>;
  for (const role of permissionRoles) {
    inside[role] = await app.person(role, [red.id]);
    outside[role] = await app.person(role, [blue.id]);
  }
  const insider = inside.manager.bearer;
  const source = { name: 'Source', kind: 'generic' };
  const { key } = await app.rest<{ key: string }>(app.adminKey, 'POST', '/api/v1/integrations', source);

  async function intent(bearer: string, action: ActionType): Promise<IntentResult> {
    const { text } = await app.call(bearer, 'mutation', 'intents.submit', {
      intents: [{ id: newId(), at: fromNow(0), baseVersion: null, dependsOn: null, action }],
    });
    return (JSON.parse(text) as { result: { data: IntentResult[] } }).result.data[0] as IntentResult;
  }

  async function applied(bearer: string, action: ActionType): Promise<void> {
    const result = await intent(bearer, action);
    if (result.outcome !== 'applied') throw new Error(`${action.kind}: ${JSON.stringify(result)}`);
  }

  const pagesOf: RestrictedScene['pagesOf'] = (incident, count) =>
    until(
      async () =>
        (await app.rest<{ items: ShownPage[] }>(inside.admin.bearer, 'GET', `/api/v1/pages?incident=${incident}`))
          .items,
      (pages) => pages.length >= count,
    );

  async function sent(alert: { service: string; title: string; labels: Record<string, string> }) {
    const { service } = alert;
    await app.rest(key, 'POST', '/webhooks/generic', { ...alert, severity: 'sev2', dedupKey: service });
    const { items } = await until(
      () =>
        app.rest<{ items: { id: string; incidentId: string | null }[] }>(
          app.adminKey,
          'GET',
          `/api/v1/alerts?service=${service}`,
        ),
      (page) => page.items.some((item) => item.incidentId !== null),
    );
    return { alertId: items[0]?.id ?? '', incidentId: items[0]?.incidentId ?? '' };
  }

  const targets = [inside.responder, outside.responder].map(({ userId }) => ({ type: 'user', id: userId }));
  const policyId = newId();
  for (const [documentId, document] of pagingOf(policyId, targets)) {
    await applied(insider, Action.parse({ kind: 'config.save', documentId, document }));
  }
  const { alertId, incidentId } = await sent({
    title: `Disk of ${canary} is full`,
    service: canary,
    labels: { env: canary },
  });
  const own = (await pagesOf(incidentId, 2)).find((page) => page.userId === inside.responder.userId);

  const updateId = newId();
  await applied(insider, {
    kind: 'incident.post-update',
    incidentId,
    entryId: updateId,
    text: `We look into ${canary}`,
    nextInMinutes: null,
    approverId: inside.responder.userId,
  });

  // It was everybody's until now, so this also tries that what they could see is taken from them.
  await applied(insider, { kind: 'incident.restrict', incidentId, restrictedTo: [red.id] });
  const other = { title: 'Everybody may see this', severity: 'sev2' };
  const { id: otherIncidentId } = await app.rest<{ id: string }>(insider, 'POST', '/api/v1/incidents', other);
  const [taskId, entryId, askId, pollId] = [newId(), newId(), newId(), newId()];
  await applied(insider, {
    kind: 'task.add',
    incidentId,
    taskId,
    title: `Rotate ${canary}`,
    ownerId: null,
    dueAt: null,
  });
  await applied(insider, { kind: 'incident.note', incidentId, entryId, text: `Seen on ${canary}`, at: null });
  const messageId = newId();
  const said = { kind: 'chat.post', incidentId, messageId, text: `Who knows ${canary}?`, replyTo: null } as const;
  await applied(insider, { ...said, mentions: [inside.responder.userId, outside.admin.userId] });
  const ownerId = inside.responder.userId;
  await applied(insider, { kind: 'ask.add', incidentId, askId, ownerId, text: `Is ${canary} full?`, minutes: 240 });
  const poll = { kind: 'poll.open', incidentId, pollId, question: `Wipe ${canary}?`, seconds: 3_600 } as const;
  await applied(insider, { ...poll, asked: [ownerId] });
  const review = { kind: 'postmortem.edit', incidentId, summary: `The disk of ${canary} was full` } as const;
  await applied(insider, { ...review, causes: '', wentWell: '', wentBadly: '', followUps: [] });

  return {
    app,
    redTeamId: red.id,
    policyId,
    incidentId,
    alertId,
    taskId,
    askId,
    pollId,
    entryId,
    messageId,
    updateId,
    pageId: own?.id ?? '',
    notificationId: own?.notifications.find((one) => one.via === 'desktop')?.id ?? '',
    otherIncidentId,
    inside,
    outside,
    intent,
    applied,
    pagesOf,
    alerted: async (service, labels = {}) =>
      (await sent({ title: `Trouble of ${service}`, service, labels })).incidentId,
    async listen(bearer, path, input) {
      // A stream begins where the server's reader stood a moment ago, and that may be before what was written until now.
      const written = await app.lastInFeed();
      await until(
        () => startOf(app, bearer),
        (start) => comparePositions(start, written) >= 0,
      );
      return listen(app, bearer, path, input);
    },
  };
}

/** One step that pages these at once, and then nobody for an hour. */
export function policyDraft(targets: readonly unknown[]) {
  return {
    name: 'Both teams',
    teamId: null,
    steps: [
      {
        id: '00000000-0000-7000-8000-0000000000f1',
        targets,
        roundRobin: false,
        delayMinutes: 60,
        when: { severities: [], hours: 'any' },
        priority: 'by-route',
      },
    ],
    repeat: 0,
    acknowledgementsNeeded: 1,
    pageAgain: 'severity-rises',
    workingHours: null,
  };
}

function pagingOf(policyId: string, targets: readonly unknown[]): [documentId: string, document: unknown][] {
  const route = { name: 'All', enabled: true, condition: 'true', policyId, priority: 'important' };
  const inhibition = {
    name: 'Cause and symptom',
    enabled: true,
    cause: 'alert.labels["part"] == "cause"',
    symptom: 'alert.labels["part"] == "symptom"',
    equal: [],
  };
  return [
    [policyId, { kind: 'policy', draft: policyDraft(targets) }],
    [newId(), { kind: 'route', draft: { ...route, channelIds: [], holdSeconds: 0 } }],
    [newId(), { kind: 'inhibition', draft: inhibition }],
  ];
}

export function newId(): string {
  return crypto.randomUUID();
}

export function fromNow(ms: number): string {
  return new Date(performance.timeOrigin + performance.now() + ms).toISOString();
}

export async function until<T>(ask: () => Promise<T>, done: (value: T) => boolean): Promise<T> {
  const began = performance.now();
  for (;;) {
    const value = await ask();
    if (done(value)) return value;
    if (performance.now() - began > 20_000)
      throw new Error(`waited 20 s in vain: ${JSON.stringify(value).slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** As a client of today: one that says nothing is taken for the first release, and gets the less. */
const client = helloOf('0.0.0');

/** What a procedure answers somebody; of the snapshot, all its pages. */
export async function askAll(
  app: TestApp,
  person: TestPerson,
  path: string,
  probe: { kind: 'query' | 'mutation'; input: () => unknown },
): Promise<{ status: number; text: string }> {
  const snapshot = path === 'replica.snapshot';
  const first = await app.call(person.bearer, probe.kind, path, snapshot ? { cursor: null, client } : probe.input());
  if (!snapshot || first.status !== 200) return first;
  let text = first.text;
  for (let next = nextOf(first.text); next !== null;) {
    const page = await app.call(person.bearer, 'query', path, { cursor: next, client });
    text += page.text;
    next = nextOf(page.text);
  }
  return { status: 200, text };
}

function nextOf(text: string): string | null {
  return (JSON.parse(text) as { result: { data: { next: string | null } } }).result.data.next;
}

/** Where a stream of the replica that is opened now begins. */
async function startOf(app: TestApp, bearer: string): Promise<FeedPosition> {
  const stream = await listen(app, bearer, 'replica.stream', undefined);
  const first = await until(
    async () => /"position":"([\d.]+)"/.exec(stream.heard())?.[1],
    (place) => place !== undefined,
  );
  stream.stop();
  return first ?? firstPosition;
}

async function listen(app: TestApp, bearer: string, path: string, given: unknown) {
  const abort = new AbortController();
  const input = encodeURIComponent(JSON.stringify(path === 'replica.stream' ? { client } : given));
  const answer = await fetch(`${app.url}/trpc/${path}?input=${input}`, {
    headers: { authorization: `Bearer ${bearer}`, accept: 'text/event-stream' },
    signal: abort.signal,
  });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  let heard = '';
  const decoder = new TextDecoder();
  void (async () => {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>)
      heard += decoder.decode(chunk, { stream: true });
  })().catch(() => {});
  return { heard: () => heard, stop: () => abort.abort() };
}
