import { useState } from 'react';
import type { ConfigKind } from '#server/contract/config.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { AskedBody, useAsked } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { documentWords } from './document-words.ts';
import { Icon } from '../../ui/icon.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { Refusal } from './editor-head.tsx';
import { useDocumentActions } from './use-document.ts';
import './config.css';

interface Unreadable {
  kind: ConfigKind;
  id: string;
  name: string;
  why: string;
}

/** What is stored and no list can show: paging goes on without it until somebody sees to it. */
export function UnreadableDocuments({ kinds }: { kinds: readonly ConfigKind[] }) {
  const { role } = useMe();
  const asked = useAsked(['unreadable'], (api) => api.config.unreadable.query(), { goodForMs: 60_000, keepLast: true });
  const [opened, setOpened] = useState<Unreadable | null>(null);
  const found = (asked.data ?? []).filter(({ kind }) => kinds.includes(kind));
  if (found.length === 0) return null;
  const admin = roleAtLeast(role, 'admin');
  return (
    <section className="unreadable" aria-label={t`What cannot be read`}>
      <ul className="findings">
        {found.map((document) => (
          <li key={document.id} className="error">
            <Icon name="refused" small />
            <span className="row wrap">
              <span className="grow">
                {rich`${(
                  <b>{t`The ${documentWords[document.kind]} “${document.name}” cannot be read:`}</b>
                )} ${document.why}. Paging goes on without it.`}
                {admin ? null : ` ${t`An administrator can look at it and delete it.`}`}
              </span>
              {admin ? (
                <Button compact onPress={() => setOpened(document)}>
                  {t`Look at it`}
                </Button>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      {opened === null ? null : (
        <UnreadableDocument document={opened} onClose={() => setOpened(null)} onDeleted={asked.again} />
      )}
    </section>
  );
}

interface DialogProps {
  document: Unreadable;
  onClose: () => void;
  onDeleted: () => void;
}

function UnreadableDocument({ document: { kind, id, name, why }, onClose, onDeleted }: DialogProps) {
  const cannot = useCan()('config.delete');
  const show = useToasts((state) => state.show);
  const { remove, busy } = useDocumentActions();
  const [refusal, setRefusal] = useState<string | null>(null);
  const asked = useAsked(['unreadable', kind, id], (api) => api.config.unreadableText.query({ kind, id }), {
    goodForMs: 0,
  });
  const run = async (): Promise<void> => {
    const removed = await remove(kind, id);
    if (removed.outcome === 'refused') return setRefusal(removed.reason);
    show({ text: t`The ${documentWords[kind]} “${name}” is deleted.` });
    onDeleted();
    onClose();
  };
  return (
    <Dialog
      title={t`The ${documentWords[kind]} “${name}” as it is stored`}
      open
      wide
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void run()}>
            {busy ? t`Deleting…` : t`Delete it`}
          </Button>
        </>
      }
    >
      <p>
        {t`This version of Tocsin cannot read it (${why}). Copy what is still needed into a new one, then delete it.`}
        {kind === 'schedule' ? ` ${t`Its overrides and swaps go with it.`}` : ''}
        {kind === 'route' ? ` ${t`If it was the catch-all, the center makes a new one when it is started again.`}` : ''}
      </p>
      <AskedBody asked={asked} what={t`Its text could not be had`}>
        {({ text }) =>
          text === null ? (
            <p className="muted">{t`It is gone, or can be read again. Close this and look at the list.`}</p>
          ) : (
            <pre className="unreadable-text" tabIndex={0} role="region" aria-label={t`Its text, secrets hidden`}>
              {text}
            </pre>
          )
        }
      </AskedBody>
      <Refusal reason={refusal} what={t`It was not deleted`} />
    </Dialog>
  );
}
