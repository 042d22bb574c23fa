import { type ReactNode, useState } from 'react';
import type { Action } from '#server/contract/intent.ts';
import type { Incident, IncidentLink } from '#server/contract/incident.ts';
import { Link } from '#server/contract/primitives.ts';
import { useCan, useSession, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { codeOf } from './incident-facts.ts';

interface Props {
  incident: Incident;
  onClose: () => void;
}

export function ResolveDialog({ incident, onClose }: Props) {
  const can = useCan();
  const act = useAct(onClose);
  const { firingAlertCount } = incident;
  return (
    <Dialog
      title={`Resolve ${codeOf(incident)}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it open</Button>
          <Button
            look="primary"
            autoFocus
            unavailable={can('incident.resolve', incident)}
            onPress={() => act({ kind: 'incident.resolve', incidentId: incident.id })}
          >
            Resolve
          </Button>
        </>
      }
    >
      <p>
        “{incident.title}” leaves the open list and the wall, and its update clock stops. It can be reopened.
        {firingAlertCount > 0 ? (
          <b>
            {' '}
            {firingAlertCount} of its alerts {firingAlertCount === 1 ? 'is' : 'are'} still firing.
          </b>
        ) : null}
      </p>
    </Dialog>
  );
}

export function TitleDialog({ incident, onClose }: Props) {
  const [title, setTitle] = useState(incident.title);
  const act = useAct(onClose);
  const save = () => act({ kind: 'incident.set-title', incidentId: incident.id, title: title.trim() });
  return (
    <FormDialog title={`Rename ${codeOf(incident)}`} onClose={onClose} onSave={save} valid={title.trim() !== ''}>
      <TextField label="Title" value={title} onChange={setTitle} autoFocus maxLength={300} />
    </FormDialog>
  );
}

export function ImpactDialog({ incident, onClose }: Props) {
  const [impact, setImpact] = useState(incident.impact ?? '');
  const act = useAct(onClose);
  const save = () =>
    act({ kind: 'incident.set-impact', incidentId: incident.id, impact: impact.trim() === '' ? null : impact.trim() });
  return (
    <FormDialog title="State the impact" onClose={onClose} onSave={save} valid>
      <TextField
        label="One sentence: who is hurt, and how"
        value={impact}
        onChange={setImpact}
        autoFocus
        maxLength={1_000}
      />
    </FormDialog>
  );
}

const linkKinds: { value: IncidentLink['kind']; label: string }[] = [
  { value: 'bridge', label: 'Bridge (a call)' },
  { value: 'dashboard', label: 'Dashboard' },
  { value: 'ticket', label: 'Ticket' },
  { value: 'other', label: 'Other' },
];

export function AddLinkDialog({ incident, onClose }: Props) {
  const { uuid } = useSession();
  const [kind, setKind] = useState<IncidentLink['kind']>('bridge');
  const [label, setLabel] = useState('');
  const [url, setUrl] = useState('');
  const act = useAct(onClose);
  const parsed = Link.safeParse(url.trim());
  const name =
    label.trim() === '' ? (linkKinds.find((option) => option.value === kind)?.label ?? 'Link') : label.trim();
  const save = () =>
    act({
      kind: 'incident.add-link',
      incidentId: incident.id,
      link: { id: uuid(), kind, label: name, url: url.trim() },
    });
  return (
    <FormDialog title="Add a link" onClose={onClose} onSave={save} valid={parsed.success}>
      <Select label="Kind" options={linkKinds} value={kind} onChange={setKind} />
      <TextField
        label="Address"
        value={url}
        onChange={setUrl}
        placeholder="https://… or tel:+49…"
        autoFocus
        code
        error={url === '' || parsed.success ? null : 'It has to start with https://, http://, tel: or mailto:.'}
      />
      <TextField label="Name" value={label} onChange={setLabel} placeholder={name} />
    </FormDialog>
  );
}

/** A dialog that is a form: Enter saves. */
export function FormDialog(props: {
  title: string;
  onClose: () => void;
  onSave: () => void;
  valid: boolean;
  unavailable?: string | null;
  saveLabel?: string;
  children: ReactNode;
}) {
  const { title, onClose, onSave, valid, unavailable = null, saveLabel = 'Save', children } = props;
  return (
    <Dialog
      title={title}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" unavailable={unavailable} isDisabled={!valid} onPress={onSave}>
            {saveLabel}
          </Button>
        </>
      }
    >
      <form
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (valid && unavailable === null) onSave();
        }}
        // In a text of several lines Enter alone is a new line. Before the fields hear it: a select keeps keys to itself.
        onKeyDownCapture={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          event.stopPropagation();
          event.currentTarget.requestSubmit();
        }}
      >
        {children}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

/** Takes the action and closes; refused, it stays open, so that nothing typed is lost. */
export function useAct(onClose: () => void): (action: Action) => void {
  const submit = useSubmit();
  return (action) => {
    void submit(action).then((submitted) => {
      if (submitted.ok) onClose();
    });
  };
}
