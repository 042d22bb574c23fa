// Standard Webhooks, symmetric signatures: https://github.com/standard-webhooks/standard-webhooks (spec, "v1").
import { createHmac } from 'node:crypto';

/** Keys of 24 to 64 bytes from `whsec_…` texts, separated by spaces so that one can be changed for another. */
export function webhookKeys(text: string): Buffer[] | null {
  const keys = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => part.replace(/^whsec_/, ''));
  if (keys.length === 0 || keys.some((key) => !/^[A-Za-z0-9+/]+={0,2}$/.test(key))) return null;
  const bytes = keys.map((key) => Buffer.from(key, 'base64'));
  return bytes.every(({ length }) => length >= 24 && length <= 64) ? bytes : null;
}

/** The three headers over exactly these bytes; one signature for each key. */
export function webhookHeaders(
  keys: readonly Buffer[],
  { id, timestampSeconds, body }: { id: string; timestampSeconds: number; body: string },
): Record<string, string> {
  const signed = `${id}.${timestampSeconds}.${body}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`).join(' '),
  };
}
