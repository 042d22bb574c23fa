import { expect, test } from 'vitest';
import type { Authenticated } from '#server/api/authenticator.ts';
import { createOpenStreams } from '#server/api/open-streams.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

function person(userId: string): Authenticated {
  const actor = { userId, name: userId, role: 'viewer' as const, teamIds: [], sessionId: null };
  return { actor, current: () => Promise.resolve(actor) };
}

test('one person holds a hundred streams at most; the oldest gives way, and nobody else notices', () => {
  const streams = createOpenStreams({ clock: createFakeClock(0), logger: createMemoryLogger() });
  const closed: string[] = [];
  streams.add(person('other'), () => closed.push('other'));
  for (let i = 0; i < 102; i += 1) streams.add(person('greedy'), () => closed.push(`greedy ${i}`));
  expect(closed).toEqual(['greedy 0', 'greedy 1']);
  expect(streams.size()).toBe(101);
});
