// https://docs.slack.dev/authentication/verifying-requests-from-slack
import { createHmac, timingSafeEqual } from 'node:crypto';

const toleranceSeconds = 300;

export interface SignedRequest {
  /** Exactly the bytes that arrived. */
  body: Buffer;
  timestamp: string | string[] | undefined;
  signature: string | string[] | undefined;
}

/** Whether Slack made this request at about this time. A missing or empty secret proves nothing, so it is a no. */
export function isSlackSignature(secret: string | undefined, request: SignedRequest, nowMs: number): boolean {
  const { body, timestamp, signature } = request;
  if (secret === undefined || secret === '' || typeof timestamp !== 'string' || typeof signature !== 'string')
    return false;
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Math.floor(nowMs / 1_000) - Number(timestamp)) > toleranceSeconds) return false;
  const right = Buffer.from(`v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right);
}
