import { z } from 'zod';
import type { Actor } from '#server/api/context.ts';
import { responderProcedure, router } from '#server/api/trpc.ts';
import { Alert } from '#server/contract/alert.ts';
import { Expression } from '#server/contract/primitives.ts';
import { celAlert, compileCondition } from '#server/expressions/cel.ts';

const pageSize = 2_000;
const sampleMax = 10;

const Counted = z.object({ ok: z.literal(true), firing: z.int(), matched: z.int(), sample: z.array(Alert) });
const Preview = z.discriminatedUnion('ok', [
  Counted,
  z.object({ ok: z.literal(false), reason: z.string(), position: z.int().optional() }),
]);

/** `firing` reads the firing alerts that the actor may see, by id. */
export function silencesRouter(firing: (actor: Actor, after: string | null, limit: number) => Promise<Alert[]>) {
  return router({
    /** What a matcher would suppress now. */
    preview: responderProcedure
      .input(z.object({ matcher: Expression }))
      .output(Preview)
      .query(async ({ ctx, input }) => {
        const matcher = compileCondition(input.matcher);
        if (!matcher.ok) return matcher;
        const preview: z.infer<typeof Counted> = { ok: true, firing: 0, matched: 0, sample: [] };
        // By pages, so that 50,000 alerts never hold the event loop for long.
        for (let after: string | null = null; ;) {
          const page = await firing(ctx.actor, after, pageSize);
          const matching = page.filter((alert) => matcher.test(celAlert(alert)));
          preview.firing += page.length;
          preview.matched += matching.length;
          preview.sample.push(...matching.slice(0, sampleMax - preview.sample.length));
          if (page.length < pageSize) return preview;
          after = page.at(-1)?.id ?? null;
        }
      }),
  });
}
