import { createHash } from 'node:crypto';

/** The same person, key and action give the same id, so that a repeated call has no second effect. Null without a key. */
export function idempotentId(userId: string, key: string | null, what: string): string | null {
  if (key === null || key === '') return null;
  const bytes = createHash('sha256')
    .update(JSON.stringify([userId, what, key]))
    .digest()
    .subarray(0, 16);
  // Version 8 and the RFC's variant: a UUID made in our own way.
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
