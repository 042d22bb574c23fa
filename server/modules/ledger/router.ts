import { z } from 'zod';
import { managerProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { ReplayReport, Why } from '#server/contract/ledger.ts';
import { LedgerEntry } from '#server/contract/page.ts';
import { PolicyTrial, TrialChange } from '#server/contract/paging-trial.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import type { Actor } from '#server/api/context.ts';
import type { Ledger } from '#server/modules/ledger/service.ts';

const tags = ['ledger'];
const page = {
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'is not a cursor of this list')
    .nullable()
    .default(null),
  limit: z.int().min(1).max(1_000).default(200),
};
const Entries = z.object({ items: z.array(LedgerEntry), nextCursor: z.string().nullable() });
const Span = z.object({
  incidentNumber: z.int().min(1).optional(),
  incidentId: Id.optional(),
  /** Without an incident: the last so many days. */
  days: z.int().min(1).max(90).optional(),
});

export type TryPolicy = (
  actor: Actor,
  question: { incidentId: string; changes: TrialChange[] },
) => Promise<PolicyTrial>;

export function createLedgerRouter(ledger: Ledger, tryPolicy: TryPolicy) {
  return router({
    ofIncident: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: {
          method: 'GET',
          path: '/incidents/{id}/ledger',
          tags,
          summary: 'Every decision and observation of its paging, in order, with input and output',
        },
      })
      .input(z.object({ id: Id, ...page }))
      .output(Entries)
      .query(({ ctx, input: { id, ...place } }) => ledger.entries(ctx.actor, { incidentId: id }, place)),

    ofPage: viewerProcedure
      .input(z.object({ id: Id, ...page }))
      .output(Entries)
      .query(({ ctx, input: { id, ...place } }) => ledger.entries(ctx.actor, { pageId: id }, place)),

    ofAlert: viewerProcedure
      .input(z.object({ id: Id }))
      .output(z.object({ items: z.array(LedgerEntry), why: Why }))
      .query(({ ctx, input }) => ledger.ofAlert(ctx.actor, input.id)),

    /** About one person, or everybody, between two instants. */
    between: viewerProcedure
      .input(z.object({ from: Instant, to: Instant, userId: Id.nullable().default(null), ...page }))
      .output(Entries)
      .query(({ ctx, input: { from, to, userId, ...place } }) =>
        ledger.entries(ctx.actor, { from, to, ...(userId === null ? {} : { userId }) }, place),
      ),

    /** By an incident or an alert, for one person or (null) for everybody; by a minute alone, what happened then. */
    why: viewerProcedure
      .input(
        z.object({
          pageId: Id.optional(),
          incidentId: Id.optional(),
          alertId: Id.optional(),
          userId: Id.nullable().default(null),
          at: Instant.optional(),
        }),
      )
      .output(Why)
      .query(({ ctx, input }) => ledger.why(ctx.actor, input)),

    whyPage: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/pages/{id}/why', tags, summary: 'Why this page was made, and how it went' },
      })
      .input(z.object({ id: Id }))
      .output(Why)
      .query(({ ctx, input }) => ledger.why(ctx.actor, { pageId: input.id })),

    /** Runs the recorded decisions again and compares bit for bit. */
    replay: managerProcedure
      .meta({
        access: 'manager',
        openapi: {
          method: 'GET',
          path: '/ledger/replay',
          tags,
          summary: 'Recompute recorded decisions and compare them bit for bit',
        },
      })
      .input(Span)
      .output(ReplayReport)
      .query(({ ctx, input }) => ledger.replay(ctx.actor, input)),

    /** Same input, other policy: who would be paged when. It pages nobody. */
    tryPolicy: managerProcedure
      .input(z.object({ incidentId: Id, changes: z.array(TrialChange).min(1).max(50) }))
      .output(PolicyTrial)
      .query(({ ctx, input }) => tryPolicy(ctx.actor, input)),
  });
}
