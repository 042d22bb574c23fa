// One turn as a function of values: who is told, what the ledger says, which channels hear of it.
import { describe, expect, it } from 'vitest';
import type { EscalationStep, PolicyDraft } from '#server/contract/policy.ts';
import { createPagingConfig } from '#server/modules/config/paging-config.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import type { PagedIncident, PagingWorld } from '#server/modules/escalation/facts.ts';
import { noticed, seenOf } from '#server/modules/escalation/notice.ts';
import type { EscalationState, Forced } from '#server/modules/escalation/state.ts';
import { decideTurn, type TurnResult } from '#server/modules/escalation/turn.ts';
import { createTrace, type EntryDraft } from '#server/modules/ledger/trace.ts';
import { addressOf } from '#server/modules/notify/planning/address-of.ts';
import { causesOf } from '#server/modules/routing/inhibit.ts';
import { decisions } from '#server/paging/decisions.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import { people, policyId } from '#server/testkit/paging-sim/paging-config.ts';

const start = '2026-11-21T12:00:00.000Z';
const [ada, bo, cy, di] = people.map(({ id }) => id) as [string, string, string, string];
const [room, status] = [testId(801), testId(802)];
let ids = 1_000;
const newId = () => testId((ids += 1));

const step = (n: number, id: string): EscalationStep => ({
  id: testId(900 + n),
  targets: [{ type: 'user', id }],
  roundRobin: false,
  delayMinutes: 5,
  when: { severities: [], hours: 'any' },
  priority: 'by-route',
});

function document(kind: string, id: string, draft: unknown, state: unknown = {}): StoredDocument {
  return { $document: `${kind}/${id}@1`, kind, id, version: 1, draft, state } as unknown as StoredDocument;
}

interface Given {
  policy?: Partial<PolicyDraft>;
  /** Not to be disturbed for eight hours. */
  quiet?: string[];
  channelIds?: string[];
}

function worldOf({ policy, quiet = [], channelIds = [] }: Given): PagingWorld {
  const channel = (id: string, name: string) =>
    document('channel', id, { name, kind: 'slack', enabled: true, settings: {}, secrets: {} });
  const route = { name: 'All', enabled: true, condition: 'true', policyId, priority: 'default', service: '' };
  const draft = {
    name: 'critical',
    description: '',
    teamId: null,
    steps: [step(1, bo), step(2, cy)],
    repeat: 0,
    acknowledgementsNeeded: 1,
    pageAgain: 'severity-rises',
    workingHours: null,
    ...policy,
  };
  const responder = (id: string) =>
    document(
      'responder',
      id,
      {
        timeZone: 'UTC',
        contactMethods: [],
        rules: { default: [], important: [] },
        quietHours: null,
        doNotDisturb: { until: '2026-11-21T20:00:00.000Z', importantPass: false },
      },
      { verified: {} },
    );
  const config = createPagingConfig(1, [
    channel(room, 'room'),
    channel(status, 'status'),
    document('route', testId(810), { ...route, holdSeconds: 0, channelIds }, { position: 0, builtIn: true }),
    document('policy', policyId, draft),
    ...quiet.map(responder),
  ]);
  const members = new Map(people.map((person) => [person.id, person]));
  return { config, people: members, teams: new Map(), silences: [], open: [], mode: 'live', fallbackChannelId: null };
}

const opened = anIncident({ id: testId(50), startedAt: start });
const fresh = noticed(null, opened, start).next;

function turn(
  state: EscalationState,
  given: Given = {},
  now = start,
  change: Partial<typeof opened> = {},
): TurnResult & { entries: readonly EntryDraft[] } {
  const { declaredBy: _by, ...rest } = { ...opened, ...change };
  const facts = { declared: false, worst: null, firing: 0, suppressed: 0, suppressedBy: {} };
  const incident = { ...rest, ...facts } as unknown as PagedIncident;
  const trace = createTrace({ decisions, incidentId: incident.id, at: now, newId });
  const deps = { decisions, causesOf, lookupInput: () => null, addressOf, newId };
  const result = decideTurn({ incident, world: worldOf(given), turns: new Map() }, state, now, trace, deps);
  return { ...result, entries: trace.entries };
}
const paged = ({ pages }: TurnResult) => pages.map(({ userId }) => people.find(({ id }) => id === userId)?.name);
const titles = ({ entries }: { entries: readonly EntryDraft[] }) => entries.map(({ title }) => title);
const byAda = (change: Partial<Forced> = {}): Forced => ({
  by: ada,
  byName: 'Ada',
  via: 'Slack',
  at: start,
  target: null,
  ...change,
});

