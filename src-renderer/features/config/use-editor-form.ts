// What every editor does with its form: follow what others save, save, say why not, and keep what is typed when one goes
// to look at something else.
import { useEffect, useRef, useState } from 'react';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { type OutboxItem, versionOf } from '../../replica/outbox/outbox.ts';
import { useSession } from '../../session.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { followed, type Held, isChanged, isElsewhere, textOf } from './editor-form.ts';
import { keepForm, keepRest, keptForm } from './kept-forms.ts';
import type { Saved } from './use-document.ts';

type SavedNow = Extract<Saved, { outcome: 'saved' }>;

/** What the head of an editor shows and does. */
export interface EditorStanding {
  /** Something was typed that is not saved. */
  changed: boolean;
  /** Somebody else saved something else meanwhile. */
  elsewhere: boolean;
  conflicts: OutboxItem[];
  /** Why it was not saved. */
  refusal: string | null;
  /** Grows with each try to save what is not valid yet. */
  invalidTries: number;
  busy: boolean;
  putBack: () => void;
  /** Which of two stays was decided. */
  decided: (item: OutboxItem, stays: 'theirs' | 'mine') => void;
}

export interface EditorForm<Form, Draft> extends EditorStanding {
  /** Of the document, also before it is saved for the first time. */
  id: string;
  form: Form;
  set: (change: Partial<Form>) => void;
  /** Somebody tried to save it: what is missing is said now. */
  tried: boolean;
  /** Null: it was not saved, and what the editor shows says why. */
  save: (draft: Draft | null, whyInvalid?: string) => Promise<SavedNow | null>;
  /** To what was made just now, unless one has gone elsewhere meanwhile. */
  openMade: (path: string) => void;
}

interface EditorFormDeps<Row, Form, Draft> {
  /** What it is called among what was typed and not saved; `made` is the id of what was new until now. */
  nameOf: (made?: string) => string;
  row: Row | null;
  formOf: (row: Row | null) => Form;
  conflicts: OutboxItem[];
  busy: boolean;
  send: (draft: Draft, basis: { id: string; version: number | null }) => Promise<Saved>;
  /** The fields of a draft, as they stand in the row. */
  bodyOf: (draft: Draft) => object;
  /** Where it has one before it is there. */
  id?: string | undefined;
}

export function useEditorForm<Row extends { id: string; version: number }, Form, Draft>(
  deps: EditorFormDeps<Row, Form, Draft>,
): EditorForm<Form, Draft> {
  const { nameOf, row, formOf, send, bodyOf, busy, conflicts } = deps;
  const { uuid, replica } = useSession();
  const show = useToasts((state) => state.show);
  const name = nameOf();
  const [began] = useState(
    () =>
      keptForm<Row, Form>(replica, name) ?? {
        id: deps.id ?? uuid(),
        held: { form: formOf(row), basis: row, sent: null } satisfies Held<Row, Form>,
      },
  );
  const [held, setHeld] = useState(began.held);
  const [tried, setTried] = useState(false);
  const [invalidTries, setInvalidTries] = useState(0);
  const [refusal, setRefusal] = useState<string | null>(null);
  const id = row?.id ?? began.id;
  const now = followed(held, row, formOf);
  if (now !== held) setHeld(now);
  const changed = isChanged(now, formOf);

  const latest = useRef({ held: now, changed });
  useEffect(() => {
    latest.current = { held: now, changed };
  });
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  useEffect(() => {
    keepForm(replica, name, null);
    return () => keepForm(replica, name, latest.current.changed ? { id: began.id, held: latest.current.held } : null);
  }, [replica, name, began.id]);

  return {
    id,
    form: now.form,
    set: (fields) => setHeld((before) => ({ ...before, form: { ...before.form, ...fields } })),
    changed,
    elsewhere: isElsewhere(now, row, formOf),
    conflicts,
    tried,
    refusal,
    invalidTries,
    busy,
    putBack() {
      setRefusal(null);
      setTried(false);
      setHeld({ form: formOf(row), basis: row, sent: null });
    },
    decided(item, stays) {
      if (stays === 'theirs') return setHeld({ form: formOf(row), basis: row, sent: null });
      const version = (versionOf(item.current) ?? row?.version ?? 0) + 1;
      setHeld((before) => (before.sent === null ? before : { ...before, sent: { ...before.sent, version } }));
    },
    async save(draft, whyInvalid = t`a field below is not valid yet.`) {
      if (busy) return null;
      setTried(true);
      setRefusal(draft === null ? whyInvalid : null);
      if (draft === null) {
        setInvalidTries((tries) => tries + 1);
        return null;
      }
      const sent = { text: textOf(now.form), body: bodyOf(draft), version: null };
      const from = window.location.hash;
      const saved = await send(draft, { id, version: now.basis?.version ?? null });
      if (saved.outcome === 'refused') {
        setRefusal(saved.reason);
        if (!shown.current) {
          const look = { label: t`Look`, run: () => navigate(from) };
          show({ icon: 'refused', text: t`What you edited was not saved: ${saved.reason}`, action: look });
        }
        return null;
      }
      const version = saved.outcome === 'saved' ? (saved.version ?? now.basis?.version ?? 0) : null;
      setHeld((before) => ({ ...before, sent: { ...sent, version } }));
      if (saved.outcome !== 'saved') return null;
      setTried(false);
      const rest = { ...latest.current.held, sent: { ...sent, version } };
      const typedOn = textOf(rest.form) !== sent.text;
      const made = nameOf(id);
      if (!shown.current) keepRest(replica, name, { name: made, sent: rest.sent });
      // The editor of a new one gives way to that of what was made.
      else if (made !== name) keepForm(replica, made, typedOn ? { id, held: rest } : null);
      // Who saved it goes elsewhere before the next drawing, perhaps.
      latest.current = { held: rest, changed: typedOn && made === name };
      return saved;
    },
    openMade(path) {
      if (shown.current) navigate(path, { replace: true });
    },
  };
}
