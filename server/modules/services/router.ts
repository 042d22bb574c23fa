import { z } from 'zod';
import { managerProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { Id } from '#server/contract/primitives.ts';
import { catalogFormats, CatalogPlan, ServiceDetail, ServiceName } from '#server/contract/service.ts';
import { CatalogFileEntry } from '#server/modules/services/catalog-file.ts';
import { catalogBytesMax } from '#server/modules/services/parse.ts';
import type { Services } from '#server/modules/services/service.ts';

const tags = ['services'];
const FileInput = z.object({
  yaml: z.string().max(catalogBytesMax),
  format: z.enum(catalogFormats).default('auto'),
  /** Takes away what an earlier file of the same kind brought and this one does not have. */
  prune: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
});
const Summary = z.object({
  id: Id,
  name: z.string(),
  kind: z.string(),
  /** Name of the team, or of the owner where no team has that name. */
  team: z.string().nullable(),
  tier: z.int().nullable(),
  health: ServiceDetail.shape.health,
});
const Named = z.object({ name: ServiceName });

export function createServicesRouter(services: Services) {
  return router({
    list: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/services', tags, summary: 'Services, by name, with the worst alert on each' },
      })
      .input(
        z.object({
          cursor: z.string().max(400).nullable().default(null),
          limit: z.int().min(1).max(1_000).default(200),
        }),
      )
      .output(z.object({ items: z.array(Summary), nextCursor: z.string().nullable() }))
      .query(({ ctx, input }) => services.list(ctx.actor, { after: input.cursor, limit: input.limit })),

    graph: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/services/graph', tags, summary: 'What depends on what' },
      })
      .input(z.object({}).optional())
      .output(
        z.object({
          nodes: z.array(Summary),
          /** By name: `from` depends on `to`. */
          edges: z.array(z.object({ from: z.string(), to: z.string() })),
          /** Names that nobody described. */
          unknown: z.array(z.string()),
        }),
      )
      .query(({ ctx }) => services.graph(ctx.actor)),

    exportCatalog: viewerProcedure
      .meta({
        access: 'viewer',
        text: 'application/yaml',
        openapi: { method: 'GET', path: '/services/catalog.yaml', tags, summary: 'The whole catalog as a file' },
      })
      .input(z.object({}))
      .output(z.string())
      .query(() => services.exportCatalog()),

    planCatalog: managerProcedure
      .meta({
        access: 'manager',
        bodyMax: catalogBytesMax,
        openapi: { method: 'POST', path: '/services/catalog/plan', tags, summary: 'What a catalog file would change' },
      })
      .input(FileInput)
      .output(CatalogPlan)
      .mutation(({ ctx, input }) => services.planCatalog(ctx.actor, input)),

    applyCatalog: managerProcedure
      .meta({
        access: 'manager',
        bodyMax: catalogBytesMax,
        openapi: {
          method: 'POST',
          path: '/services/catalog/apply',
          tags,
          summary: 'Apply a catalog file, all or nothing',
        },
      })
      .input(FileInput.extend({ basis: z.string().max(64).nullable().default(null) }))
      .output(CatalogPlan)
      .mutation(({ ctx, input }) => services.applyCatalog(ctx.actor, input)),

    get: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/services/{name}', tags, summary: 'One service, with its runbook' },
      })
      .input(Named)
      .output(ServiceDetail)
      .query(({ ctx, input }) => services.get(ctx.actor, input.name)),

    save: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'PUT', path: '/services/{name}', tags, summary: 'Make a service, or make it so' },
      })
      .input(CatalogFileEntry.extend(Named.shape))
      .output(ServiceDetail)
      .mutation(({ ctx, input: { name, ...entry } }) => services.save(ctx.actor, name, entry)),

    remove: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'DELETE', path: '/services/{name}', tags, summary: 'Take a service out of the catalog' },
      })
      .input(Named)
      .output(z.object({ removed: z.literal(true) }))
      .mutation(async ({ input }) => {
        await services.remove(input.name);
        return { removed: true as const };
      }),
  });
}
