import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

/** Permissions, each including the ones before it. */
export const permissionRoles = ['viewer', 'responder', 'manager', 'admin'] as const;
export const PermissionRole = z.enum(permissionRoles);
export type PermissionRole = z.infer<typeof PermissionRole>;

export function roleAtLeast(have: PermissionRole, need: PermissionRole): boolean {
  return permissionRoles.indexOf(have) >= permissionRoles.indexOf(need);
}

export const LoginName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@+-]{0,99}$/, 'letters, digits and . _ @ + - only');
export const Password = z.string().min(8).max(256);

export const User = z.object({
  id: Id,
  version: z.int(),
  login: z.string(),
  name: z.string(),
  role: PermissionRole,
  disabled: z.boolean(),
  teamIds: z.array(Id),
});
export type User = z.infer<typeof User>;

export const Team = z.object({ id: Id, version: z.int(), name: z.string(), memberCount: z.int() });
export type Team = z.infer<typeof Team>;

export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  role: PermissionRole,
  hint: z.string(),
  createdAt: Instant,
  expiresAt: Instant.nullable(),
  lastUsedAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
