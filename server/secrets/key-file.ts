import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from '#server/ports/random.ts';
import { type MasterKey, masterKey } from '#server/secrets/envelope.ts';
import { StartError } from '#server/start-error.ts';

export interface KeySource {
  /** From TOCSIN_SECRET_KEY; null when it is not set. */
  configured: readonly string[] | null;
  dataDir: string;
  /** What the database holds, so that no new key is made while an old one is missing. */
  inUse: readonly { keyId: string; count: number }[];
  random: Pick<Random, 'bytes'>;
  platform?: NodeJS.Platform;
}

/**
 * The keys of this server, the first of which seals: those that were configured, or those in `secret.key` of the data
 * folder, which is made on the first start. Throws a StartError when a key is missing that stored secrets need.
 */
export function loadSecretKeys(source: KeySource): MasterKey[] {
  const keys = source.configured === null ? fromFile(source) : source.configured.map((text) => parse(text));
  const known = new Set(keys.map(({ id }) => id));
  const missing = source.inUse.filter(({ keyId }) => !known.has(keyId));
  if (missing.length > 0) {
    const many = missing.reduce((sum, { count }) => sum + count, 0);
    throw new StartError(
      `${many} stored ${many === 1 ? 'secret is' : 'secrets are'} sealed with a key that is not here ` +
        `(${missing.map(({ keyId }) => keyId).join(', ')}). ${mend(source)}`,
    );
  }
  return keys;
}

function fromFile(source: KeySource): MasterKey[] {
  const path = keyFile(source.dataDir);
  let text = read(path);
  if (text === null) {
    if (source.inUse.length > 0) {
      const many = source.inUse.reduce((sum, { count }) => sum + count, 0);
      throw new StartError(
        `The database holds ${many} sealed ${many === 1 ? 'secret' : 'secrets'}, and ${path} with their key is gone. ${mend(source)}`,
      );
    }
    make(path, source.random);
    text = read(path) ?? '';
  }
  protect(path, source.platform ?? process.platform);
  const lines = text.split(/[\s,]+/).filter((line) => line !== '');
  if (lines.length === 0) throw new StartError(`${path} is empty. Put back its copy from the backup.`);
  return lines.map((line) => parse(line, path));
}

function mend({ dataDir }: KeySource): string {
  return (
    `Put back ${keyFile(dataDir)} from the backup, or set TOCSIN_SECRET_KEY to all keys, the newest first. ` +
    'If the key is lost, delete the rows of table "secret" and enter the secrets of the channels again.'
  );
}

function keyFile(dataDir: string): string {
  return join(dataDir, 'secret.key');
}

function parse(text: string, path?: string): MasterKey {
  const key = Buffer.from(text, 'base64');
  if (key.length === 32) return masterKey(key);
  const where = path ?? 'TOCSIN_SECRET_KEY';
  throw new StartError(`${where} does not hold 32 bytes in base64. Make a key with: openssl rand -base64 32`);
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new StartError(`${path}, which holds the key of the secrets, cannot be read: ${reason(error)}.`);
  }
}

/** Never overwrites: of two that start at once the second reads what the first wrote. */
function make(path: string, random: Pick<Random, 'bytes'>): void {
  try {
    // With a database elsewhere nothing has made the data folder yet.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, `${Buffer.from(random.bytes(32)).toString('base64')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    // The name as well as the bytes: a secret that was sealed must not outlive its key.
    if (process.platform !== 'win32') {
      const folder = openSync(dirname(path), 'r');
      try {
        fsyncSync(folder);
      } finally {
        closeSync(folder);
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new StartError(
      `${path}, for the key of the secrets, cannot be made: ${reason(error)}. Mend the folder, or set TOCSIN_SECRET_KEY.`,
    );
  }
}

function protect(path: string, platform: NodeJS.Platform): void {
  if (platform === 'win32' || (statSync(path).mode & 0o077) === 0) return;
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    throw new StartError(
      `${path} can be read by others, and that cannot be changed: ${reason(error)}. Run: chmod 600 ${path}`,
    );
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
