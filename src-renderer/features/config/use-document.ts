// Saving and deleting what is configured about paging: schedules, policies, profiles … One way for all of them.
import { useState } from 'react';
import { type ConfigDraft, type ConfigKind, configRoles } from '#server/contract/config.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { OutboxItem } from '../../replica/outbox.ts';
import { useCan, useMe, useReplica, useSession, useSubmit } from '../../session.tsx';

/** Null when I may write this kind now, else why not. `about` are the people whom the document is about. */
export function useCanWrite(kind: ConfigKind, about: readonly (string | null)[] = []): string | null {
  const me = useMe();
  const can = useCan();
  const { role, own } = configRoles[kind];
  const may = roleAtLeast(me.role, role) || (own && about.includes(me.id));
  if (may) return can('config.save');
  return own
    ? `Needs the role ${role} for others; yours is ${me.role}.`
    : `Needs the role ${role}; yours is ${me.role}.`;
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
  const { replica, uuid } = useSession();
  const submit = useSubmit();
  const [busy, setBusy] = useState(false);

  async function run(action: Parameters<typeof submit>[0], id: string, version: number | null): Promise<Saved> {
    setBusy(true);
    try {
      const submitted = await submit(action, version === null ? {} : { baseVersion: version });
      if (!submitted.ok) return { outcome: 'refused', reason: submitted.reason };
      const result = await submitted.settled;
      if (result?.outcome === 'rejected') {
        // Its editor shows the reason and keeps what was typed, so nothing is left for the outbox to hold.
        await replica.outbox.discard(submitted.id);
        return { outcome: 'refused', reason: result.reason };
      }
      if (result?.outcome === 'conflict') return { outcome: 'conflict', id };
      return { outcome: 'saved', id, version: result?.outcome === 'applied' ? result.version : null };
    } finally {
      setBusy(false);
    }
  }

  return {
    busy,
    save(document, basis) {
      const id = basis?.id ?? uuid();
      return run({ kind: 'config.save', documentId: id, document }, id, basis?.version ?? null);
    },
    remove: (kind, id) => run({ kind: 'config.delete', documentKind: kind, documentId: id }, id, null),
  };
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
