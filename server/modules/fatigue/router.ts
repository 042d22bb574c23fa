import { z } from 'zod';
import type { Actor } from '#server/api/context.ts';
import { responderProcedure, router } from '#server/api/trpc.ts';
import { FatigueReport } from '#server/contract/fatigue.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { fatigueCsv } from '#server/modules/fatigue/csv.ts';
import { fatigueReport } from '#server/modules/fatigue/report.ts';
import { readPageFacts, readPeopleFacts } from '#server/modules/fatigue/store.ts';
import type { Clock } from '#server/ports/clock.ts';

const tags = ['reports'];
const Span = z.object({
  /** Up to now, so many days back. */
  days: z.int().min(1).max(366).default(28),
  /** Only people of this team. */
  teamId: z.uuid().toLowerCase().nullable().default(null),
});

export interface Fatigue {
  report(actor: Actor, span: z.infer<typeof Span>): Promise<FatigueReport>;
}

export function createFatigue(deps: { database: SqlReader; clock: Pick<Clock, 'now'> }): Fatigue {
  return {
    async report(actor, { days, teamId }) {
      const now = new Date(deps.clock.now()).toISOString();
      const span = { from: new Date(deps.clock.now() - days * 86_400_000).toISOString(), to: now, now };
      const pages = await readPageFacts(deps.database, actor, span);
      const people = await readPeopleFacts(deps.database, [...new Set(pages.map((page) => page.userId))]);
      const asked = people.filter((person) => teamId === null || person.teamIds.includes(teamId));
      return fatigueReport(span, asked, pages);
    },
  };
}

export function createFatigueRouter(fatigue: Fatigue) {
  return router({
    report: responderProcedure
      .meta({
        access: 'responder',
        openapi: { method: 'GET', path: '/reports/fatigue', tags, summary: 'What being on call cost whom' },
      })
      .input(Span)
      .output(FatigueReport)
      .query(({ ctx, input }) => fatigue.report(ctx.actor, input)),

    csv: responderProcedure
      .meta({
        access: 'responder',
        text: 'text/csv',
        openapi: { method: 'GET', path: '/reports/fatigue.csv', tags, summary: 'The same as CSV' },
      })
      .input(Span)
      .output(z.string())
      .query(async ({ ctx, input }) => fatigueCsv(await fatigue.report(ctx.actor, input))),
  });
}
