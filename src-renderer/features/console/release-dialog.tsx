import { useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
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
      title={mine ? `Leave ${codeOf(incident)}?` : `Release ${nameOf(userId)} from ${codeOf(incident)}?`}
      saveLabel={mine ? 'Leave' : 'Release'}
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
        {mine ? 'You are' : `${nameOf(userId)} is`} no longer counted as working on it. Taking anything up here again
        brings {mine ? 'you' : 'them'} back.
      </p>
      <TextField label="Anything to say with it" value={note} onChange={setNote} autoFocus maxLength={1_000} />
    </FormDialog>
  );
}
