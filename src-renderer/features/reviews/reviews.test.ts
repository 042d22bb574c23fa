import { describe, expect, it } from 'vitest';
import type { FollowUp, Postmortem } from '#server/contract/postmortem.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { draftText, parseDraft } from './review-draft.ts';
import { followUpCounts, openFollowUps, reviewsOf, stateOf } from './review-facts.ts';

const nowMs = Date.parse('2026-11-22T12:00:00.000Z');
const day = (n: number) => new Date(nowMs + n * 86_400_000).toISOString();

function followUp(id: string, dueAt: string | null, doneAt: string | null = null): FollowUp {
  return { id, title: id, ownerId: null, dueAt, doneAt };
}

function review(incidentId: string, change: Partial<Postmortem> = {}): Postmortem {
  return {
    id: `r-${incidentId}`,
    version: 1,
    incidentId,
    summary: '',
    causes: '',
    wentWell: '',
    wentBadly: '',
    followUps: [],
    updatedAt: day(-1),
    updatedBy: null,
    ...change,
  };
}

const closed = (id: string, resolvedAt: string, change = {}) =>
  sampleIncident(id, { status: 'resolved', resolvedAt, ...change });

describe('the list of reviews', () => {
  it('has every closed incident, written or not, the newest first, and open ones that somebody began', () => {
    const rows = reviewsOf(
      [
        closed('a', day(-3)),
        closed('b', day(-1)),
        closed('merged', day(-1), { mergedInto: 'a' }),
        sampleIncident('open'),
        sampleIncident('begun', { startedAt: day(0) }),
      ],
      [review('b', { state: 'done' }), review('begun')],
      [],
    );
    expect(rows.map(({ incident, review: own }) => [incident.id, own === null ? null : stateOf(own)])).toEqual([
      ['begun', 'draft'],
      ['b', 'done'],
      ['a', null],
    ]);
  });

  it('adds what the center still knows, and prefers what this machine heard since', () => {
    const old = closed('old', day(-90));
    const asked = [
      { incident: old, review: review('old', { version: 4 }) },
      { incident: closed('a', day(-3)), review: review('a', { version: 9, summary: 'asked' }) },
    ];
    const rows = reviewsOf([closed('a', day(-3))], [review('a', { summary: 'held' })], asked);
    expect(rows.map(({ incident, review: own }) => [incident.id, own?.version, own?.summary])).toEqual([
      ['a', 1, 'held'],
      ['old', 4, ''],
    ]);
    const since = reviewsOf([], [review('old', { version: 5 })], asked);
    expect(since.find(({ incident }) => incident.id === 'old')?.review?.version).toBe(5);
  });
});

describe('follow-ups', () => {
  const own = review('a', {
    followUps: [
      followUp('someday', null),
      followUp('next', day(3)),
      followUp('late', day(-2)),
      followUp('done', day(-9), day(-1)),
    ],
  });

  it('are in the order of their days, the late ones marked, and what is done is gone', () => {
    const open = openFollowUps(reviewsOf([closed('a', day(-1))], [own], []), nowMs);
    expect(open.map(({ followUp: { id }, overdue }) => [id, overdue])).toEqual([
      ['late', true],
      ['next', false],
      ['someday', false],
    ]);
  });

  it('are counted', () => {
    expect(followUpCounts(own, nowMs)).toEqual({ all: 4, done: 1, overdue: 1 });
    expect(followUpCounts(null, nowMs)).toEqual({ all: 0, done: 0, overdue: 0 });
  });
});

describe('what is written and not sent', () => {
  it('comes back as it was', () => {
    const draft = { base: 3, changes: { summary: 'S', followUps: [] } };
    expect(parseDraft(draftText(draft))).toEqual(draft);
  });

  it.each(['', '{', '{"base":"x"}', '{"base":1,"changes":{"summary":7}}'])(
    'is nothing where it cannot be read: %j',
    (text) => {
      expect(parseDraft(text)).toBeNull();
    },
  );

  it('is nothing where nothing was changed', () => {
    expect([draftText(null), draftText({ base: 1, changes: {} })]).toEqual(['', '']);
  });
});
