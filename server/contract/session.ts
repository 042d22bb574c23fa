import { z } from 'zod';
import { PermissionRole, User } from '#server/contract/people.ts';
import { Id, Instant, StorableText } from '#server/contract/primitives.ts';

/** A browser keeps the refresh token in an HttpOnly cookie; the desktop app asks for it and keeps it in safe storage. */
export const SessionClient = z.enum(['browser', 'desktop']);
export type SessionClient = z.infer<typeof SessionClient>;

/** POST /auth/login */
export const SignInRequest = z.object({
  login: StorableText.trim().toLowerCase().max(200),
  password: z.string().max(1_000),
  client: SessionClient.default('browser'),
});
export type SignInRequest = z.infer<typeof SignInRequest>;

/** POST /auth/link: the token of a one-time link. */
export const LinkRequest = z.object({ token: z.string().max(200), client: SessionClient.default('browser') });

/** POST /auth/refresh and /auth/logout: the desktop app sends its token, a browser sends the cookie. */
export const RefreshRequest = z.object({ refreshToken: z.string().max(400).optional() });

/** Answer of /auth/login, /auth/link and /auth/refresh. */
export const SignedIn = z.object({
  accessToken: z.string(),
  expiresAt: Instant,
  serverNow: Instant,
  userId: Id,
  /** Only for the desktop app. */
  refreshToken: z.string().optional(),
});
export type SignedIn = z.infer<typeof SignedIn>;

/** Who is calling, and what they may set without their old password. */
export const Me = z.object({
  user: User,
  /** What this credential may do: a key can carry a smaller role than its owner. */
  role: PermissionRole,
  sessionId: Id.nullable(),
  hasPassword: z.boolean(),
  /** True after signing in by a one-time link: a new password can be set without the old one. */
  maySetPassword: z.boolean(),
  organisationName: z.string(),
});
export type Me = z.infer<typeof Me>;

export const SessionInfo = z.object({
  id: Id,
  client: SessionClient,
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant,
  current: z.boolean(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;
