import { hash } from 'node:crypto';

export const dedupKeyMax = 255;

/** Identity of an alert that is told apart by its labels: the same labels in any order give the same key. */
export function keyOfPairs(pairs: readonly [string, string][]): string {
  const sorted = [...pairs].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
  return hash('sha256', JSON.stringify(sorted), 'hex');
}

/** A key of the source's own; a longer one is hashed, so that it stays one key. */
export function ownKey(text: string): string {
  const clean = text.replaceAll('\0', '\uFFFD').toWellFormed();
  return clean.length <= dedupKeyMax ? clean : `sha256:${hash('sha256', clean, 'hex')}`;
}

/** Short, stable, and different for the same alert from two integrations. */
export function fingerprintOf(integrationId: string, dedupKey: string): string {
  return hash('sha256', `${integrationId} ${dedupKey}`, 'hex').slice(0, 16);
}

/** A UUIDv8 that the same delivery and place always give, so that the consumer's inbox knows a second copy. */
export function recordIdOf(deliveryId: string, index: number): string {
  const h = hash('sha256', `${deliveryId} ${index}`, 'hex');
  const variant = ((Number.parseInt(h.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-8${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20, 32)}`;
}

/** Identity of a delivery that names itself, within its integration. */
export function deliveryIdOf(integrationId: string, idempotencyKey: string): string {
  return hash('sha256', `${integrationId} ${idempotencyKey}`, 'hex');
}
