import { tracked } from '@trpc/server';
import { z } from 'zod';
import type { Actor } from '#server/api/context.ts';
import { router, viewerProcedure } from '#server/api/trpc.ts';
import { ClientHello } from '#server/contract/client.ts';
import { EventName, type NamedEvent } from '#server/contract/events.ts';
import { Instant } from '#server/contract/primitives.ts';
import { type Change, FeedPosition } from '#server/contract/replica.ts';
import { type ClientView, createClientView } from '#server/modules/replica/client-view.ts';
import { createEventNaming } from '#server/modules/replica/events.ts';
import type { Replica } from '#server/modules/replica/service.ts';

const Resume = { lastEventId: FeedPosition.nullish() };
/** `heardAt`: when that place was heard, by the server's clock; a place in another past is told by it. */
const ResumeCopy = { ...Resume, heardAt: Instant.nullish() };

export function createReplicaRouter(replica: Pick<Replica<Actor>, 'snapshotPage' | 'stream'>) {
  return router({
    snapshot: viewerProcedure
      .input(z.object({ cursor: z.string().max(2_000).nullable(), client: ClientHello.optional() }))
      .query(async ({ ctx, input }) => {
        const view = createClientView(input.client);
        const page = await replica.snapshotPage(ctx.actor, input.cursor, view.reads);
        return { ...page, changes: fitAll(page.changes, view) };
      }),

    stream: viewerProcedure
      .input(z.object({ ...ResumeCopy, client: ClientHello.optional() }).optional())
      .subscription(async function* ({ ctx, input, signal }) {
        const view = createClientView(input?.client);
        const resumed = { heardAt: input?.heardAt ?? null };
        const messages = replica.stream(ctx.actor, input?.lastEventId ?? null, signal ?? never(), resumed);
        for await (const message of messages) {
          yield tracked(message.position, { ...message, changes: fitAll(message.changes, view) });
        }
      }),
  });
}

export function createEventsRouter(replica: Pick<Replica<Actor>, 'stream'>) {
  return router({
    /** Named facts from the same feed under the same audience. After a reconnect some may come twice, none is missing. */
    subscribe: viewerProcedure
      .input(z.object({ names: z.array(EventName).min(1).max(50), ...Resume }))
      .subscription(async function* ({ ctx, input, signal }) {
        const wanted = new Set(input.names);
        const nameOf = createEventNaming();
        let position = input.lastEventId ?? null;
        for (;;) {
          let gap = false;
          for await (const message of replica.stream(ctx.actor, position, signal ?? never(), { missed: 'every' })) {
            const events: NamedEvent[] = [];
            for (const change of message.changes) {
              const name = nameOf(change);
              if (name === null || !wanted.has(name)) continue;
              events.push({
                name,
                at: message.serverNow,
                id: change.id,
                body: change.op === 'put' ? change.body : null,
              });
            }
            gap = message.reset !== null;
            if (gap) events.push({ name: 'GAP', at: message.serverNow, id: null, body: null });
            // Only the last one of a message stands for its whole place.
            for (const [i, event] of events.entries())
              yield tracked(i === events.length - 1 ? message.position : message.previous, event);
          }
          if (!gap || signal?.aborted === true) return;
          position = null;
        }
      }),
  });
}

function fitAll(changes: readonly Change[], view: ClientView): Change[] {
  return changes.flatMap((change) => view.fit(change) ?? []);
}

function never(): AbortSignal {
  return new AbortController().signal;
}
