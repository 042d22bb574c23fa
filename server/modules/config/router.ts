import { z } from 'zod';
import { adminProcedure, managerProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { ConfigKind, ConfigPlan, PlannedChange } from '#server/contract/config.ts';
import { Finding } from '#server/contract/config-document.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import type { ConfigService } from '#server/modules/config/service.ts';

const tags = ['config'];
const FileInput = z.object({
  yaml: z.string().max(1_048_576),
  /** Takes away what is not in a section that the file has. */
  prune: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).default(false),
  /** Values of the variables that the file names as {env: NAME}. */
  secrets: z.record(z.string().max(100), z.string().max(8_000)).default({}),
});
const FileProblem = z.object({ path: z.string(), reason: z.string() });
const HistoryEntry = z.object({
  version: z.int(),
  at: Instant,
  by: Id.nullable(),
  byName: z.string().nullable(),
  origin: z.enum(['ui', 'yaml', 'import']),
  deleted: z.boolean(),
  fields: PlannedChange.shape.fields,
});

export function createConfigRouter(config: ConfigService) {
  return router({
    plan: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'POST', path: '/config/plan', tags, summary: 'What a YAML file would change' },
      })
      .input(FileInput)
      .output(ConfigPlan)
      .mutation(({ ctx, input }) => config.plan(ctx.actor, input)),

    applyFile: managerProcedure
      .meta({
        access: 'manager',
        openapi: { method: 'POST', path: '/config/apply', tags, summary: 'Apply a YAML file, all of it or nothing' },
      })
      .input(FileInput.extend({ basis: z.string().max(64).nullable().default(null) }))
      .output(ConfigPlan)
      .mutation(({ ctx, input }) => config.apply(ctx.actor, input)),

    export: managerProcedure
      .meta({
        access: 'manager',
        text: 'application/yaml',
        openapi: { method: 'GET', path: '/config/export', tags, summary: 'Everything about paging, as YAML' },
      })
      .input(z.object({}))
      .output(z.string())
      .query(() => config.exportYaml()),

    rekey: adminProcedure
      .meta({
        access: 'admin',
        openapi: {
          method: 'POST',
          path: '/config/rekey',
          tags,
          summary: 'Seal all stored secrets with the first master key',
        },
      })
      .input(z.object({}).optional())
      .output(z.object({ resealed: z.int() }))
      .mutation(async () => ({ resealed: await config.rekey() })),

    drift: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/config/drift', tags, summary: 'What differs from the file applied last' },
      })
      .input(z.object({}).optional())
      .output(
        z.object({
          at: Instant.nullable(),
          by: Id.nullable(),
          changes: z.array(PlannedChange),
          errors: z.array(FileProblem),
        }),
      )
      .query(({ ctx }) => config.drift(ctx.actor)),

    history: viewerProcedure
      .input(
        z.object({
          kind: ConfigKind,
          id: Id,
          before: z.int().nullable().default(null),
          limit: z.int().min(1).max(100).default(30),
        }),
      )
      .output(z.array(HistoryEntry))
      .query(({ ctx, input }) => config.history(ctx.actor, input.kind, input.id, input.before, input.limit)),

    unreadable: viewerProcedure
      .output(z.array(z.object({ kind: ConfigKind, id: Id, name: z.string(), why: z.string() })))
      .query(() => config.unreadable()),

    unreadableText: adminProcedure
      .input(z.object({ kind: ConfigKind, id: Id }))
      .output(z.object({ text: z.string().nullable() }))
      .query(async ({ input }) => ({ text: await config.unreadableText(input.kind, input.id) })),

    findings: viewerProcedure
      .output(z.array(z.object({ kind: ConfigKind, id: Id, name: z.string(), findings: z.array(Finding) })))
      .query(async () => (await config.findings()).map((item) => ({ ...item, findings: [...item.findings] }))),
  });
}
