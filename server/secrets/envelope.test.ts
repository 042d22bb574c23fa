import { describe, expect, it } from 'vitest';
import { masterKey, openSecret, resealSecret, SecretError, sealSecret } from '#server/secrets/envelope.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const random = createSeededRandom(1, createFakeClock(0));
const key = () => masterKey(Buffer.from(random.bytes(32)));
const place = { ownerKind: 'channel', ownerId: '00000000-0000-4000-8000-000000000001', name: 'botToken' };

describe('a sealed secret', () => {
  it.each(['', 'xoxb-1', 'ünï 🔑', 'x'.repeat(8_000)])('opens to what it was (%#)', (text) => {
    const master = key();
    expect(openSecret(master, place, sealSecret(master, place, text, random))).toBe(text);
  });

  it('never looks the same twice and holds nothing of its plaintext', () => {
    const master = key();
    const [a, b] = [
      sealSecret(master, place, 'canary-canary', random),
      sealSecret(master, place, 'canary-canary', random),
    ];
    expect(a.equals(b)).toBe(false);
    expect(a.includes('canary')).toBe(false);
  });

  it.each([{ ownerKind: 'monitor' }, { ownerId: '00000000-0000-4000-8000-000000000002' }, { name: 'signingSecret' }])(
    'opens in no other place than its own: %j',
    (moved) => {
      const master = key();
      const sealed = sealSecret(master, place, 'secret', random);
      expect(() => openSecret(master, { ...place, ...moved }, sealed)).toThrow(SecretError);
      expect(() => resealSecret(master, key(), { ...place, ...moved }, sealed, random)).toThrow(SecretError);
    },
  );

  it('opens with no bit of it changed, none missing, and with no other key', () => {
    const master = key();
    const sealed = sealSecret(master, place, 'secret', random);
    for (let byte = 0; byte < sealed.length; byte += 1) {
      const changed = Buffer.from(sealed);
      changed[byte] = (changed[byte] ?? 0) ^ (1 << (byte % 8));
      expect(() => openSecret(master, place, changed), `byte ${byte}`).toThrow(SecretError);
      expect(() => openSecret(master, place, sealed.subarray(0, byte)), `cut at ${byte}`).toThrow(SecretError);
    }
    expect(() => openSecret(key(), place, sealed)).toThrow(SecretError);
    expect(() => openSecret({ ...master, id: 'another' }, place, sealed)).toThrow(SecretError);
  });

  it('opens under the next master key after it was resealed, and no longer under the old one', () => {
    const [old, next] = [key(), key()];
    const sealed = resealSecret(old, next, place, sealSecret(old, place, 'secret', random), random);
    expect(openSecret(next, place, sealed)).toBe('secret');
    expect(() => openSecret(old, place, sealed)).toThrow(SecretError);
  });

  it('is refused a key that is too short', () => {
    expect(() => masterKey(Buffer.alloc(16))).toThrow(/32 bytes/);
  });
});
