import { hash } from 'node:crypto';
import type { Random } from '#server/ports/random.ts';

/** 256 random bits behind a prefix that says what it is to whoever finds it. It is stored as its hash only. */
export function newKey(random: Random): string {
  return `tsi_${Buffer.from(random.bytes(32)).toString('base64url')}`;
}

export function keyHash(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

/** The last characters, to tell keys apart on the screen. */
export function keyHint(key: string): string {
  return key.slice(-4);
}
