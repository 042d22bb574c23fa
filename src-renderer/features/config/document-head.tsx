import { useNameOf } from '../../session.tsx';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { DeleteButton } from './delete-button.tsx';
import { ChangedElsewhere, EditorHead, Refusal } from './editor-head.tsx';
import { EditorKeys } from './editor-keys.tsx';
import type { EditorStanding } from './use-editor-form.ts';

type HeadProps = Parameters<typeof EditorHead>[0];

interface DocumentHeadProps extends Pick<HeadProps, 'title' | 'back' | 'cannot' | 'onSave' | 'actions'> {
  editor: EditorStanding;
  document: HeadProps['document'];
  /** Left out for what cannot be deleted. */
  onDelete?: (() => void) | undefined;
  /** Where the reason stands beside what it is about instead. */
  refusalBelow?: boolean;
}

/** The head of an editor with its keys, and under it what stands in the way of saving. */
export function DocumentHead(props: DocumentHeadProps) {
  const { editor, document, cannot, back, onSave, onDelete } = props;
  const nameOf = useNameOf();
  return (
    <>
      <EditorKeys editor={editor} isNew={document === null} cannot={cannot} back={back?.to ?? null} onSave={onSave} />
      <EditorHead
        title={props.title}
        back={back}
        document={document}
        changed={editor.changed}
        busy={editor.busy}
        cannot={cannot}
        onPutBack={editor.putBack}
        onSave={onSave}
        actions={
          <>
            {props.actions}
            {document === null || onDelete === undefined ? null : (
              <DeleteButton name={props.title} unavailable={cannot} onPress={onDelete} />
            )}
          </>
        }
      />
      {document !== null && editor.elsewhere && editor.changed && editor.conflicts.length === 0 ? (
        <ChangedElsewhere by={nameOf(document.updatedBy)} />
      ) : null}
      {editor.conflicts.length > 0 ? <ConflictSheet items={editor.conflicts} onDecided={editor.decided} /> : null}
      {props.refusalBelow === true ? null : <Refusal key={editor.invalidTries} reason={editor.refusal} />}
    </>
  );
}
