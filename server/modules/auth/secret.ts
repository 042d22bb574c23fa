import { createHash } from 'node:crypto';
import type { Random } from '#server/ports/random.ts';

/** 256 bits as text that is safe in a header and an address. */
export function newSecret(random: Pick<Random, 'bytes'>, prefix = ''): string {
  return prefix + Buffer.from(random.bytes(32)).toString('base64url');
}

/** For secrets of full entropy, where a slow hash would add nothing. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
