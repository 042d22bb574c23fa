import { useMemo, useState } from 'react';
import type { Team } from '#server/contract/people.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { useCanRole, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TextField } from '../../ui/text-field.tsx';

type Opened = { kind: 'edit' | 'delete'; team: Team } | { kind: 'new' } | null;

export function Teams() {
  const cannot = useCanRole()('admin');
  const teams = useTable('team');
  const users = useTable('user');
  const [opened, setOpened] = useState<Opened>(null);
  const list = useMemo(() => [...teams.rows.values()].toSorted((a, b) => a.name.localeCompare(b.name)), [teams]);
  const membersOf = (id: string): string[] =>
    [...users.rows.values()].filter((user) => user.teamIds.includes(id)).map((user) => user.name);
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">
          An incident that is restricted to teams is seen by their members only: nobody else learns that it exists.
        </p>
        <Button look="primary" icon="plus" unavailable={cannot} onPress={() => setOpened({ kind: 'new' })}>
          New team
        </Button>
      </div>
      {list.length === 0 ? (
        <Empty title="No team yet">Teams are needed only to restrict incidents. Everyone sees the others.</Empty>
      ) : null}
      <ul className="settings-list" aria-label="Teams">
        {list.map((team) => (
          <li key={team.id}>
            <div className="two-line grow">
              <div className="clip medium">{team.name}</div>
              <div className="clip">{membersOf(team.id).join(', ') || 'nobody in it'}</div>
            </div>
            <Button compact unavailable={cannot} onPress={() => setOpened({ kind: 'edit', team })}>
              Edit…
            </Button>
            <Button
              compact
              look="ghost"
              icon="trash"
              aria-label={`Delete ${team.name}`}
              unavailable={cannot}
              onPress={() => setOpened({ kind: 'delete', team })}
            />
          </li>
        ))}
      </ul>
      {opened === null ? null : opened.kind === 'delete' ? (
        <DeleteTeam team={opened.team} onClose={() => setOpened(null)} />
      ) : (
        <EditTeam team={opened.kind === 'edit' ? opened.team : null} onClose={() => setOpened(null)} />
      )}
    </>
  );
}

function EditTeam({ team, onClose }: { team: Team | null; onClose: () => void }) {
  const users = useTable('user').rows;
  const people = useMemo(() => [...users.values()].toSorted((a, b) => a.name.localeCompare(b.name)), [users]);
  const before = people.filter((user) => team !== null && user.teamIds.includes(team.id)).map((user) => user.id);
  const [name, setName] = useState(team?.name ?? '');
  const [members, setMembers] = useState<ReadonlySet<string>>(() => new Set(before));
  const save = useCall(async (api, input: { name: string; members: string[] }) => {
    const saved =
      team === null
        ? await api.people.createTeam.mutate({ name: input.name })
        : input.name === team.name
          ? team
          : await api.people.renameTeam.mutate({ id: team.id, name: input.name });
    const same = input.members.length === before.length && before.every((id) => members.has(id));
    return same ? saved : api.people.setMembers.mutate({ id: saved.id, userIds: input.members });
  });
  const run = async (): Promise<void> => {
    if (name.trim() !== '' && (await save.run({ name: name.trim(), members: [...members] })) !== null) onClose();
  };
  return (
    <Dialog
      title={team === null ? 'New team' : `Team ${team.name}`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button look="primary" isDisabled={name.trim() === '' || save.busy} onPress={() => void run()}>
            Save
          </Button>
        </>
      }
    >
      <TextField label="Name" value={name} onChange={setName} autoFocus={team === null} maxLength={100} />
      <div className="field" role="group" aria-label="Members">
        <span className="label">Members</span>
        <div className="settings-members">
          {people.map((user) => (
            <Checkbox
              key={user.id}
              isSelected={members.has(user.id)}
              onChange={(on) => {
                const next = new Set(members);
                if (on) next.add(user.id);
                else next.delete(user.id);
                setMembers(next);
              }}
            >
              <span className="clip">{user.name}</span>
            </Checkbox>
          ))}
        </div>
      </div>
      {save.failure === null ? null : <Failure what="The team was not saved as a whole" failure={save.failure} />}
    </Dialog>
  );
}

function DeleteTeam({ team, onClose }: { team: Team; onClose: () => void }) {
  const call = useCall((api, id: string) => api.people.deleteTeam.mutate({ id }));
  const run = async (): Promise<void> => {
    if ((await call.run(team.id)) !== null) onClose();
  };
  return (
    <Dialog
      title={`Delete the team ${team.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button look="primary" isDisabled={call.busy} onPress={() => void run()}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        Its {team.memberCount === 1 ? 'member stays' : `${team.memberCount} members stay`} as people. An incident
        restricted to this team alone would be left with nobody who sees it; the server refuses then.
      </p>
      {call.failure === null ? null : <Failure what="The team was not deleted" failure={call.failure} />}
    </Dialog>
  );
}
