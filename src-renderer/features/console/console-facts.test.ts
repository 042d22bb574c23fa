import { describe, expect, it } from 'vitest';
import { sampleAsks, samplePolls } from '../../testkit/sample-console.ts';
import { samplePeople } from '../../testkit/sample-ids.ts';
import { asksSummary, byAskUrgency, byPollUrgency, pollCounts, waitsForMyWord } from './console-facts.ts';

const now = Date.parse('2026-11-21T14:32:10.000Z');
const at =
  (sign: number) =>
  (minutes: number, seconds = 0) =>
    new Date(now + sign * (minutes * 60 + seconds) * 1_000).toISOString();
const asks = sampleAsks(at(-1), at(1));
const polls = samplePolls(at(-1), at(1));

describe('asks', () => {
  it('are listed by how little time is left, and what ended comes last', () => {
    expect([...asks].sort(byAskUrgency).map((ask) => ask.ownerId)).toEqual([
      samplePeople.lucia,
      samplePeople.priya,
      samplePeople.diego,
    ]);
  });

  it('are overdue after their time, unless they ended', () => {
    expect(asksSummary(asks, now)).toEqual({ waiting: 2, overdue: 1, longestMs: 3 * 60_000 });
    expect(asksSummary(asks, now + 4 * 60_000)).toMatchObject({ waiting: 2, overdue: 2 });
    const cancelled = asks.map((ask) => ({ ...ask, cancelledAt: at(-1)(1) }));
    expect(asksSummary(cancelled, now)).toEqual({ waiting: 0, overdue: 0, longestMs: 0 });
  });
});

describe('polls', () => {
  const [poll] = polls;
  if (poll === undefined) throw new Error('the sample has a poll');

  it('wait for the word of who was asked and has not spoken', () => {
    expect(waitsForMyWord(poll, samplePeople.priya)).toBe(true);
    expect(waitsForMyWord(poll, samplePeople.diego)).toBe(false);
    expect(waitsForMyWord(poll, samplePeople.kenji)).toBe(false);
    expect(waitsForMyWord({ ...poll, outcome: 'carried' }, samplePeople.priya)).toBe(false);
  });

  it('count objections, agreement and silence', () => {
    expect(pollCounts(poll)).toEqual({ objections: 1, agreed: 1, silent: [samplePeople.priya] });
  });

  it('are listed open ones first', () => {
    const closed = { ...poll, id: 'closed', outcome: 'carried' as const, closedAt: at(-1)(1) };
    expect([closed, poll].sort(byPollUrgency).map(({ id }) => id)).toEqual([poll.id, 'closed']);
  });
});
