import type { ReactNode } from 'react';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { intoView } from '../../ui/into-view.ts';
import { Title } from '../../ui/title.tsx';
import './config.css';
import { SavedBy } from './saved-by.tsx';

interface EditorHeadProps {
  title: string;
  /** Null where it is part of a screen. */
  back: { to: string; label: string } | null;
  /** Null for a new one. */
  document: {
    version: number;
    draftVersion?: number | undefined;
    updatedAt: string;
    updatedBy: string | null;
    origin: 'ui' | 'yaml' | 'import';
  } | null;
  changed: boolean;
  busy: boolean;
  cannot: string | null;
  onPutBack: () => void;
  onSave: () => void;
  actions?: ReactNode;
}

const origins = { ui: null, yaml: t`kept as code`, import: t`imported` } as const;

/** Title, who changed it last, and the one filled button: Save. */
export function EditorHead(props: EditorHeadProps) {
  const { title, back, document, changed, busy, cannot, onPutBack, onSave, actions } = props;
  const origin = document === null ? null : origins[document.origin];
  return (
    <div className="editor-head">
      {back === null ? null : (
        <a className="small-text muted editor-back" href={back.to}>
          {back.label}
        </a>
      )}
      <div className="editor-title">
        <Title className="title clip">{title}</Title>
        {origin === null ? null : <span className="chip outlined">{origin}</span>}
        {document === null ? null : <SavedBy {...document} version={document.draftVersion ?? document.version} />}
      </div>
      {actions}
      {changed ? <Button onPress={onPutBack}>{t`Put back`}</Button> : null}
      <Button look="primary" unavailable={cannot} isDisabled={busy || (!changed && document !== null)} onPress={onSave}>
        {busy ? t`Saving…` : t`Save`}
      </Button>
    </div>
  );
}

export function Refusal({ reason, what = t`It was not saved` }: { reason: string | null; what?: string }) {
  if (reason === null) return null;
  // Who pressed Save may have scrolled far down.
  return (
    <p className="refusal" role="status" ref={intoView}>
      <b>{what}:</b> {reason}
    </p>
  );
}

/** Somebody else saved while this was open. */
export function ChangedElsewhere({ by }: { by: string }) {
  return (
    <p className="refusal" role="status">
      {t`${by} changed it while you had it open. Put back to see theirs; saving asks which of the two stays.`}
    </p>
  );
}
