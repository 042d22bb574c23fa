import { z } from 'zod';
import { CenterInfo, type ClientHello, firstRelease } from '#server/contract/client.ts';
import { type Intent, IntentAnswer } from '#server/contract/intent.ts';
import type { SendAnswer } from '../replica/outbox/outbox-sender.ts';
import type { FeedTransport } from '../replica/feed/stream.ts';
import { type ApiClient, apiFailure } from './client.ts';

/** The change feed over tRPC. Reconnecting is the stream's own business, so the first trouble ends a subscription. */
export function createFeedTransport(api: ApiClient, client: ClientHello): FeedTransport {
  return {
    snapshotPage: (cursor) => api.replica.snapshot.query({ cursor, client }),
    open(position, { message, failed }, heardAt = null) {
      let opened = false;
      const subscription = api.replica.stream.subscribe(
        { lastEventId: position, heardAt: heardAt === null ? null : new Date(heardAt).toISOString(), client },
        {
          onData: (event) => message(event.data),
          onError: failed,
          onComplete: () => failed(new Error('the server ended the stream')),
          onConnectionStateChange: (state) => {
            if (state.state === 'pending') opened = true;
            else if (state.state === 'connecting' && (opened || state.error !== null)) failed(state.error);
          },
        },
      );
      return () => subscription.unsubscribe();
    },
  };
}

/** What the center understands; one that cannot answer is of the first release. Null when none could be reached. */
export async function askCenter(api: ApiClient, serverNow: () => string): Promise<CenterInfo | null> {
  try {
    return CenterInfo.parse(await api.center.info.query());
  } catch (error) {
    const failure = apiFailure(error);
    if (failure.unreachable || (failure.status !== null && failure.status !== 404)) return null;
    const { version, entities, actions } = firstRelease;
    const known = { version, oldestClient: version, entities: [...entities], actions: [...actions] };
    return { ...known, name: '', serverNow: serverNow() };
  }
}

export async function sendIntents(api: ApiClient, intents: Intent[]): Promise<SendAnswer> {
  try {
    const answers = await api.intents.submit.mutate({ intents });
    return { kind: 'results', results: z.array(z.unknown()).parse(answers).flatMap(readResult) };
  } catch (error) {
    const failure = apiFailure(error);
    if (failure.unreachable) return { kind: 'unreachable' };
    const status = failure.status ?? 500;
    // A sign-in that ended, a busy server, a fault: the actions stay and go again. Only a clear refusal ends one.
    if (status === 400 || status === 413) return { kind: 'refused', reason: failure.message };
    return { kind: 'busy', waitMs: status === 401 ? 5_000 : 2_000 };
  }
}

/** Of a newer center: what it refused in a word that is not known here is refused. */
const Refusal = z
  .object({ outcome: z.literal('rejected'), id: z.string(), reason: z.string() })
  .transform((refusal): IntentAnswer => ({ ...refusal, code: 'invalid' }));

/** One answer that cannot be read holds up no other; its action stays and goes again. */
function readResult(raw: unknown): IntentAnswer[] {
  const read = IntentAnswer.or(Refusal).safeParse(raw);
  return read.success ? [read.data] : [];
}
