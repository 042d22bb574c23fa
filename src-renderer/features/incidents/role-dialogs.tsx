import { useState } from 'react';
import { type Incident, RoleName } from '#server/contract/incident.ts';
import { useCan, useMe } from '../../session.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FormDialog, useAct } from './edit-dialogs.tsx';
import { usePeopleOptions } from './people-options.tsx';
import { rolesShown } from './room-roles.tsx';

const another = 'another role…';

/** Takes a role that is free or offered to me, or one of one's own naming. What somebody holds has to be offered first. */
export function RoleDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const me = useMe();
  const can = useCan();
  const act = useAct(onClose);
  const options = rolesShown(incident)
    .filter((slot) => slot.userId === null || slot.offer?.to === me.id)
    .map((slot) => ({ value: slot.role, label: slot.role }));
  const firstOpen = options[0]?.value ?? another;
  const [role, setRole] = useState(firstOpen);
  const [name, setName] = useState('');
  const parsed = RoleName.safeParse(role === another ? name : role);
  return (
    <FormDialog
      title="Take a role"
      saveLabel="Take it"
      onClose={onClose}
      valid={parsed.success}
      unavailable={can('incident.take-role', incident)}
      onSave={() => {
        if (parsed.success) act({ kind: 'incident.take-role', incidentId: incident.id, role: parsed.data });
      }}
    >
      <Select label="Role" options={[...options, { value: another, label: another }]} value={role} onChange={setRole} />
      {role === another ? (
        <TextField label="Its name" value={name} onChange={setName} autoFocus maxLength={60} placeholder="operations" />
      ) : null}
    </FormDialog>
  );
}

/** A hand-over has two sides: it is offered here and stands until the other accepts or declines. */
export function OfferDialog({ incident, role, onClose }: { incident: Incident; role: string; onClose: () => void }) {
  const can = useCan();
  const act = useAct(onClose);
  const holder = incident.roles.find((slot) => slot.role === role)?.userId ?? null;
  const people = usePeopleOptions().filter((person) => person.value !== holder);
  const [to, setTo] = useState<string | null>(null);
  return (
    <FormDialog
      title={`Offer the role ${role}`}
      saveLabel="Offer"
      onClose={onClose}
      valid={to !== null}
      unavailable={can('incident.offer-role', incident)}
      onSave={() => {
        if (to !== null) act({ kind: 'incident.offer-role', incidentId: incident.id, role, to });
      }}
    >
      <p className="muted">Nothing changes until it is accepted.</p>
      <Select label="To" options={people} value={to} onChange={setTo} />
    </FormDialog>
  );
}
