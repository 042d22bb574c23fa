import { z } from 'zod';
import type { Actor } from '#server/api/context.ts';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { InsightsReport } from '#server/contract/insights.ts';
import { StorableText } from '#server/contract/primitives.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { insightsCsv } from '#server/modules/insights/csv.ts';
import { insightsReport, reportSpan } from '#server/modules/insights/report.ts';
import { readAlertFigures, readIncidentFigures, readTouchedServices } from '#server/modules/insights/store.ts';
import type { Clock } from '#server/ports/clock.ts';

const tags = ['reports'];
const Question = z.object({
  /** Up to the end of today in UTC, so many days back. */
  days: z.int().min(1).max(366).default(28),
  /** Only incidents and alerts of this service. */
  service: StorableText.max(200).nullable().default(null),
  /** Only incidents that paged somebody of this team, and their alerts. */
  teamId: z.uuid().toLowerCase().nullable().default(null),
});

export interface Insights {
  report(actor: Pick<Actor, 'teamIds'>, question: z.infer<typeof Question>): Promise<InsightsReport>;
}

export function createInsights(deps: { database: SqlReader; clock: Pick<Clock, 'now'> }): Insights {
  return {
    async report(actor, { days, service, teamId }) {
      const span = reportSpan(deps.clock.now(), days);
      const question = { ...span, service, teamId };
      const [incidents, alerts, services] = await Promise.all([
        readIncidentFigures(deps.database, actor, question),
        readAlertFigures(deps.database, actor, question),
        readTouchedServices(deps.database, actor, question),
      ]);
      return insightsReport(span, incidents, alerts, services);
    },
  };
}

export function createInsightsRouter(insights: Insights) {
  return router({
    report: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: {
          method: 'GET',
          path: '/reports/insights',
          tags,
          summary: 'Incidents by severity, noise, and how fast they were answered and ended',
        },
      })
      .input(Question)
      .output(InsightsReport)
      .query(({ ctx, input }) => insights.report(ctx.actor, input)),

    csv: viewerProcedure
      .meta({
        access: 'viewer',
        text: 'text/csv',
        openapi: { method: 'GET', path: '/reports/insights.csv', tags, summary: 'The same as CSV, a line a span' },
      })
      .input(Question)
      .output(z.string())
      .query(async ({ ctx, input }) => insightsCsv(await insights.report(ctx.actor, input))),
  });
}
