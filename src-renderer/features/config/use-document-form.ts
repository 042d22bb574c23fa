import type { ConfigDraft, ConfigKind } from '#server/contract/config.ts';
import { formName } from './kept-forms.ts';
import { type EditorForm, useEditorForm } from './use-editor-form.ts';
import { useConflictsOf, useDocumentActions } from './use-document.ts';

interface DocumentFormOptions {
  /** Of one that has its id before it is there. */
  id?: string;
  /** Tells new ones of a kind apart. */
  variant?: string;
}

/** The form of what is configured about paging. */
export function useDocumentForm<Row extends { id: string; version: number }, Form>(
  kind: ConfigKind,
  row: Row | null,
  formOf: (row: Row | null) => Form,
  { id, variant = '' }: DocumentFormOptions = {},
): EditorForm<Form, ConfigDraft> {
  const { save, busy } = useDocumentActions();
  const known = row?.id ?? id ?? null;
  return useEditorForm<Row, Form, ConfigDraft>({
    nameOf: (made) => formName(kind, made ?? known, variant),
    row,
    formOf,
    id,
    conflicts: useConflictsOf(kind, known),
    busy,
    send: save,
    bodyOf: ({ draft }) => draft,
  });
}
