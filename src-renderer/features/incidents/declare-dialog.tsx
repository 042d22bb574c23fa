import { useState } from 'react';
import type { Severity } from '#server/contract/severity.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useSession, useSubmit } from '../../session.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useDraft } from './draft.ts';
import { FormDialog } from './edit-dialogs.tsx';
import { severityOptions } from './incident-facts.ts';

interface DeclareDialogProps {
  onClose: () => void;
  /** Alerts to take with it. */
  alertIds?: string[];
  title?: string;
  severity?: Severity;
}

export function DeclareDialog({
  onClose,
  alertIds = [],
  title: firstTitle,
  severity: firstSeverity = 'sev2',
}: DeclareDialogProps) {
  const { uuid } = useSession();
  const can = useCan();
  const submit = useSubmit();
  const [draft, setDraft] = useDraft('declare');
  const [typed, setTyped] = useState<string | null>(firstTitle ?? null);
  const [severity, setSeverity] = useState<Severity>(firstSeverity);
  const [impact, setImpact] = useState('');
  const title = typed ?? draft;
  const declare = async () => {
    const incidentId = uuid();
    const submitted = await submit({
      kind: 'incident.declare',
      incidentId,
      title: title.trim(),
      severity,
      impact: impact.trim() === '' ? null : impact.trim(),
      alertIds,
      restrictedTo: null,
    });
    if (!submitted.ok) return;
    setDraft('');
    onClose();
    navigate(paths.incident(incidentId));
  };
  return (
    <FormDialog
      title="Declare an incident"
      saveLabel="Declare"
      onClose={onClose}
      valid={title.trim() !== ''}
      unavailable={can('incident.declare')}
      onSave={() => void declare()}
    >
      <TextField
        label="Title: what is broken"
        value={title}
        onChange={(text) => {
          setTyped(text);
          setDraft(text);
        }}
        autoFocus
        maxLength={300}
        placeholder="Checkout fails for card payments"
      />
      <Select
        label="Severity"
        options={severityOptions.map((option) => ({ ...option, mark: <Mark kind={option.value} size="small" /> }))}
        value={severity}
        onChange={setSeverity}
      />
      <TextField label="Impact, if known: who is hurt, and how" value={impact} onChange={setImpact} maxLength={1_000} />
      {alertIds.length > 0 ? <p className="small-text muted">Takes {alertIds.length} alerts with it.</p> : null}
      {can('incident.declare') === null ? null : (
        <p className="small-text">Kept as a draft on this machine. Nobody has been told.</p>
      )}
    </FormDialog>
  );
}
