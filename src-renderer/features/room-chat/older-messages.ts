import { useCallback, useState } from 'react';
import type { ChatMessage } from '#server/contract/chat.ts';
import { type ApiFailure, apiFailure } from '../../api/client.ts';
import { useApi } from '../../session.tsx';
import { markOf } from './chat-lines.ts';

export interface OlderMessages {
  items: readonly ChatMessage[];
  /** The beginning of the room is here. */
  complete: boolean;
  asking: boolean;
  failure: ApiFailure | null;
  ask: (oldest: ChatMessage | undefined) => void;
}

const pageSize = 200;

/** What is no longer kept on this machine, asked of the server page by page. */
export function useOlderMessages(incidentId: string): OlderMessages {
  const api = useApi();
  const [state, setState] = useState<Omit<OlderMessages, 'ask'>>({
    items: [],
    complete: false,
    asking: false,
    failure: null,
  });
  const ask = useCallback(
    (oldest: ChatMessage | undefined) => {
      setState((old) => ({ ...old, asking: true, failure: null }));
      const cursor = oldest === undefined ? null : markOf(oldest);
      api.chat.list.query({ id: incidentId, cursor, limit: pageSize }).then(
        ({ items, nextCursor }) =>
          setState((old) => ({
            items: [...old.items, ...items],
            complete: nextCursor === null,
            asking: false,
            failure: null,
          })),
        (error: unknown) => setState((old) => ({ ...old, asking: false, failure: apiFailure(error) })),
      );
    },
    [api, incidentId],
  );
  return { ...state, ask };
}
