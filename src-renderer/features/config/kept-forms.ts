// What was typed in an editor and not saved, while its screen is not the one in front: in memory only, for a form may
// hold a secret, and gone with the session whose it is.
import { useSyncExternalStore } from 'react';
import type { ConfigKind } from '#server/contract/config.ts';
import { useSession } from '../../session.tsx';
import { type Held, textOf } from './editor-form.ts';

interface KeptForm<Row, Form> {
  /** Of the document, also before it is saved for the first time. */
  id: string;
  held: Held<Row, Form>;
}

const ofSessions = new WeakMap<object, Map<string, KeptForm<unknown, unknown>>>();
const listeners = new Set<() => void>();

/** `name` tells what it is a form of, so that its shape is that of the editor that kept it. */
export function keptForm<Row, Form>(session: object, name: string): KeptForm<Row, Form> | null {
  return (ofSessions.get(session)?.get(name) as KeptForm<Row, Form> | undefined) ?? null;
}

/** What can be edited and left half done. */
export type FormKind = ConfigKind | 'rule' | 'service';

/** Of a document, or of a new one; `variant` tells new ones of a kind apart. */
export function formName(kind: FormKind, id: string | null, variant = ''): string {
  return `${kind} ${id ?? `new ${variant}`}`;
}

export function keepForm(session: object, name: string, form: KeptForm<unknown, unknown> | null): void {
  const kept = ofSessions.get(session) ?? new Map<string, KeptForm<unknown, unknown>>();
  ofSessions.set(session, kept);
  if (form === null) kept.delete(name);
  else kept.set(name, form);
  for (const listener of listeners) listener();
}

/** `name` was saved after its editor had gone: only what was typed since is left of it, and belongs to what was made. */
export function keepRest(
  session: object,
  name: string,
  saved: { name: string; sent: NonNullable<Held<unknown, unknown>['sent']> },
): void {
  const kept = keptForm(session, name);
  if (kept === null) return;
  keepForm(session, name, null);
  if (textOf(kept.held.form) !== saved.sent.text)
    keepForm(session, saved.name, { ...kept, held: { ...kept.held, sent: saved.sent } });
}

export function useIsKept(name: string): boolean {
  const { replica } = useSession();
  return useSyncExternalStore(listen, () => keptForm(replica, name) !== null);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
