// Keeps the refresh token in the system's safe storage; in memory where there is none, or only one that anybody reads.
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StorageOffer } from './host.ts';

export interface SessionToken {
  readonly storage: 'safe' | 'plain' | 'memory';
  get(): Promise<string | null>;
  set(token: string): Promise<void>;
  clear(): Promise<void>;
}

/** One file a server, so that no server is ever shown the token of another. */
export function sessionFile(userData: string, centerUrl: string): string {
  return join(userData, `session-${createHash('sha256').update(centerUrl).digest('hex').slice(0, 16)}`);
}

export function createSessionToken(offer: StorageOffer, plainAllowed: () => boolean, file: string): SessionToken {
  let inMemory: string | null = null;
  const usable = () => (offer.kind === 'safe' || (offer.kind === 'plain' && plainAllowed()) ? offer.storage : null);
  /** One write after the other: one that began before a clearing must not bring the token back. */
  let last: Promise<void> = Promise.resolve();
  function inTurn(write: () => Promise<void>): Promise<void> {
    const done = last.then(write);
    last = done.catch(() => undefined);
    return done;
  }
  /** What cannot be removed was ended at the server: nobody has to wait for this disk. */
  async function remove(): Promise<void> {
    for (const name of [file, `${file}.partial`]) await rm(name, { force: true }).catch(() => undefined);
  }
  return {
    get storage() {
      return usable() === null ? 'memory' : offer.kind === 'safe' ? 'safe' : 'plain';
    },
    get: async () => {
      const storage = usable();
      if (storage === null || inMemory !== null) return inMemory;
      try {
        inMemory = await storage.decrypt(await readFile(file));
      } catch {
        // Not there, or written under a key that is gone: signing in again mends both.
        inMemory = null;
      }
      return inMemory;
    },
    set: (token) => {
      inMemory = token;
      const storage = usable();
      if (storage === null) return Promise.resolve();
      return inTurn(async () => {
        const partial = `${file}.partial`;
        try {
          await writeFile(partial, await storage.encrypt(token), { mode: 0o600 });
          await rename(partial, file);
        } catch {
          // A full disk must not sign anybody out: it holds until the app ends. The one on the disk is spent, and would
          // look stolen if it came again.
          await remove();
        }
      });
    },
    clear: () => {
      inMemory = null;
      return inTurn(remove);
    },
  };
}
