import { useMemo } from 'react';
import { heldBy, listed, type Participant } from '#server/contract/console.ts';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { useCan, useMe, useNameOf, useOfIncident, useSession, useSubmit } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { commanderOf, isOpen } from '../incidents/incident-facts.ts';
import type { RoomDialog } from '../incidents/room-dialogs.tsx';

/** Who works on it. Nobody is sent home while something lies with them. */
export function RoomPeople({ incident, onDialog }: { incident: Incident; onDialog: (dialog: RoomDialog) => void }) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  const { uuid } = useSession();
  const participants = useOfIncident('participant', incident.id);
  const here = useMemo(
    () =>
      participants
        .filter((person) => person.releasedAt === null)
        .sort((a, b) => a.joinedAt.localeCompare(b.joinedAt) || a.id.localeCompare(b.id)),
    [participants],
  );
  const released = participants.length - here.length;
  const amHere = here.some((person) => person.userId === me.id);
  return (
    <section className="separator" aria-label="People">
      <div className="room-head">
        <h2>People</h2>
        <span className="count">
          {here.length} here{released === 0 ? '' : `, ${released} released`}
        </span>
        <span className="grow" />
        {amHere || !isOpen(incident) ? null : (
          <Button
            look="ghost"
            compact
            unavailable={can('incident.join', incident)}
            onPress={() => void submit({ kind: 'incident.join', incidentId: incident.id, participantId: uuid() })}
          >
            Join
          </Button>
        )}
      </div>
      {here.length === 0 ? (
        <p className="room-none">Nobody has taken anything up here yet.</p>
      ) : (
        <ul className="people-here">
          {here.map((person) => (
            <li key={person.id}>
              <PersonHere person={person} name={nameOf(person.userId)} incident={incident} onDialog={onDialog} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function PersonHere({
  person,
  name,
  incident,
  onDialog,
}: {
  person: Participant;
  name: string;
  incident: Incident;
  onDialog: (dialog: RoomDialog) => void;
}) {
  const me = useMe();
  const can = useCan();
  const mine = person.userId === me.id;
  const tasks = useOfIncident('task', incident.id);
  const asks = useOfIncident('ask', incident.id);
  const held = heldBy(person.userId, incident, tasks, asks);
  const may =
    mine || commanderOf(incident)?.userId === me.id || roleAtLeast(me.role, 'manager')
      ? null
      : 'Only the commander or a manager can.';
  const busy = held.length === 0 ? null : `${mine ? 'You still hold' : `${name} still holds`} ${listed(held)}.`;
  return (
    <Menu
      label={name}
      trigger={
        <Button look="ghost" compact aria-label={`${name}${mine ? ' (you)' : ''}: more`}>
          <Avatar name={name} me={mine} />
          <span className="clip">{mine ? 'You' : name}</span>
        </Button>
      }
      actions={[
        {
          id: 'release',
          label: mine ? 'Leave…' : 'Release…',
          unavailable: can('incident.release', incident) ?? may ?? busy,
          run: () => onDialog({ kind: 'release', userId: person.userId }),
        },
      ]}
    />
  );
}
