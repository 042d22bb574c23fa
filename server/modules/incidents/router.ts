import { z } from 'zod';
import { responderProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { Incident, IncidentStatus, TimelineEntry } from '#server/contract/incident.ts';
import { Id, Instant, ShortText, Title } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';
import { Cursor } from '#server/modules/incidents/page.ts';
import type { Incidents } from '#server/modules/incidents/service.ts';

const IncidentItem = Incident.extend({ commander: z.string().nullable() });
const Acted = z.object({
  outcome: z.enum(['applied', 'noop']),
  by: z.string().nullable(),
  at: Instant.nullable(),
  incident: IncidentItem,
});
/** Version of the incident on the caller's screen; left out, the action is not checked against later changes. */
const baseVersion = z.int().min(0).nullable().default(null);
const tags = ['incidents'];

export function createIncidentsRouter(incidents: Incidents, review: { markdown: ReviewMarkdown }) {
  const move = (verb: 'acknowledge' | 'mitigate' | 'resolve') =>
    responderProcedure
      .meta({
        access: 'responder',
        openapi: { method: 'POST', path: `/incidents/{id}/${verb}`, tags, summary: `Mark an incident: ${verb}` },
      })
      .input(z.object({ id: Id, baseVersion }))
      .output(Acted)
      .mutation(({ ctx, input }) =>
        incidents.act(
          ctx.actor,
          { idempotencyKey: ctx.idempotencyKey, baseVersion: input.baseVersion },
          { kind: `incident.${verb}`, incidentId: input.id },
        ),
      );

  return router({
    list: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/incidents', tags, summary: 'Incidents, newest first' },
      })
      .input(
        z.object({
          status: z.array(IncidentStatus).max(4).default([]),
          severity: z.array(Severity).max(4).default([]),
          limit: z.int().min(1).max(500).default(100),
          cursor: Cursor.nullable().default(null),
        }),
      )
      .output(z.object({ items: z.array(IncidentItem), nextCursor: z.string().nullable() }))
      .query(({ ctx, input }) =>
        incidents.list(ctx.actor, {
          statuses: input.status,
          severities: input.severity,
          limit: input.limit,
          cursor: input.cursor,
        }),
      ),

    get: viewerProcedure
      .meta({ access: 'viewer', openapi: { method: 'GET', path: '/incidents/{id}', tags, summary: 'One incident' } })
      .input(z.object({ id: Id }))
      .output(IncidentItem)
      .query(({ ctx, input }) => incidents.get(ctx.actor, input.id)),

    timeline: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/incidents/{id}/timeline', tags, summary: 'What happened, oldest first' },
      })
      .input(
        z.object({
          id: Id,
          limit: z.int().min(1).max(1_000).default(200),
          cursor: Cursor.nullable().default(null),
        }),
      )
      .output(z.object({ items: z.array(TimelineEntry), nextCursor: z.string().nullable() }))
      .query(({ ctx, input }) => incidents.timeline(ctx.actor, input.id, { limit: input.limit, after: input.cursor })),

    declare: responderProcedure
      .meta({
        access: 'responder',
        openapi: { method: 'POST', path: '/incidents', tags, summary: 'Declare an incident by hand' },
      })
      .input(
        z.object({
          title: Title,
          severity: Severity,
          impact: ShortText.nullable().default(null),
          alertIds: z.array(Id).max(500).default([]),
          restrictedTo: z.array(Id).min(1).max(100).nullable().default(null),
        }),
      )
      .output(IncidentItem)
      .mutation(({ ctx, input }) =>
        incidents.declare(ctx.actor, { idempotencyKey: ctx.idempotencyKey, baseVersion: null }, input),
      ),

    acknowledge: move('acknowledge'),
    mitigate: move('mitigate'),
    resolve: move('resolve'),

    postmortem: viewerProcedure
      .input(z.object({ id: Id }))
      .query(async ({ ctx, input }) => ({ markdown: await review.markdown(ctx.actor, input.id) })),

    postmortemFile: viewerProcedure
      .meta({
        access: 'viewer',
        text: 'text/markdown',
        openapi: { method: 'GET', path: '/incidents/{id}/postmortem.md', tags, summary: 'The review, as Markdown' },
      })
      .input(z.object({ id: Id }))
      .output(z.string())
      .query(({ ctx, input }) => review.markdown(ctx.actor, input.id)),
  });
}

type ReviewMarkdown = (reader: { userId: string; teamIds: readonly string[] }, incidentId: string) => Promise<string>;
