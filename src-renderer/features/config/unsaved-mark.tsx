import { t } from '../../language/words.ts';
import { type FormKind, formName, useIsKept } from './kept-forms.ts';

/** In the row of what holds unsaved text while its editor is not the one in front. */
export function UnsavedMark({ kind, id }: { kind: FormKind; id: string }) {
  if (!useIsKept(formName(kind, id))) return null;
  return (
    <span className="row">
      <span className="chip dashed">{t`unsaved`}</span>
    </span>
  );
}
