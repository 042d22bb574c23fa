import { useState } from 'react';
import { type Incident, RoleName } from '#server/contract/incident.ts';
import { t, term } from '../../language/words.ts';
import { useCan, useMe, useNameOf } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useBriefing } from '../console/use-briefing.ts';
import { FormDialog, useAct } from './edit-dialogs.tsx';
import { usePeopleOptions } from './people-options.tsx';
import { rolesShown } from './role-slots.ts';

const another = t`another role…`;

/** Takes a role that is free or offered to me, or one of one's own naming. What somebody holds has to be offered first. */
export function RoleDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const me = useMe();
  const can = useCan();
  const act = useAct(onClose);
  const options = rolesShown(incident)
    .filter((slot) => slot.userId === null || slot.offer?.to === me.id)
    .map((slot) => ({ value: slot.role, label: term(slot.role) }));
  const firstOpen = options[0]?.value ?? another;
  const [role, setRole] = useState(firstOpen);
  const [name, setName] = useState('');
  const parsed = RoleName.safeParse(role === another ? name : role);
  return (
    <FormDialog
      title={t`Take a role`}
      saveLabel={t`Take it`}
      onClose={onClose}
      valid={parsed.success}
      unavailable={can('incident.take-role', incident)}
      onSave={() => {
        if (parsed.success) act({ kind: 'incident.take-role', incidentId: incident.id, role: parsed.data });
      }}
    >
      <Select
        label={t`Role`}
        options={[...options, { value: another, label: another }]}
        value={role}
        onChange={setRole}
      />
      {role === another ? (
        <TextField
          label={t`Its name`}
          value={name}
          onChange={setName}
          autoFocus
          maxLength={60}
          placeholder={t`operations`}
        />
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
  const [text, setText] = useState(useBriefing(incident));
  return (
    <FormDialog
      title={t`Offer the role ${term(role)}`}
      saveLabel={t`Offer`}
      onClose={onClose}
      valid={to !== null}
      unavailable={can('incident.offer-role', incident)}
      onSave={() => {
        const briefing = text.trim() === '' ? null : text.trim();
        if (to !== null) act({ kind: 'incident.offer-role', incidentId: incident.id, role, to, briefing });
      }}
    >
      <p className="muted">
        {t`Nothing changes until it is accepted. The other reads this first; it stays on the timeline.`}
      </p>
      <Select label={t`To`} options={people} value={to} onChange={setTo} />
      <TextField
        label={t`Briefing, written from what is known here; change it as you like`}
        rows={12}
        value={text}
        onChange={setText}
        maxLength={4_000}
      />
    </FormDialog>
  );
}

/** The other side: what the giver says, read before it is taken. */
export function BriefingDialog({ incident, role, onClose }: { incident: Incident; role: string; onClose: () => void }) {
  const can = useCan();
  const nameOf = useNameOf();
  const act = useAct(onClose);
  const offer = incident.roles.find((slot) => slot.role === role)?.offer ?? null;
  const incidentId = incident.id;
  if (offer === null) {
    return (
      <Dialog title={t`The offer is gone`} open onClose={onClose} foot={<Button onPress={onClose}>{t`Close`}</Button>}>
        <p>{t`It was taken back, or the role changed hands meanwhile.`}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t`${nameOf(offer.by)} offers you the role ${term(role)}`}
      open
      wide
      onClose={onClose}
      foot={
        <>
          <Button
            unavailable={can('incident.decline-role', incident)}
            onPress={() => act({ kind: 'incident.decline-role', incidentId, role })}
          >
            {t`Decline`}
          </Button>
          <Button
            look="primary"
            autoFocus
            unavailable={can('incident.accept-role', incident)}
            onPress={() => act({ kind: 'incident.accept-role', incidentId, role })}
          >
            {t`I have read it: accept`}
          </Button>
        </>
      }
    >
      <p className="briefing wrap-any">{offer.briefing ?? t`No briefing came with it.`}</p>
    </Dialog>
  );
}
