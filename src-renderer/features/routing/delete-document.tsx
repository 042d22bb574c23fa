import { type ReactNode, useState } from 'react';
import type { ConfigKind } from '#server/contract/config.ts';
import { navigate } from '../../navigation.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';

interface DeleteDocumentProps {
  kind: ConfigKind;
  id: string;
  /** Names what is deleted. */
  title: string;
  /** Where to go afterwards. */
  back: string;
  onClose: () => void;
  /** What it does to what uses it. */
  children: ReactNode;
}

export function DeleteDocument({ kind, id, title, back, onClose, children }: DeleteDocumentProps) {
  const { remove, busy } = useDocumentActions();
  const cannot = useCanWrite(kind);
  const [refusal, setRefusal] = useState<string | null>(null);
  const run = async (): Promise<void> => {
    const removed = await remove(kind, id);
    if (removed.outcome === 'refused') return setRefusal(removed.reason);
    onClose();
    navigate(back);
  };
  return (
    <Dialog
      title={title}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void run()}>
            Delete
          </Button>
        </>
      }
    >
      <p>{children}</p>
      <Refusal reason={refusal} what="It was not deleted" />
    </Dialog>
  );
}
