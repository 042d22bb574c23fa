import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import { managerProcedure, responderProcedure, router, viewerProcedure } from '#server/api/trpc.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import { ShadowIntake } from '#server/modules/shadow/intake.ts';
import type { Shadow } from '#server/modules/shadow/service.ts';

const tags = ['shadow'];
const Span = z.object({ from: Instant, to: Instant });
const Report = z.object({
  differences: z.array(
    z.object({
      from: Instant,
      to: Instant,
      here: z.array(z.object({ userId: Id, name: z.string(), pageId: Id, number: z.int(), incidentId: Id })),
      there: z.array(z.object({ userId: Id.nullable(), person: z.string(), about: z.string(), source: z.string() })),
      onlyHere: z.array(z.string()),
      onlyThere: z.array(z.string()),
    }),
  ),
  minutes: z.int(),
  differing: z.int(),
  cut: z.boolean(),
});
const TheirShift = z.object({ person: z.string().max(300), startsAt: Instant, endsAt: Instant });
const Body = z.looseObject({});

export function createShadowRouter(shadow: Shadow) {
  return router({
    take: responderProcedure
      .meta({
        access: 'responder',
        openapi: { method: 'POST', path: '/shadow/pages', tags, summary: 'Pages that another pager sent' },
      })
      // A union of shapes as one body, so that the webhooks of the other pagers can be pointed here as they are.
      .input(Body)
      .output(z.object({ taken: z.int(), unknownPeople: z.array(z.string()) }))
      .mutation(({ input }) => {
        const given = ShadowIntake.safeParse(input);
        if (given.success) return shadow.take(given.data);
        throw new AppError(
          'invalid',
          'This is none of the shapes that are known: pages with their source, a PagerDuty v3 webhook, an Opsgenie webhook. See docs/migrate.md.',
        );
      }),

    report: viewerProcedure
      .meta({
        access: 'viewer',
        openapi: { method: 'GET', path: '/shadow/report', tags, summary: 'Minutes in which the two pagers differ' },
      })
      .input(Span)
      .output(Report)
      .query(({ ctx, input }) => shadow.report(ctx.actor, input.from, input.to)),

    reportCsv: viewerProcedure
      .meta({
        access: 'viewer',
        text: 'text/csv',
        openapi: { method: 'GET', path: '/shadow/report.csv', tags, summary: 'The same as CSV' },
      })
      .input(Span)
      .output(z.string())
      .query(({ ctx, input }) => shadow.reportCsv(ctx.actor, input.from, input.to)),

    compareOnCall: managerProcedure
      .input(
        Span.extend({
          scheduleId: Id,
          theirs: z.union([
            z.object({ shifts: z.array(TheirShift).max(5_000) }),
            z.object({ ical: z.string().max(900_000) }),
          ]),
        }),
      )
      .mutation(({ input }) => shadow.compareOnCall(input.scheduleId, input.from, input.to, input.theirs)),
  });
}
