import { describe, expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createPasswords } from './passwords.ts';

const clock = createSystemClock();
const passwords = createPasswords({ random: createSystemRandom(clock) });

describe('passwords (S2)', () => {
  test('are stored as Argon2id with at least 19 MiB, two passes, one lane, each with its own salt', async () => {
    const [first, second] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(second).not.toBe(first);
  });

  test('only the right one matches, however its letters are composed', async () => {
    const stored = await passwords.hash('Ünïcode passwörd');
    expect(await passwords.verify(stored, 'Ünïcode passwörd')).toBe(true);
    expect(await passwords.verify(stored, 'Ünïcode passwörd'.normalize('NFD'))).toBe(true);
    expect(await passwords.verify(stored, 'Ünïcode passwörd ')).toBe(false);
    expect(await passwords.verify(stored, '')).toBe(false);
  });

  test('without a stored hash nothing matches', async () => {
    expect(await passwords.verify(null, '')).toBe(false);
    expect(await passwords.verify(null, 'x')).toBe(false);
  });

  test('no more than a few wait for their turn', { timeout: 60_000 }, async () => {
    const many = await Promise.allSettled(Array.from({ length: 80 }, () => passwords.verify(null, 'x')));
    expect(many.filter((one) => one.status === 'rejected').length).toBe(80 - 42);
    expect(await passwords.verify(null, 'x')).toBe(false);
  });
});
