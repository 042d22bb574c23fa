// The real screens over the sample state, with no server: for looking at them and for taking their pictures.
// `?state=live|offline|stale|empty|away&theme=dark|light|contrast&services=500&events=20000`, then the screen's hash.
import { thisCenter } from '#server/contract/client.ts';
import type { OncallPreviewInput } from '#server/contract/oncall.ts';
import type { Change, EntityName } from '#server/contract/replica.ts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { v7 } from 'uuid';
import { createHost } from '../api/host.ts';
import type { Away, AwayChange } from '../replica/feed/away.ts';
import { createMemoryStorage } from '../replica/storage/memory-storage.ts';
import { systemRandom } from '../replica/random.ts';
import { createReplica, type Replica } from '../replica/replica.ts';
import type { Row } from '../replica/rows/rows.ts';
import { Frame } from '../features/frame/frame.tsx';
import { type Session, SessionProvider } from '../session.tsx';
import { after, deviceNow } from '../time.ts';
import '../ui/fonts.css';
import '../ui/tokens.css';
import '../ui/base.css';
import { startTheme, themes, useTheme } from '../ui/theme.ts';
import { sampleIncidentIds, samplePeople } from './sample-ids.ts';
import { sampleInsights } from './sample-insights.ts';
import { samplePreview } from './sample-rosters.ts';
import { sampleUpdatePreview } from './sample-updates.ts';
import { manyServices } from './sample-services.ts';
import { moreIncidents, sampleChanges } from './sample-state.ts';
import { manyEvents, manyHours } from './sample-timeline.ts';

const wanted = new URLSearchParams(window.location.search);
const state = wanted.get('state') ?? 'live';
startTheme();
useTheme.getState().setTheme(themes.find((theme) => theme === wanted.get('theme')) ?? 'dark');

const me = {
  id: samplePeople.priya,
  name: 'Priya Raman',
  login: 'priya',
  role: 'manager' as const,
  teamIds: [],
  organisationName: 'larkspur-prod',
};

const startedAt = deviceNow();
const updates = {
  preview: { mutate: async (question: Parameters<typeof sampleUpdatePreview>[0]) => sampleUpdatePreview(question) },
};
const settings = {
  get: {
    query: async () => ({
      organisationName: 'larkspur-prod',
      approverFrom: 'sev1',
      cadenceMinutes: { sev1: 15, sev2: 30, sev3: 60, info: null },
    }),
  },
};
const insights = { report: { query: async () => sampleInsights(startedAt) } };
const oncall = {
  preview: { query: async (input: OncallPreviewInput) => samplePreview(startedAt, input) },
  feedAddress: { mutate: async () => ({ url: 'https://tocsin.example.com/calendars/3k9x.ics' }) },
};

const reviews = { unfinished: { query: async () => ({ items: [] }) } };
const answering: Record<string, unknown> = { oncall, insights, updates, settings, reviews };

/** Answers only who is on call and how it went: what else a screen asks beside the replica fails as it would without a network. */
const noApi = new Proxy(() => undefined, {
  get: (_target, name) => (name === 'then' ? undefined : (answering[String(name)] ?? noApi)),
  apply: () => Promise.reject(new Error('no server here')),
}) as unknown as Session['api'];

/** The shop, with a catalog made up by number where one is asked for. */
function sample(): Change[] {
  const shop = state === 'empty' ? sampleChanges(startedAt).slice(0, 1) : sampleChanges(startedAt);
  const rows = [...shop, ...moreIncidents(Number(wanted.get('incidents') ?? 0), startedAt)];
  const events = Number(wanted.get('events') ?? 0);
  if (events > 0) {
    rows.forEach((row) => {
      if (row.op === 'put' && row.id === sampleIncidentIds.checkout) {
        row.body = { ...(row.body as object), startedAt: new Date(startedAt - manyHours * 3_600_000).toISOString() };
      }
    });
    rows.push(
      ...manyEvents(events, startedAt).map((body): Change => ({
        op: 'put',
        entity: 'timeline',
        id: body.id,
        version: 1,
        body,
      })),
    );
  }
  const count = Number(wanted.get('services') ?? 0);
  if (count === 0) return rows;
  return [
    ...rows.filter(({ entity }) => entity !== 'service'),
    ...manyServices(count).map((body): Change => ({ op: 'put', entity: 'service', id: body.id, version: 1, body })),
  ];
}

