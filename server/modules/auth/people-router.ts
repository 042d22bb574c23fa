import { z } from 'zod';
import { adminProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { LoginName, PermissionRole, Team, User } from '#server/contract/people.ts';
import { Id, Instant, StorableText } from '#server/contract/primitives.ts';
import type { Auth } from '#server/modules/auth/service.ts';

const Name = StorableText.trim().min(1).max(100);
const Page = z.object({ cursor: Id.optional(), limit: z.int().min(1).max(500).default(100) });
/** The link's address is the server's, followed by `/auth/link?token=`. */
const Invitation = z.object({ token: z.string(), expiresAt: Instant });

export function createPeopleRouter(auth: Auth) {
  const { people } = auth;
  return router({
    users: viewerProcedure
      .meta({ access: 'viewer', openapi: { method: 'GET', path: '/users', summary: 'People' } })
      .input(Page)
      .output(z.object({ items: z.array(User), nextCursor: Id.nullable() }))
      .query(async ({ input }) => page(await people.users(input.cursor ?? null, input.limit), input.limit)),
    createUser: adminProcedure
      .meta({
        access: 'admin',
        openapi: { method: 'POST', path: '/users', summary: 'Add a person and a link for them to set a password' },
      })
      .input(
        z.object({ login: LoginName, name: Name, role: PermissionRole, teamIds: z.array(Id).max(100).default([]) }),
      )
      .output(z.object({ user: User, invitation: Invitation }))
      .mutation(async ({ input }) => {
        const user = await people.createUser(input);
        return { user, invitation: await auth.invite(user.id) };
      }),
    updateUser: adminProcedure
      .meta({ access: 'admin', openapi: { method: 'PATCH', path: '/users/{id}', summary: 'Change a name or a role' } })
      .input(z.object({ id: Id, name: Name.optional(), role: PermissionRole.optional() }))
      .output(User)
      .mutation(({ input: { id, name, role } }) =>
        people.updateUser(id, { ...(name === undefined ? {} : { name }), ...(role === undefined ? {} : { role }) }),
      ),
    setDisabled: adminProcedure
      .meta({
        access: 'admin',
        openapi: { method: 'POST', path: '/users/{id}/disabled', summary: 'Disable or enable an account' },
      })
      .input(z.object({ id: Id, disabled: z.boolean() }))
      .output(User)
      .mutation(({ input }) => people.setDisabled(input.id, input.disabled)),
    invite: adminProcedure
      .meta({
        access: 'admin',
        openapi: { method: 'POST', path: '/users/{id}/invite', summary: 'A new link to set a password' },
      })
      .input(z.object({ id: Id }))
      .output(Invitation)
      .mutation(({ input }) => auth.invite(input.id)),

    teams: viewerProcedure
      .meta({ access: 'viewer', openapi: { method: 'GET', path: '/teams', summary: 'Teams' } })
      .input(Page)
      .output(z.object({ items: z.array(Team), nextCursor: Id.nullable() }))
      .query(async ({ input }) => page(await people.teams(input.cursor ?? null, input.limit), input.limit)),
    createTeam: adminProcedure
      .meta({ access: 'admin', openapi: { method: 'POST', path: '/teams', summary: 'Make a team' } })
      .input(z.object({ name: Name }))
      .output(Team)
      .mutation(({ input }) => people.createTeam(input.name)),
    renameTeam: adminProcedure
      .meta({ access: 'admin', openapi: { method: 'PATCH', path: '/teams/{id}', summary: 'Rename a team' } })
      .input(z.object({ id: Id, name: Name }))
      .output(Team)
      .mutation(({ input }) => people.renameTeam(input.id, input.name)),
    deleteTeam: adminProcedure
      .meta({ access: 'admin', openapi: { method: 'DELETE', path: '/teams/{id}', summary: 'Delete a team' } })
      .input(z.object({ id: Id }))
      .output(z.object({ done: z.literal(true) }))
      .mutation(async ({ input }) => {
        await people.deleteTeam(input.id);
        return { done: true };
      }),
    setMembers: adminProcedure
      .meta({
        access: 'admin',
        openapi: { method: 'PUT', path: '/teams/{id}/members', summary: 'Say who is in a team' },
      })
      .input(z.object({ id: Id, userIds: z.array(Id).max(1_000) }))
      .output(Team)
      .mutation(({ input }) => people.setMembers(input.id, input.userIds)),
  });
}

function page<T extends { id: string }>(items: T[], limit: number): { items: T[]; nextCursor: string | null } {
  return { items, nextCursor: items.length < limit ? null : (items.at(-1)?.id ?? null) };
}
