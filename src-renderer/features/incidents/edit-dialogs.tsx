import { type ReactNode, useRef, useState } from 'react';
import type { Action } from '#server/contract/intent.ts';
import type { Incident, IncidentLink } from '#server/contract/incident.ts';
import { Link } from '#server/contract/primitives.ts';
import { plural, t } from '../../language/words.ts';
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
      title={t`Resolve ${codeOf(incident)}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it open`}</Button>
          <Button
            look="primary"
            autoFocus
            unavailable={can('incident.resolve', incident)}
            onPress={() => act({ kind: 'incident.resolve', incidentId: incident.id })}
          >
            {t`Resolve`}
          </Button>
        </>
      }
    >
      <p>
        {t`“${incident.title}” leaves the open list and the wall, and its update clock stops. It can be reopened.`}
        {firingAlertCount > 0 ? (
          <b>
            {' '}
            {t`${plural(firingAlertCount, { one: '1 of its alerts is', other: '# of its alerts are' })} still firing.`}
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
    <FormDialog title={t`Rename ${codeOf(incident)}`} onClose={onClose} onSave={save} valid={title.trim() !== ''}>
      <TextField label={t`Title`} value={title} onChange={setTitle} autoFocus maxLength={300} />
    </FormDialog>
  );
}

export function ImpactDialog({ incident, onClose }: Props) {
  const [impact, setImpact] = useState(incident.impact ?? '');
  const act = useAct(onClose);
  const save = () =>
    act({ kind: 'incident.set-impact', incidentId: incident.id, impact: impact.trim() === '' ? null : impact.trim() });
  return (
    <FormDialog title={t`State the impact`} onClose={onClose} onSave={save} valid>
      <TextField
        label={t`One sentence: who is hurt, and how`}
        value={impact}
        onChange={setImpact}
        autoFocus
        maxLength={1_000}
      />
    </FormDialog>
  );
}

const linkKinds: { value: IncidentLink['kind']; label: string }[] = [
  { value: 'bridge', label: t`Bridge (a call)` },
  { value: 'dashboard', label: t`Dashboard` },
  { value: 'ticket', label: t`Ticket` },
  { value: 'other', label: t`Other` },
];

export function AddLinkDialog({ incident, onClose }: Props) {
  const { uuid } = useSession();
  const [kind, setKind] = useState<IncidentLink['kind']>('bridge');
  const [label, setLabel] = useState('');
  const [url, setUrl] = useState('');
  const act = useAct(onClose);
  const parsed = Link.safeParse(url.trim());
  const name =
    label.trim() === '' ? (linkKinds.find((option) => option.value === kind)?.label ?? t`Link`) : label.trim();
  const save = () =>
    act({
      kind: 'incident.add-link',
      incidentId: incident.id,
      link: { id: uuid(), kind, label: name, url: url.trim() },
    });
  return (
    <FormDialog title={t`Add a link`} onClose={onClose} onSave={save} valid={parsed.success}>
      <Select label={t`Kind`} options={linkKinds} value={kind} onChange={setKind} />
      <TextField
        label={t`Address`}
        value={url}
        onChange={setUrl}
        placeholder={t`https://… or tel:+49…`}
        autoFocus
        code
        error={url === '' || parsed.success ? null : t`It has to start with https://, http://, tel: or mailto:.`}
      />
      <TextField label={t`Name`} value={label} onChange={setLabel} placeholder={name} />
    </FormDialog>
  );
}

/** A dialog that is a form: Enter saves, but for a text of several lines. */
export function FormDialog(props: {
  title: string;
  onClose: () => void;
  onSave: () => void;
  valid: boolean;
  unavailable?: string | null;
  saveLabel?: string;
  children: ReactNode;
}) {
  const { title, onClose, onSave, valid, unavailable = null, saveLabel = t`Save`, children } = props;
  return (
    <Dialog
      title={title}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
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
  const once = useOnce();
  return (action) =>
    once(async () => {
      const { ok } = await submit(action);
      if (ok) onClose();
      return ok;
    });
}

/** Nothing while one is under way or after one was done: pressed again before the dialog is gone, it is the same. */
export function useOnce(): (run: () => Promise<boolean>) => void {
  const taken = useRef(false);
  return (run) => {
    if (taken.current) return;
    taken.current = true;
    const settle = (done: boolean): void => {
      taken.current = done;
    };
    void run().then(settle, (error: unknown) => {
      settle(false);
      throw error;
    });
  };
}
