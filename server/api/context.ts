import type { PermissionRole } from '#server/contract/people.ts';

/** Who is calling. Role and teams are at most a few seconds old (S3: a change takes effect within 5 s). */
export interface Actor {
  userId: string;
  name: string;
  role: PermissionRole;
  teamIds: readonly string[];
  /** The sign-in, or null for an API key. */
  sessionId: string | null;
  /** What it came through when not through a client: `Slack`, `phone call`. For ledger and timeline. */
  via?: string;
}

export interface Context {
  actor: Actor | null;
  /** Client address, through trusted proxies only. */
  ip: string;
  traceId: string;
  /** Value of an Idempotency-Key header, for the REST form of intents. */
  idempotencyKey: string | null;
}
