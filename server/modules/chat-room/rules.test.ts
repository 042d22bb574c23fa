import { describe, expect, it } from 'vitest';
import { decideDelete, decideEdit, decidePromote, newMessage } from '#server/modules/chat-room/rules.ts';
import { mirrorState, mirrorStep, retryAt } from '#server/modules/chat-room/mirror-rules.ts';
import type { ChatState } from '#server/modules/chat-room/state.ts';

const at = '2026-11-21T14:00:00.000Z';
const open = { id: 'i', restrictedTo: null };
const people: Record<string, { teamIds: string[]; disabled: boolean }> = {
  mara: { teamIds: ['red'], disabled: false },
  otto: { teamIds: ['blue'], disabled: false },
  gone: { teamIds: ['red'], disabled: true },
};
function facts(userId = 'mara', baseVersion: number | null = null) {
  return {
    actor: { userId, name: userId, role: 'responder' as const, teamIds: [] },
    at,
    actedAt: at,
    baseVersion,
    person(id: string) {
      const known = people[id];
      return known === undefined ? null : { id, name: id, role: 'responder' as const, ...known };
    },
  };
}
const post = (mentions: string[] = [], replyTo: string | null = null) =>
  ({ kind: 'chat.post', incidentId: 'i', messageId: 'm', text: 'hi', mentions, replyTo }) as const;
const message = (change: Partial<ChatState> = {}): ChatState => ({
  ...newMessage(open, post(), facts(), null),
  ...change,
});

describe('a message', () => {
  it('mentions those who are here and may see the incident, each once', () => {
    const red = { id: 'i', restrictedTo: ['red'] };
    const mentions = ['mara', 'mara', 'otto', 'gone', 'nobody'];
    expect(newMessage(open, post(mentions), facts(), null).mentions).toEqual(['mara', 'otto']);
    expect(newMessage(red, post(mentions), facts(), null).mentions).toEqual(['mara']);
  });

  it('answers only a message of its own room', () => {
    expect(newMessage(open, post([], 'other'), facts(), { incidentId: 'i' }).replyTo).toBe('other');
    expect(newMessage(open, post([], 'other'), facts(), { incidentId: 'j' }).replyTo).toBeNull();
    expect(newMessage(open, post([], 'other'), facts(), null).replyTo).toBeNull();
  });

  it('is changed and deleted by who wrote it, and by nobody else', () => {
    const change = { text: 'ho', mentions: [] };
    expect(decideEdit(open, message(), change, facts())).toMatchObject({
      outcome: 'applied',
      next: { text: 'ho', editedAt: at, version: 2, textVersion: 2 },
    });
    expect(decideEdit(open, message(), change, facts('otto'))).toMatchObject({ code: 'forbidden' });
    expect(decideDelete(message(), facts('otto'))).toMatchObject({ code: 'forbidden' });
    expect(decideDelete(message({ source: 'slack' }), facts())).toMatchObject({ code: 'forbidden' });
    expect(decideDelete(message({ mentions: ['otto'] }), facts())).toMatchObject({
      next: { text: '', mentions: [], deletedAt: at },
    });
    expect(decideDelete(message({ deletedAt: at }), facts())).toMatchObject({ outcome: 'noop' });
    expect(decideEdit(open, message({ deletedAt: at }), change, facts())).toMatchObject({ code: 'invalid' });
    expect(decideEdit(open, message(), { text: 'hi', mentions: [] }, facts())).toMatchObject({ outcome: 'noop' });
  });

  it('asks its author which text stays after an edit on another device, and not for a change of something else', () => {
    const change = { text: 'ho', mentions: [] };
    const edited = message({ version: 5, textVersion: 4, text: 'elsewhere' });
    expect(decideEdit(open, edited, change, facts('mara', 3))).toMatchObject({ outcome: 'conflict' });
    expect(decideEdit(open, edited, change, facts('mara', 4))).toMatchObject({ outcome: 'applied' });
  });

  it('goes on the timeline once, at the time it was said', () => {
    const promoted = decidePromote(message(), { entryId: 'e' }, facts('otto'));
    expect(promoted).toMatchObject({
      next: { entryId: 'e' },
      entries: [{ id: 'e', at, kind: 'note', text: 'mara: hi' }],
    });
    expect(decidePromote(message({ entryId: 'e' }), { entryId: 'f' }, facts())).toMatchObject({ outcome: 'noop' });
    expect(decidePromote(message({ deletedAt: at }), { entryId: 'f' }, facts())).toMatchObject({ code: 'invalid' });
  });
});

describe('what a room elsewhere needs', () => {
  const step = (providerTs: string | null, unknown: number, deletedAt: string | null, restricted: boolean) =>
    mirrorStep({ providerTs, unknown }, { deletedAt }, { restrictedTo: restricted ? ['red'] : null }).do;

  it.each([
    [null, 0, null, false, 'post'],
    [null, 1, null, false, 'find'],
    ['1.1', 0, null, false, 'change'],
    [null, 0, at, false, 'drop'],
    [null, 1, at, false, 'find'],
    ['1.1', 0, at, false, 'remove'],
    [null, 0, null, true, 'drop'],
    [null, 1, null, true, 'drop'],
    ['1.1', 0, null, true, 'keep'],
    ['1.1', 0, at, true, 'remove'],
  ] as const)('there %s, unknown %i, deleted %s, restricted %s: %s', (ts, unknown, deleted, restricted, wanted) => {
    expect(step(ts, unknown, deleted, restricted)).toBe(wanted);
  });

  it('is tried less and less often, as late as is asked, and not for ever', () => {
    const nowMs = Date.parse(at);
    const again = (attempts: number, permanent = false, retryAfterMs: number | null = null, queuedAt = at) =>
      retryAt({ attempts, queuedAt }, { permanent, retryAfterMs }, nowMs);
    expect([1, 2, 3, 4, 5, 50].map((n) => (Date.parse(again(n) ?? '') - nowMs) / 1_000)).toEqual([
      5, 15, 60, 180, 300, 300,
    ]);
    expect(again(1, false, 30_000)).toBe('2026-11-21T14:00:30.000Z');
    expect(again(1, true)).toBeNull();
    expect(again(9, false, null, '2026-11-21T07:59:59.000Z')).toBeNull();
  });

  it('is told by the worst of its rooms', () => {
    expect([[], ['sent'], ['sent', 'waiting'], ['waiting', 'failed']].map((s) => mirrorState(s as never))).toEqual([
      'none',
      'sent',
      'waiting',
      'failed',
    ]);
  });
});
