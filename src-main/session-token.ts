// Keeps the refresh token in the system's safe storage; in memory where there is none.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** What the system offers; null where it offers nothing safe. */
export interface SafeStorage {
  encrypt(text: string): Promise<Buffer>;
  decrypt(data: Buffer): Promise<string>;
}

export interface SessionToken {
  storage: 'safe' | 'memory';
  get(): Promise<string | null>;
  set(token: string): Promise<void>;
  clear(): Promise<void>;
}

export function createSessionToken(safe: SafeStorage | null, file: string): SessionToken {
  let inMemory: string | null = null;
  return {
    storage: safe === null ? 'memory' : 'safe',
    get: async () => {
      if (safe === null || inMemory !== null) return inMemory;
      try {
        inMemory = await safe.decrypt(await readFile(file));
      } catch {
        // Not there, or written under a key that is gone: signing in again mends both.
        inMemory = null;
      }
      return inMemory;
    },
    set: async (token) => {
      inMemory = token;
      if (safe === null) return;
      const partial = `${file}.partial`;
      await writeFile(partial, await safe.encrypt(token), { mode: 0o600 });
      await rename(partial, file);
    },
    clear: async () => {
      inMemory = null;
      await rm(file, { force: true });
    },
  };
}
