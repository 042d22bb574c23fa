// Saving and deleting what is configured about paging: schedules, policies, profiles … One way for all of them.
import { useState } from 'react';
import { type ConfigDraft, type ConfigKind, configRoles } from '#server/contract/config.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { EntityName } from '#server/contract/replica.ts';
import { t, term } from '../../language/words.ts';
import type { OutboxItem } from '../../replica/outbox/outbox.ts';
import type { Replica } from '../../replica/replica.ts';
import { useCan, useMe, useReplica, useSession, useSubmit } from '../../session.tsx';
import { after } from '../../time.ts';
import type { Back } from '../../undo.ts';

/** Null when I may write this kind now, else why not. `about` are the people whom the document is about. */
export function useCanWrite(kind: ConfigKind, about: readonly (string | null)[] = []): string | null {
  const can = useCan();
  return useMayWrite(kind, about) ?? can('config.save');
}

/** The same without the network: what is typed may wait for it, and a field that is shut for a moment loses its cursor. */
export function useMayWrite(kind: ConfigKind, about: readonly (string | null)[] = []): string | null {
  const me = useMe();
  const { role, own } = configRoles[kind];
  if (roleAtLeast(me.role, role) || (own && about.includes(me.id))) return null;
  return own
    ? t`Needs the role ${term(role)} for others; yours is ${term(me.role)}.`
    : t`Needs the role ${term(role)}; yours is ${term(me.role)}.`;
}

export type Saved =
  | { outcome: 'saved'; id: string; version: number | null }
  /** The conflict sheet asks which of the two stays. */
  | { outcome: 'conflict'; id: string }
  | { outcome: 'refused'; reason: string };

export interface DocumentActions {
  save: (document: ConfigDraft, basis: { id: string; version: number | null } | null) => Promise<Saved>;
  remove: (kind: ConfigKind, id: string) => Promise<Saved>;
  busy: boolean;
}

export function useDocumentActions(): DocumentActions {
  const { uuid } = useSession();
  const { run, busy } = useSaving();
  return {
    busy,
    save(document, basis) {
      const id = basis?.id ?? uuid();
      return run({ kind: 'config.save', documentId: id, document }, id, basis?.version ?? null, document.kind);
    },
    remove: (kind, id) => run({ kind: 'config.delete', documentKind: kind, documentId: id }, id, null),
  };
}

/** Submits one change at a time and waits for what the server says of it. */
export function useSaving() {
  const { replica } = useSession();
  const submit = useSubmit();
  const [busy, setBusy] = useState(false);

  /** A new one of the kind `makes` is there when this ends, so that its address leads to it. */
  async function run(
    action: Parameters<typeof submit>[0],
    id: string,
    version: number | null,
    makes: EntityName | null = null,
    back: Back | null = null,
  ): Promise<Saved> {
    setBusy(true);
    try {
      const submitted = await submit(action, version === null ? {} : { baseVersion: version }, back);
      if (!submitted.ok) return { outcome: 'refused', reason: submitted.reason };
      const result = await submitted.settled;
      if (result?.outcome === 'rejected') {
        // Its editor shows the reason and keeps what was typed, so nothing is left for the outbox to hold.
        await replica.outbox.discard(submitted.id);
        return { outcome: 'refused', reason: result.reason };
      }
      if (result?.outcome === 'conflict') return { outcome: 'conflict', id };
      if (makes !== null && version === null) await untilThere(replica, makes, id);
      return { outcome: 'saved', id, version: result?.outcome === 'applied' ? result.version : null };
    } finally {
      setBusy(false);
    }
  }

  return { run, busy };
}

/** It comes with the stream, a moment after the answer; should the stream have stopped, nobody waits for it. */
const arrivalMs = 2_000;

function untilThere({ view, store }: Replica, entity: EntityName, id: string): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      stop();
      cancel();
      resolve();
    };
    const cancel = after(arrivalMs, finish);
    const look = (): void => {
      if (view.visible(entity, id) !== undefined) finish();
    };
    const stop = store.subscribe(look);
    look();
  });
}

/** Saves of this document that somebody else's save met on the way. */
export function useConflictsOf(kind: ConfigKind, id: string | null): OutboxItem[] {
  const outbox = useReplica((state) => state.outbox);
  return outbox.filter(
    ({ state, intent: { action } }) =>
      state === 'conflict' &&
      action.kind === 'config.save' &&
      action.document.kind === kind &&
      action.documentId === id,
  );
}
