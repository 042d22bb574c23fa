import { z } from 'zod';
import { managerProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { GenericMapping, Integration, IntegrationKind, MappingTrial } from '#server/contract/integration.ts';
import { Id, Title } from '#server/contract/primitives.ts';
import type { Integrations } from '#server/modules/integrations/service.ts';

const WithKey = z.object({ id: Id, key: z.string(), url: z.string(), integration: Integration });
const Starter = z.object({
  id: Id,
  name: z.string(),
  kind: IntegrationKind,
  url: z.string(),
  key: z.string().nullable(),
});
const Nothing = z.object({});

export function createIntegrationsRouter(integrations: Integrations) {
  return router({
    list: viewerProcedure
      .meta({ access: 'viewer', openapi: { method: 'GET', path: '/integrations', summary: 'Integrations' } })
      .input(z.object({}))
      .output(z.object({ items: z.array(Integration), nextCursor: z.string().nullable() }))
      .query(async () => ({ items: await integrations.list(), nextCursor: null })),

    create: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'POST', path: '/integrations', summary: 'Make an integration; its key is told once' },
      })
      .input(z.object({ name: Title, kind: IntegrationKind, mapping: GenericMapping.nullable().default(null) }))
      .output(WithKey)
      .mutation(({ ctx, input }) => integrations.create(ctx.actor, input)),

    update: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'PATCH', path: '/integrations/{id}', summary: 'Change an integration' },
      })
      .input(
        z.object({
          id: Id,
          name: Title.optional(),
          enabled: z.boolean().optional(),
          mapping: GenericMapping.nullable().optional(),
        }),
      )
      .output(Integration)
      .mutation(({ ctx, input: { id, ...change } }) => integrations.update(ctx.actor, id, change)),

    rotate: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'POST', path: '/integrations/{id}/rotate', summary: 'Replace the key of an integration' },
      })
      .input(z.object({ id: Id }))
      .output(WithKey)
      .mutation(({ ctx, input }) => integrations.rotate(ctx.actor, input.id)),

    delete: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'DELETE', path: '/integrations/{id}', summary: 'Delete an integration' },
      })
      .input(z.object({ id: Id }))
      .output(Nothing)
      .mutation(async ({ ctx, input }) => {
        await integrations.remove(ctx.actor, input.id);
        return {};
      }),

    starter: managerProcedure.output(z.array(Starter)).mutation(({ ctx }) => integrations.ensureStarters(ctx.actor)),

    tryMapping: managerProcedure
      .input(z.object({ mapping: GenericMapping.nullable(), sample: z.string().max(524_288) }))
      .output(MappingTrial)
      .mutation(({ input }) => integrations.tryMapping(input.mapping, input.sample)),
  });
}
