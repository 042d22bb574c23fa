import { useMemo } from 'react';
import { type Held, heldBy, type Participant } from '#server/contract/console.ts';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { listText, t, term } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useOfIncident, useSession, useSubmit } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { commanderOf, isOpen } from '../incidents/incident-facts.ts';
import type { RoomDialog } from '../incidents/room-dialog.ts';

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
    <section className="separator" aria-label={t`People`}>
      <div className="room-head">
        <h2>{t`People`}</h2>
        <span className="count">
          {released === 0 ? t`${here.length} here` : t`${here.length} here, ${released} released`}
        </span>
        <span className="grow" />
        {amHere || !isOpen(incident) ? null : (
          <Button
            look="ghost"
            compact
            unavailable={can('incident.join', incident)}
            onPress={() => void submit({ kind: 'incident.join', incidentId: incident.id, participantId: uuid() })}
          >
            {t`Join`}
          </Button>
        )}
      </div>
      {here.length === 0 ? (
        <p className="room-none">{t`Nobody has taken anything up here yet.`}</p>
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
  const shown = mine ? t`You` : name;
  const tasks = useOfIncident('task', incident.id);
  const asks = useOfIncident('ask', incident.id);
  const held = heldBy(person.userId, incident, tasks, asks).map(heldWords);
  const may =
    mine || commanderOf(incident)?.userId === me.id || roleAtLeast(me.role, 'manager')
      ? null
      : t`Only the commander or a manager can.`;
  const busy =
    held.length === 0 ? null : mine ? t`You still hold ${listText(held)}.` : t`${name} still holds ${listText(held)}.`;
  return (
    <Menu
      label={name}
      trigger={
        <Button look="ghost" compact aria-label={t`${shown}: more`}>
          <Avatar name={name} me={mine} />
          <span className="clip">{shown}</span>
        </Button>
      }
      actions={[
        {
          id: 'release',
          label: mine ? t`Leave…` : t`Release…`,
          unavailable: can('incident.release', incident) ?? may ?? busy,
          run: () => onDialog({ kind: 'release', userId: person.userId }),
        },
      ]}
    />
  );
}

function heldWords({ kind, name }: Held): string {
  switch (kind) {
    case 'role':
      return t`the role ${term(name)}`;
    case 'ask':
      return t`the ask “${name}”`;
    case 'task':
      return t`the task “${name}”`;
  }
}
