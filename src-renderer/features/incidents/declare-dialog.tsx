import { useState } from 'react';
import type { ActionOf } from '#server/contract/intent.ts';
import type { Severity } from '#server/contract/severity.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useReachable, useSession, useSubmit } from '../../session.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useDraft } from './draft.ts';
import { FormDialog } from './edit-dialogs.tsx';
import { severityOptions } from './incident-facts.ts';
import { useCanDeclare } from './use-can-declare.ts';

interface DeclareDialogProps {
  onClose: () => void;
  /** Alerts to take with it. */
  alertIds?: string[];
  title?: string;
  severity?: Severity;
  /** A draft to change: its id in the outbox, and what it says. */
  draft?: { id: string; action: ActionOf<'incident.declare'> };
}

export function DeclareDialog({
  onClose,
  alertIds = [],
  title: firstTitle,
  severity: firstSeverity = 'sev2',
  draft,
}: DeclareDialogProps) {
  const { uuid, replica } = useSession();
  const unavailable = useCanDeclare();
  const reachable = useReachable();
  const submit = useSubmit();
  const show = useToasts((state) => state.show);
  const [typedBefore, keepTyped] = useDraft('declare');
  const [typed, setTyped] = useState<string | null>(draft?.action.title ?? firstTitle ?? null);
  const [severity, setSeverity] = useState<Severity>(draft?.action.severity ?? firstSeverity);
  const [impact, setImpact] = useState(draft?.action.impact ?? '');
  const title = typed ?? typedBefore;
  const taken = draft?.action.alertIds ?? alertIds;
  const asDraft = draft !== undefined || !reachable;

  const save = async () => {
    const action: ActionOf<'incident.declare'> = {
      kind: 'incident.declare',
      incidentId: draft?.action.incidentId ?? uuid(),
      title: title.trim(),
      severity,
      impact: impact.trim() === '' ? null : impact.trim(),
      alertIds: taken,
      restrictedTo: draft?.action.restrictedTo ?? null,
    };
    if (asDraft) {
      if (!(await replica.outbox.draft(action, draft?.id))) {
        show({ icon: 'refused', text: t`This machine could not keep the draft. Free some space and try again.` });
        return;
      }
    } else if (!(await submit(action)).ok) return;
    if (draft === undefined) keepTyped('');
    onClose();
    if (!asDraft) navigate(paths.incident(action.incidentId));
  };

  return (
    <FormDialog
      title={draft === undefined ? t`Declare an incident` : t`Change the draft`}
      saveLabel={asDraft ? t`Keep as a draft` : t`Declare`}
      onClose={onClose}
      valid={title.trim() !== ''}
      unavailable={unavailable}
      onSave={() => void save()}
    >
      <TextField
        label={t`Title: what is broken`}
        value={title}
        onChange={(text) => {
          setTyped(text);
          if (draft === undefined) keepTyped(text);
        }}
        autoFocus
        maxLength={300}
        placeholder={t`Checkout fails for card payments`}
      />
      <Select
        label={t`Severity`}
        options={severityOptions.map((option) => ({ ...option, mark: <Mark kind={option.value} size="small" /> }))}
        value={severity}
        onChange={setSeverity}
      />
      <TextField
        label={t`Impact, if known: who is hurt, and how`}
        value={impact}
        onChange={setImpact}
        maxLength={1_000}
      />
      {taken.length > 0 ? <p className="small-text muted">{t`Takes ${taken.length} alerts with it.`}</p> : null}
      {asDraft ? (
        <p className="small-text">
          {rich`Declaring needs the server. The draft stays on this machine and ${<b>{t`nobody is paged`}</b>} until you declare it.`}
        </p>
      ) : null}
    </FormDialog>
  );
}
