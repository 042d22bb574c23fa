import { z } from 'zod';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { Alert, AlertEvent, AlertStatus } from '#server/contract/alert.ts';
import { Id, Instant, StorableText } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';
import { AlertFilter } from '#server/contract/view.ts';
import type { Alerts } from '#server/modules/alerts/service.ts';

const page = { cursor: z.string().max(200).optional(), limit: z.int().min(1).max(500).default(100) };
const Page = z.object({ items: z.array(Alert), nextCursor: z.string().nullable() });
const Count = z.record(z.string(), z.int());

export function alertsRouter(alerts: Alerts) {
  return router({
    list: viewerProcedure
      .input(AlertFilter.extend({ before: Instant.nullable().default(null), ...page }))
      .output(Page)
      .query(({ ctx, input: { before, cursor, limit, ...filter } }) =>
        alerts.list(ctx.actor, filter, { before, cursor: cursor ?? null, limit }),
      ),

    /** The same for scripts, with the names that REST has for its filters. */
    find: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/alerts', tags: ['alerts'], summary: 'Alerts, newest first' },
      })
      .input(
        z.object({
          status: z.array(AlertStatus).max(2).default([]),
          severity: z.array(Severity).max(4).default([]),
          service: z.array(StorableText.max(300)).max(100).default([]),
          source: z.array(StorableText.max(100)).max(100).default([]),
          mark: AlertFilter.shape.marks,
          incidentId: Id.nullable().default(null),
          q: StorableText.max(500).default(''),
          ...page,
        }),
      )
      .output(Page)
      .query(({ ctx, input }) => {
        const filter: AlertFilter = {
          text: input.q,
          severities: input.severity,
          statuses: input.status,
          marks: input.mark,
          services: input.service,
          sources: input.source,
          incidentId: input.incidentId,
        };
        return alerts.list(ctx.actor, filter, { before: null, cursor: input.cursor ?? null, limit: input.limit });
      }),

    facets: viewerProcedure
      .input(AlertFilter)
      .output(z.object({ total: z.int(), severities: Count, statuses: Count, services: Count, sources: Count }))
      .query(({ ctx, input }) => alerts.facets(ctx.actor, input)),

    get: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/alerts/{id}', tags: ['alerts'], summary: 'One alert' },
      })
      .input(z.object({ id: Id }))
      .output(Alert)
      .query(({ ctx, input }) => alerts.get(ctx.actor, input.id)),

    history: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: {
          method: 'GET',
          path: '/alerts/{id}/history',
          tags: ['alerts'],
          summary: 'Each change of its state, with the cause',
        },
      })
      .input(z.object({ id: Id, ...page }))
      .output(z.object({ items: z.array(AlertEvent), nextCursor: z.string().nullable() }))
      .query(({ ctx, input }) =>
        alerts.history(ctx.actor, input.id, { cursor: input.cursor ?? null, limit: input.limit }),
      ),
  });
}
