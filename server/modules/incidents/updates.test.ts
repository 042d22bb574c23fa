import { describe, expect, it } from 'vitest';
import { decideNote, decideStar } from '#server/modules/incidents/updates.ts';
import { next, someFacts } from '#server/testkit/incident-facts.ts';
import { testId } from '#server/testkit/incidents.ts';

const incidentId = testId(1);
const entryId = testId(21);

describe('a note', () => {
  const note = (at: string | null) =>
    ({ kind: 'incident.note', incidentId, entryId, text: 'Saw it first here', at }) as const;

  it('stands where the person acted, offline or not', () => {
    const facts = someFacts({ actedAt: '2026-11-21T11:00:00.000Z' });
    expect(next(decideNote(note(null), facts))).toMatchObject({
      id: entryId,
      at: '2026-11-21T11:00:00.000Z',
      detail: null,
    });
  });

  it('can be dated back, and says that it was', () => {
    expect(next(decideNote(note('2026-11-20T08:00:00.000Z'), someFacts()))).toMatchObject({
      at: '2026-11-20T08:00:00.000Z',
      detail: 'Dated by Mara, written 21 Nov 13:00 UTC',
    });
  });

  it('is not about the future, give or take a clock, nor older than 30 days', () => {
    expect(decideNote(note('2026-11-21T13:02:00.000Z'), someFacts())).toMatchObject({ code: 'invalid' });
    expect(next(decideNote(note('2026-11-21T13:00:30.000Z'), someFacts())).at).toBe('2026-11-21T13:00:00.000Z');
    expect(decideNote(note('2026-10-22T12:59:59.000Z'), someFacts())).toMatchObject({ code: 'invalid' });
    expect(decideNote(note('2026-10-22T13:00:00.000Z'), someFacts()).outcome).toBe('applied');
  });
});

it('a star is set once and taken once', () => {
  const entry = {
    id: entryId,
    version: 1,
    incidentId,
    at: '2026-11-21T12:00:00.000Z',
    recordedAt: '2026-11-21T12:00:00.000Z',
    kind: 'note',
    source: 'person',
    actorId: null,
    actor: 'Mara',
    text: 'x',
    detail: null,
    alertId: null,
    starred: false,
  } as const;
  const star = (starred: boolean) => ({ kind: 'incident.star', incidentId, entryId, starred }) as const;
  expect(next(decideStar(entry, star(true)))).toMatchObject({ starred: true, version: 2 });
  expect(decideStar(entry, star(false)).outcome).toBe('noop');
});
