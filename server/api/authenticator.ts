import type { Actor } from '#server/api/context.ts';

/** What the HTTP server needs to know of people; modules/auth answers it. */
export interface Authenticator {
  /** An access token or an API key; null when it is not, or no longer, good. */
  authenticate(bearer: string): Promise<Authenticated | null>;
}

export interface Authenticated {
  actor: Actor;
  /** The same sign-in or key as it is now, for streams that outlive an access token; null once it was taken away. */
  current(): Promise<Actor | null>;
}

export function bearerOf(header: string | undefined): string | null {
  return header === undefined ? null : (/^Bearer +([\x21-\x7e]{1,4096}) *$/i.exec(header)?.[1] ?? null);
}
