// An outside witness of the change feed: a plain tRPC client in this process.
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import type { AppRouter } from '#server/api/router.ts';
import type { FeedMessage } from '#server/contract/replica.ts';
import type { RunningServer } from './server.ts';

/** Calls back for every message of the stream until the returned function is called. */
export async function watchFeed(server: RunningServer, onMessage: (message: FeedMessage) => void): Promise<() => void> {
  const client = createTRPCClient<AppRouter>({
    links: [
      httpSubscriptionLink({
        url: `${server.url}/trpc`,
        EventSource,
        eventSourceOptions: {
          fetch: (input: string | URL, init?: RequestInit) =>
            fetch(input, {
              ...init,
              headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${server.adminToken}` },
            }),
        },
      }),
    ],
  });
  let subscription: { unsubscribe(): void } | null = null;
  await new Promise<void>((resolve, reject) => {
    subscription = client.replica.stream.subscribe(undefined, {
      onStarted: () => resolve(),
      onData: (message) => onMessage(message.data as FeedMessage),
      onError: reject,
    });
  });
  return () => subscription?.unsubscribe();
}
