import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SafeStorage, StorageOffer } from './host.ts';
import { createSessionToken } from './session-token.ts';

describe('the token of the sign-in', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'tocsin-token-'));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  const encoding: SafeStorage = {
    encrypt: async (text) => Buffer.from(Buffer.from(text).toString('base64')),
    decrypt: async (data) => Buffer.from(data.toString(), 'base64').toString(),
  };

  const kept = (storage: SafeStorage | null, file: string) => {
    const offer: StorageOffer = storage === null ? { kind: 'none', why: 'none here' } : { kind: 'safe', storage };
    return createSessionToken(offer, () => false, file);
  };

  it('outlives the app in safe storage, never in plain text', async () => {
    const file = join(dir, 'session');
    await kept(encoding, file).set('refresh-1');
    expect(await readFile(file, 'utf8')).not.toContain('refresh-1');
    const next = kept(encoding, file);
    expect(await next.get()).toBe('refresh-1');
    await next.clear();
    expect(await kept(encoding, file).get()).toBe(null);
  });

  it('stays in memory where the system has no safe place', async () => {
    const file = join(dir, 'session');
    const token = kept(null, file);
    await token.set('refresh-1');
    expect(await token.get()).toBe('refresh-1');
    expect(token.storage).toBe('memory');
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('does not come back when it is cleared while it is being written', async () => {
    const file = join(dir, 'session');
    const token = kept(encoding, file);
    await Promise.all([token.set('refresh-1'), token.set('refresh-2'), token.clear()]);
    expect(await readdir(dir)).toEqual([]);
    await Promise.all([token.clear(), token.set('refresh-3')]);
    expect(await kept(encoding, file).get()).toBe('refresh-3');
  });

  it('is held in memory while the disk takes nothing, and leaves no spent one behind', async () => {
    const file = join(dir, 'session');
    await kept(encoding, file).set('refresh-1');
    const full: SafeStorage = { ...encoding, encrypt: () => Promise.reject(new Error('ENOSPC')) };
    const token = kept(full, file);
    await token.set('refresh-2');
    expect(await token.get()).toBe('refresh-2');
    expect(await readdir(dir)).toEqual([]);
    await kept(encoding, join(dir, 'no such folder', 'session')).clear();
  });

  it('is asked for anew when what is stored cannot be read', async () => {
    const file = join(dir, 'session');
    await kept(encoding, file).set('refresh-1');
    const broken: SafeStorage = { ...encoding, decrypt: () => Promise.reject(new Error('key is gone')) };
    expect(await kept(broken, file).get()).toBe(null);
  });
});
