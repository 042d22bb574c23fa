import { type ReactNode, useState } from 'react';
import type { ConfigKind } from '#server/contract/config.ts';
import { listText, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { Button } from '../../ui/button.tsx';
import { useEntity } from '../../session.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Refusal } from './editor-head.tsx';
import { type Saved, useCanWrite, useDocumentActions } from './use-document.ts';
import { useReferrers } from './use-referrers.ts';
import { useSayDeleted } from './use-say-deleted.ts';

interface DeleteDialogProps {
  /** Names what is deleted. */
  title: string;
  /** What it is called. */
  name: string;
  cannot: string | null;
  busy: boolean;
  remove: () => Promise<Saved>;
  /** Where to go afterwards. */
  back: string;
  onClose: () => void;
  /** What it does to what uses it. */
  children: ReactNode;
}

export function DeleteDialog({ title, name, cannot, busy, remove, back, onClose, children }: DeleteDialogProps) {
  const [refusal, setRefusal] = useState<string | null>(null);
  const sayDeleted = useSayDeleted();
  const run = async (): Promise<void> => {
    const removed = await remove();
    if (removed.outcome === 'refused') return setRefusal(removed.reason);
    onClose();
    navigate(back);
    if (removed.outcome === 'saved') sayDeleted(t`${name} is deleted.`, removed.id);
  };
  return (
    <Dialog
      title={title}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void run()}>
            {busy ? t`Deleting…` : t`Delete`}
          </Button>
        </>
      }
    >
      <p>{children}</p>
      <Refusal reason={refusal} what={t`It was not deleted`} />
    </Dialog>
  );
}

interface DeleteDocumentProps extends Pick<DeleteDialogProps, 'title' | 'back' | 'onClose' | 'children'> {
  kind: ConfigKind;
  id: string;
}

export function DeleteDocument({ kind, id, children, ...shown }: DeleteDocumentProps) {
  const { remove, busy } = useDocumentActions();
  // Its name as it was when the dialog was opened.
  const row = useEntity(kind, id);
  const [name] = useState(row !== undefined && 'name' in row ? row.name : '');
  const cannot = useCanWrite(kind);
  const used = listText(useReferrers(kind, id));
  return (
    <DeleteDialog
      {...shown}
      name={name}
      cannot={cannot ?? (used === '' ? null : t`It is still used.`)}
      busy={busy}
      remove={() => remove(kind, id)}
    >
      {used === '' ? children : t`It is still used by ${used}. Take it out there first.`}
    </DeleteDialog>
  );
}
