import { expect, it } from 'vitest';
import { argon2id, createArgon2id } from './argon2id.ts';

const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const salt = new Uint8Array(16).fill(9);
const unsupported = async (): Promise<never> => {
  throw Object.assign(new Error('Argon2 algorithm not supported'), { code: 'ERR_CRYPTO_ARGON2_NOT_SUPPORTED' });
};

it('makes the same bytes where the program is built without Argon2, as in the desktop app', async () => {
  const hex = async (by: typeof argon2id): Promise<string> =>
    Buffer.from(await by('Grüße, 東京', salt, cost, 32)).toString('hex');
  const own = await hex(argon2id);
  expect(own).toMatch(/^[0-9a-f]{64}$/);
  expect(await hex(createArgon2id(unsupported))).toBe(own);
  expect(await hex(createArgon2id(null))).toBe(own);
});

it('asks for what is missing once, and hides no other failure', async () => {
  let asked = 0;
  const missing = createArgon2id(async () => {
    asked += 1;
    return unsupported();
  });
  const small = { memory: 64, passes: 1, parallelism: 1 };
  await missing('a', salt, small, 32);
  await missing('', salt, small, 32);
  expect(asked).toBe(1);
  const broken = createArgon2id(() => Promise.reject(new Error('out of memory')));
  await expect(broken('a', salt, small, 32)).rejects.toThrow('out of memory');
});
