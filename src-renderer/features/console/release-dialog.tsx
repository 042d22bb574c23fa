import { useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useNameOf } from '../../session.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog, useAct } from '../incidents/edit-dialogs.tsx';
import { codeOf } from '../incidents/incident-facts.ts';

export function ReleaseDialog({
  incident,
  userId,
  onClose,
}: {
  incident: Incident;
  userId: string;
  onClose: () => void;
}) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const act = useAct(onClose);
  const [note, setNote] = useState('');
  const mine = userId === me.id;
  return (
    <FormDialog
      title={mine ? t`Leave ${codeOf(incident)}?` : t`Release ${nameOf(userId)} from ${codeOf(incident)}?`}
      saveLabel={mine ? t`Leave` : t`Release`}
      onClose={onClose}
      valid
      unavailable={can('incident.release', incident)}
      onSave={() =>
        act({
          kind: 'incident.release',
          incidentId: incident.id,
          userId,
          note: note.trim() === '' ? null : note.trim(),
        })
      }
    >
      <p className="muted">
        {mine
          ? t`You are no longer counted as working on it. Taking anything up here again brings you back.`
          : t`${nameOf(userId)} is no longer counted as working on it. Taking anything up here again brings them back.`}
      </p>
      <TextField label={t`Anything to say with it`} value={note} onChange={setNote} autoFocus maxLength={1_000} />
    </FormDialog>
  );
}
