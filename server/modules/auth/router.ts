import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { ApiKey, PermissionRole } from '#server/contract/people.ts';
import { Id, Title } from '#server/contract/primitives.ts';
import { Me, SessionInfo } from '#server/contract/session.ts';
import type { Settings } from '#server/contract/settings.ts';
import type { Auth } from '#server/modules/auth/service.ts';

const Done = z.object({ done: z.literal(true) });

/** A key of small scope that leaked must not become its owner: it cannot make or end credentials. */
function mayChangeCredentials(actor: Actor): void {
  if (actor.sessionId === null && actor.role !== 'admin') {
    throw new AppError('forbidden', 'An API key cannot change the credentials of its owner. Sign in and do it there.');
  }
}

export function createAuthRouter(auth: Auth, settings: { get(): Promise<Settings> }) {
  return router({
    me: viewerProcedure
      .meta({ access: 'viewer', openapi: { method: 'GET', path: '/me', summary: 'Who the credential belongs to' } })
      .output(Me)
      .query(async ({ ctx }) => {
        const [user, password, { organisationName }] = await Promise.all([
          auth.people.user(ctx.actor.userId),
          auth.passwordState(ctx.actor),
          settings.get(),
        ]);
        return { user, role: ctx.actor.role, sessionId: ctx.actor.sessionId, ...password, organisationName };
      }),

    changePassword: viewerProcedure
      .input(z.object({ current: z.string().max(1_000).nullable(), next: z.string().max(1_000) }))
      .output(Done)
      .mutation(async ({ ctx, input }) => {
        await auth.changePassword(ctx.actor, input.current, input.next);
        return { done: true };
      }),

    sessions: router({
      list: viewerProcedure
        .output(z.array(SessionInfo))
        .query(({ ctx }) => auth.sessions.list(ctx.actor.userId, ctx.actor.sessionId)),
      revoke: viewerProcedure
        .input(z.object({ id: Id }))
        .output(Done)
        .mutation(async ({ ctx, input }) => {
          mayChangeCredentials(ctx.actor);
          await auth.sessions.revoke(ctx.actor.userId, input.id);
          return { done: true };
        }),
    }),

    apiKeys: router({
      list: viewerProcedure.output(z.array(ApiKey)).query(({ ctx }) => auth.apiKeys.list(ctx.actor.userId)),
      create: viewerProcedure
        .meta({
          access: 'viewer',
          openapi: { method: 'POST', path: '/api-keys', summary: 'Make a key of your own, shown once' },
        })
        .input(
          z.object({
            name: Title,
            role: PermissionRole,
            expiresInDays: z.int().min(1).max(3_650).nullable().default(null),
          }),
        )
        .output(z.object({ id: Id, key: z.string() }))
        .mutation(({ ctx, input }) => {
          mayChangeCredentials(ctx.actor);
          return auth.apiKeys.create(ctx.actor, input);
        }),
      revoke: viewerProcedure
        .meta({
          access: 'viewer',
          openapi: { method: 'DELETE', path: '/api-keys/{id}', summary: 'Revoke a key of your own' },
        })
        .input(z.object({ id: Id }))
        .output(Done)
        .mutation(async ({ ctx, input }) => {
          mayChangeCredentials(ctx.actor);
          await auth.apiKeys.revoke(ctx.actor.userId, input.id);
          return { done: true };
        }),
    }),
  });
}