describe('a run whose people are not to be disturbed', () => {
  it('goes on with the next step at once, and their page stands', () => {
    const result = turn(fresh, { quiet: [bo] });
    expect(paged(result)).toEqual(['Bo', 'Cy']);
    expect(result.notifications.map(({ dueAt }) => dueAt)).toEqual(['2026-11-21T20:00:00.000Z', start]);
    expect(titles(result)).toContain('Do-not-disturb holds everybody of step 1');
    expect(result.next).toMatchObject({ status: 'waiting', loop: 1, nextAt: '2026-11-21T12:05:00.000Z' });
  });

  it('asks the same people again at the usual time when the last step alone is held', () => {
    const first = turn(fresh, { policy: { repeat: 1 } }).next;
    const now = '2026-11-21T12:05:00.000Z';
    const result = turn(first, { quiet: [cy], policy: { repeat: 1 } }, now);
    expect(paged(result)).toEqual(['Cy']);
    expect(result.next).toMatchObject({ status: 'waiting', loop: 1, nextAt: '2026-11-21T12:10:00.000Z' });
  });

  it('ends with the administrators, whom it tells on their desktops whatever they asked for', () => {
    const result = turn(fresh, { quiet: [ada, bo, cy] });
    expect(paged(result)).toEqual(['Bo', 'Cy', 'Ada']);
    const why = 'do-not-disturb holds everybody whom critical reaches';
    expect(result.next).toMatchObject({ status: 'nobody', reason: why, fallbackRun: 1 });
    expect(titles(result)).toContain(`Paging fell back: ${why}`);
    const now = result.notifications.filter(({ dueAt }) => dueAt === start);
    expect(now.map(({ userId, via }) => [userId, via])).toEqual([[ada, 'desktop']]);
  });

  it('goes on while its policy repeats', () => {
    const result = turn(fresh, { quiet: [bo, cy], policy: { repeat: null } });
    expect(result.next).toMatchObject({ status: 'waiting', fallbackRun: 1, nextAt: '2026-11-21T12:05:00.000Z' });
  });

  it('falls back too when it began in the midst of its policy', () => {
    const stopped = { ...fresh, run: 1, status: 'stopped', policyId, routeId: testId(810), step: 1, loop: 0 } as const;
    const acknowledged = { status: 'acknowledged', acknowledgedBy: bo } as const;
    const state: EscalationState = {
      ...stopped,
      stepId: testId(902),
      nextAt: null,
      seen: seenOf({ ...opened, ...acknowledged }),
      forced: byAda(),
      changed: true,
    };
    const result = turn(state, { quiet: [cy] }, start, acknowledged);
    expect(paged(result)).toEqual(['Cy', 'Ada']);
    expect(result.next).toMatchObject({ run: 2, status: 'nobody', fallbackRun: 2 });
  });
});

describe('escalating by hand', () => {
  const first = turn(fresh).next;

  it('says in the ledger and in the page by whom and through what', () => {
    const result = turn({ ...first, forced: byAda(), changed: true });
    expect(result.pages).toMatchObject([
      { userId: cy, reason: 'step 2 of critical, escalated by hand by Ada via Slack; named in the step' },
    ]);
    const entry = result.entries.find(({ kind }) => kind === 'forced');
    expect(entry).toMatchObject({ title: 'Ada escalated', detail: 'the next step now via Slack', userId: ada });
    expect(JSON.parse(entry!.input)).toMatchObject({ via: 'Slack', byName: 'Ada' });

    const target = { type: 'user', id: cy } as const;
    const named = turn({ ...first, forced: byAda({ via: 'phone page', target }), changed: true });
    expect(named.pages).toMatchObject([
      { userId: cy, reason: 'escalated by hand by Ada via phone page; named by Ada' },
    ]);
    // What an earlier version had written down has no such word.
    const { via: _via, ...old } = byAda();
    const before = turn({ ...first, forced: old, changed: true });
    expect(before.pages[0]?.reason).toBe('step 2 of critical, escalated by hand by Ada; named in the step');
  });

  it('after the last step begins again with the first, instead of ending', () => {
    const second = turn(first, {}, '2026-11-21T12:05:00.000Z').next;
    expect(second).toMatchObject({ status: 'waiting', stepId: null, loop: 1 });
    const result = turn({ ...second, forced: byAda(), changed: true }, {}, '2026-11-21T12:06:00.000Z');
    expect(paged(result)).toEqual(['Bo']);
    expect(result.next).toMatchObject({ run: 2, status: 'waiting', reason: 'step 1 of critical' });
    expect(titles(result)).toContain('Every step of critical was done');
  });

  it('pages the administrators where the steps that are left reach nobody', () => {
    const policy = { steps: [step(1, bo), step(2, di)] };
    const waiting = turn(fresh, { policy }).next;
    const result = turn({ ...waiting, forced: byAda(), changed: true }, { policy });
    expect(paged(result)).toEqual(['Ada']);
    expect(result.next).toMatchObject({ run: 1, status: 'nobody', fallbackRun: 1 });
  });
});

describe('channels of the route', () => {
  it('hear once that it opened; a new run tells only those that had not heard', () => {
    const open = turn(fresh, { channelIds: [room] });
    expect(open.tell).toEqual([room]);
    const acknowledged = { status: 'acknowledged', acknowledgedBy: bo } as const;
    const answered: EscalationState = {
      ...open.next,
      status: 'stopped',
      nextAt: null,
      seen: seenOf({ ...opened, ...acknowledged }),
      forced: byAda(),
      changed: true,
    };
    const again = turn(answered, { channelIds: [room] }, start, acknowledged);
    expect(again.next.run).toBe(2);
    expect(paged(again)).toEqual(['Cy']);
    expect(again.tell).toEqual([]);
    expect(titles(again)).toContain('Not told again: room');

    const worse = { ...acknowledged, severity: 'sev1' } as const;
    const risen = turn({ ...answered, forced: null }, { channelIds: [room] }, start, worse);
    expect(risen.next.run).toBe(2);
    expect(risen.tell).toEqual([]);
    const reopened = turn({ ...answered, forced: null }, { channelIds: [room] });
    expect(reopened.tell).toEqual([room]);
    // Another route than before: its channels have not heard.
    const elsewhere = { ...answered, routeId: testId(999) };
    expect(turn(elsewhere, { channelIds: [status] }, start, acknowledged).tell).toEqual([status]);
  });
});
