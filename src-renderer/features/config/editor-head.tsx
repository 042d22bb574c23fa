import type { ReactNode } from 'react';
import { useNameOf } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { Title } from '../../ui/title.tsx';
import './config.css';

interface EditorHeadProps {
  title: string;
  back: { to: string; label: string };
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

const origins = { ui: null, yaml: 'kept as code', import: 'imported' } as const;

/** Title, who changed it last, and the one filled button: Save. */
export function EditorHead(props: EditorHeadProps) {
  const { title, back, document, changed, busy, cannot, onPutBack, onSave, actions } = props;
  const nameOf = useNameOf();
  const origin = document === null ? null : origins[document.origin];
  return (
    <div className="editor-head">
      <a className="small-text muted editor-back" href={back.to}>
        {back.label}
      </a>
      <Title className="title clip">{title}</Title>
      {origin === null ? null : <span className="chip outlined">{origin}</span>}
      {document === null ? null : (
        <span className="small-text faint nowrap editor-by">
          version {document.draftVersion ?? document.version}
          {document.updatedBy === null ? '' : `, ${nameOf(document.updatedBy)}`}, {document.updatedAt.slice(0, 10)}{' '}
          <Time at={document.updatedAt} zone />
        </span>
      )}
      <span className="grow" />
      {actions}
      {changed ? <Button onPress={onPutBack}>Put back</Button> : null}
      <Button look="primary" unavailable={cannot} isDisabled={busy || (!changed && document !== null)} onPress={onSave}>
        {busy ? 'Saving…' : 'Save'}
      </Button>
    </div>
  );
}

export function Refusal({ reason, what = 'It was not saved' }: { reason: string | null; what?: string }) {
  if (reason === null) return null;
  return (
    <p className="refusal" role="alert">
      <b>{what}:</b> {reason}
    </p>
  );
}

/** Somebody else saved while this was open. */
export function ChangedElsewhere({ by }: { by: string }) {
  return (
    <p className="refusal" role="status">
      {by} changed it while you had it open. Put back to see theirs; saving asks which of the two stays.
    </p>
  );
}
