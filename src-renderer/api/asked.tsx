// Reads that are not replicated: asked of the server, kept for a while, and always shown with their age.
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { t } from '../language/words.ts';
import { useApi } from '../session.tsx';
import { useDeviceNow } from '../time.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/empty.tsx';
import { shortAgo } from '../ui/time.tsx';
import { type ApiClient, apiFailure, type ApiFailure } from './client.ts';

export interface Asked<T> {
  data: T | undefined;
  failure: ApiFailure | null;
  asking: boolean;
  /** Device clock of the answer; null before the first. */
  answeredAt: number | null;
  again: () => void;
}

interface AskOptions {
  enabled?: boolean;
  /** Asked again by itself after this long; screens that show the server's own state say so. */
  everyMs?: number;
  /** An answer is good for this long when the screen is opened again. */
  goodForMs?: number;
  /** While the question changes, the last answer stays. */
  keepLast?: boolean;
}

export function useAsked<T>(
  key: readonly unknown[],
  ask: (api: ApiClient, signal: AbortSignal) => Promise<T>,
  options: AskOptions = {},
): Asked<T> {
  const api = useApi();
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => ask(api, signal),
    enabled: options.enabled ?? true,
    staleTime: options.goodForMs ?? 5_000,
    retry: false,
    // The browser's idea of being offline is not ours: a server on this machine answers without a network.
    networkMode: 'always',
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
    ...(options.keepLast === true ? { placeholderData: keepPreviousData } : {}),
  });
  return {
    data: query.data,
    failure: query.error === null ? null : apiFailure(query.error),
    asking: query.isFetching,
    answeredAt: query.dataUpdatedAt === 0 ? null : query.dataUpdatedAt,
    again: () => void query.refetch(),
  };
}

export interface Call<I, O> {
  /** Null when it failed; `failure` says why. */
  run: (input: I) => Promise<O | null>;
  busy: boolean;
  failure: ApiFailure | null;
  forget: () => void;
}

export function useCall<I, O>(call: (api: ApiClient, input: I) => Promise<O>): Call<I, O> {
  const api = useApi();
  const mutation = useMutation({ mutationFn: (input: I) => call(api, input), networkMode: 'always' });
  return {
    run: (input) => mutation.mutateAsync(input).catch(() => null),
    busy: mutation.isPending,
    failure: mutation.error === null ? null : apiFailure(mutation.error),
    forget: mutation.reset,
  };
}

/** When the server was asked, with a way to ask again. */
export function AskedAge({ asked }: { asked: Asked<unknown> }) {
  const now = useDeviceNow();
  return (
    <span className="asked-age row">
      <span className="small-text faint nowrap">
        {asked.answeredAt === null
          ? asked.asking
            ? t`asking…`
            : t`not asked yet`
          : t`as of ${shortAgo(now - asked.answeredAt)} ago`}
      </span>
      <Button look="ghost" compact icon="replay" aria-label={t`Ask the server again`} onPress={asked.again} />
    </span>
  );
}

/** The answer, or in its place why there is none. An old answer stays under a failed new question. */
export function AskedBody<T>({
  asked,
  what,
  children,
}: {
  asked: Asked<T>;
  what: string;
  children: (data: T) => ReactNode;
}) {
  return (
    <>
      {asked.failure === null ? null : <Failure what={what} failure={asked.failure} onRetry={asked.again} />}
      {asked.data === undefined ? (
        asked.failure === null ? (
          <p className="small-text faint asked-wait">{t`Asking the server…`}</p>
        ) : null
      ) : (
        children(asked.data)
      )}
    </>
  );
}

export function Failure({ what, failure, onRetry }: { what: string; failure: ApiFailure; onRetry?: () => void }) {
  return (
    <Problem
      what={what}
      why={failure.message}
      traceId={failure.traceId}
      {...(onRetry === undefined ? {} : { onRetry })}
    />
  );
}
