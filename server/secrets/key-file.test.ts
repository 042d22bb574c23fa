import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { masterKey } from '#server/secrets/envelope.ts';
import { loadSecretKeys } from '#server/secrets/key-file.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createSeededRandom } from '#server/testkit/random.ts';

const random = createSeededRandom(2, createFakeClock(0));
const newKey = () => Buffer.from(random.bytes(32)).toString('base64');
const idOf = (text: string) => masterKey(Buffer.from(text, 'base64')).id;

describe('the keys of the secrets', () => {
  let dataDir: string;
  let path: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'tocsin-keys-'));
    path = join(dataDir, 'secret.key');
  });
  afterEach(() => rmSync(dataDir, { recursive: true }));
  const load = (configured: string[] | null = null, inUse: { keyId: string; count: number }[] = []) =>
    loadSecretKeys({ configured, dataDir, inUse, random });

  it('are made once, in a file that only its owner can read, and never again', () => {
    const [made] = load();
    const text = readFileSync(path, 'utf8');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(Buffer.from(text, 'base64')).toHaveLength(32);
    expect(load()).toEqual([made]);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('are made in a data folder that is not there yet', () => {
    const inside = join(dataDir, 'a', 'b');
    loadSecretKeys({ configured: null, dataDir: inside, inUse: [], random });
    expect(statSync(join(inside, 'secret.key')).mode & 0o777).toBe(0o600);
  });

  it('come from the configuration when it has some, and then no file is made', () => {
    const [a, b] = [newKey(), newKey()];
    expect(load([a, b]).map(({ id }) => id)).toEqual([idOf(a), idOf(b)]);
    expect(existsSync(path)).toBe(false);
  });

  it('may be several in the file, the first of which seals', () => {
    const [a, b] = [newKey(), newKey()];
    writeFileSync(path, `${a}\n${b}\n`, { mode: 0o600 });
    expect(load().map(({ id }) => id)).toEqual([idOf(a), idOf(b)]);
  });

  it('are closed to others when a restored file is open', () => {
    writeFileSync(path, `${newKey()}\n`);
    chmodSync(path, 0o644);
    load();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('stop the start when stored secrets need one that is gone, and no new file hides that', () => {
    const inUse = [{ keyId: idOf(newKey()), count: 3 }];
    expect(() => load(null, inUse)).toThrow(/holds 3 sealed secrets, and .*secret\.key with their key is gone.*backup/);
    expect(existsSync(path)).toBe(false);
    expect(() => load([newKey()], inUse)).toThrow(
      new RegExp(`3 stored secrets are sealed.*${inUse[0]?.keyId}.*TOCSIN_SECRET_KEY`),
    );
    writeFileSync(path, newKey());
    expect(() => load(null, inUse)).toThrow(/not here/);
  });

  it.each(['', '\n', 'not a key', 'AAAA'])('stop the start when the file is damaged (%j)', (text) => {
    writeFileSync(path, text);
    expect(() => load()).toThrow(/secret\.key (is empty|does not hold 32 bytes)/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
