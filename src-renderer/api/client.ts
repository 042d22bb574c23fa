import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
  TRPCClientError,
} from '@trpc/client';
import { EventSource } from 'eventsource';
import type { AppRouter } from '#server/api/router.ts';
import { t } from '../language/words.ts';
import type { Access } from './access.ts';
import { withTimeout } from './timeout.ts';

export type ApiClient = TRPCClient<AppRouter>;

/** Calls in batches, the change feed as server-sent events; both carry the access token. */
export function createApiClient(serverUrl: string, access: Access): ApiClient {
  const url = `${serverUrl}/trpc`;
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url,
          // The browser's own EventSource sends no headers.
          EventSource,
          eventSourceOptions: () => ({
            fetch: async (input: string | URL, init: RequestInit) => access.fetch(String(input), init),
          }),
        }),
        false: httpBatchLink({
          url,
          maxURLLength: 4_000,
          fetch: (input, init) =>
            withTimeout(init as RequestInit, (limited) =>
              access.fetch(input instanceof URL ? input.href : (input as string), limited),
            ),
        }),
      }),
    ],
  });
}

export interface ApiFailure {
  code: string;
  /** What happened, why, what to do: the server's own words where there are any. */
  message: string;
  traceId: string | null;
  /** No answer came at all. */
  unreachable: boolean;
  status: number | null;
}

/** What the center itself does not find it refuses in words and with a code of its own. */
function isMissing({ code, appCode }: { code?: unknown; appCode?: unknown }): boolean {
  return code === 'NOT_FOUND' && typeof appCode !== 'string';
}

const missing = t`This center is older than this client and cannot do this yet. It works once the center is updated; all else goes on.`;

/** One shape for everything that a call can fail with. */
export function apiFailure(error: unknown): ApiFailure {
  if (error instanceof TRPCClientError) {
    const data: unknown = error.data;
    if (typeof data === 'object' && data !== null) {
      const fields = data as { appCode?: unknown; code?: unknown; traceId?: unknown; httpStatus?: unknown };
      return {
        code:
          typeof fields.appCode === 'string'
            ? fields.appCode
            : typeof fields.code === 'string'
              ? fields.code
              : 'unknown',
        message: isMissing(fields) ? missing : error.message,
        traceId: typeof fields.traceId === 'string' ? fields.traceId : null,
        unreachable: false,
        status: typeof fields.httpStatus === 'number' ? fields.httpStatus : null,
      };
    }
  }
  return {
    code: 'unreachable',
    message: t`The server did not answer. What is on screen stays; try again when it is back.`,
    traceId: null,
    unreachable: true,
    status: null,
  };
}