const ageMs = state === 'offline' ? 141_000 : state === 'stale' ? 60_000 : 0;

const replica = createReplica({
  handshake: async () => ({ ...thisCenter('0.1.0'), name: '', serverNow: '2026-11-21T14:00:00.000Z' }),
  storage: createMemoryStorage(),
  me,
  uuid: v7,
  now: deviceNow,
  after,
  random: systemRandom,
  onServerTime: () => undefined,
  news: () => undefined,
  send: async () => ({ kind: 'unreachable' }),
  transport: {
    snapshotPage: async () => ({
      position: '1.1',
      serverNow: new Date(startedAt).toISOString(),
      changes: sample(),
      next: null,
    }),
    open(position, handlers) {
      let closed = false;
      const beat = () => {
        if (closed) return;
        handlers.message({
          previous: position,
          position,
          serverNow: new Date(deviceNow()).toISOString(),
          changes: [],
          reset: null,
        });
        if (ageMs === 0) after(2_000, beat);
      };
      after(10, beat);
      return () => {
        closed = true;
      };
    },
  },
});

async function play(): Promise<void> {
  await replica.start();
  await new Promise<void>((resolve) => after(200, resolve));
  if (state === 'away') replica.store.setState({ away: sampleAway(replica, startedAt) });
  if (ageMs === 0) return;
  replica.stream.stop();
  const heardAt = deviceNow() - ageMs;
  const connection = {
    reachable: state !== 'offline',
    silent: false,
    heardAt,
    dataAt: heardAt,
    keptAt: null,
    retryAt: state === 'offline' ? deviceNow() + 11_000 : null,
  };
  if (state === 'offline') await queueSome(replica);
  replica.store.setState({ connection });
}

/** Ten minutes in which others went on. */
function sampleAway({ view }: Replica, until: number): Away {
  const rows = (entity: EntityName): Row[] => [...view.held(entity).values()];
  const news =
    (entity: EntityName) =>
    (row: Row): AwayChange => ({ entity, id: row.id, before: null, after: row });
  const changes = [
    ...rows('incident').map((row): AwayChange => {
      const before = { ...row, severity: 'sev3', status: 'triggered', firingAlertCount: 1 } as Row;
      return { entity: 'incident', id: row.id, before, after: row };
    }),
    ...rows('timeline').slice(-14).map(news('timeline')),
    ...rows('alert').map(news('alert')),
    ...rows('chat').map(news('chat')),
    ...rows('schedule').map(news('schedule')),
  ];
  return { since: until - 600_000, until, total: changes.length, changes };
}

async function queueSome(target: Replica): Promise<void> {
  target.store.setState((old) => ({ connection: { ...old.connection, reachable: false } }));
  const incidentId = sampleIncidentIds.checkout;
  const note = (text: string) =>
    target.outbox.submit({ kind: 'incident.note', incidentId, entryId: v7(), text, at: null });
  await note('pay-7f9c is draining, 371 connections');
  await note('Acquirer desk says their side is green');
  await target.outbox.submit({ kind: 'incident.acknowledge', incidentId: sampleIncidentIds.refunds });
  await target.outbox.submit({ kind: 'incident.set-severity', incidentId, severity: 'sev2' });
  await target.outbox.submit({ kind: 'escalation.escalate', incidentId, target: null });
  const items = [...target.outbox.items()];
  const last = items[3];
  const third = items[2];
  if (third !== undefined) items[2] = { ...third, state: 'waiting', madeAt: deviceNow() - 480_000 };
  if (last !== undefined) {
    const current = target.view.base('incident', incidentId);
    const theirs = { by: 'Mara Lindqvist', at: new Date(deviceNow() - 60_000).toISOString() };
    items[3] = { ...last, state: 'conflict', reason: null, current, theirs };
  }
  target.outbox.load(items);
}

const session: Session = {
  me,
  serverUrl: 'http://127.0.0.1:7300',
  serverName: 'larkspur-prod',
  api: noApi,
  host: createHost(window),
  replica,
  uuid: v7,
  signOut: async () => undefined,
  onNews: () => () => undefined,
};

const root = document.querySelector('#root');
if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <SessionProvider session={session}>
        <Frame />
      </SessionProvider>
    </QueryClientProvider>,
  );
}
void play();
