import { useMemo, useState } from 'react';
import type { Team } from '#server/contract/people.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { plural, t } from '../../language/words.ts';
import { useCanRole, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { byName } from '../../by-name.ts';

type Opened = { kind: 'edit' | 'delete'; team: Team } | { kind: 'new' } | null;

export function Teams() {
  const cannot = useCanRole()('admin');
  const teams = useTable('team');
  const users = useTable('user');
  const [opened, setOpened] = useState<Opened>(null);
  const list = useMemo(() => [...teams.rows.values()].toSorted((a, b) => byName(a.name, b.name)), [teams]);
  const membersOf = (id: string): string[] =>
    [...users.rows.values()].filter((user) => user.teamIds.includes(id)).map((user) => user.name);
  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">
          {t`An incident that is restricted to teams is seen by their members only: nobody else learns that it exists.`}
        </p>
        <Button look="primary" icon="plus" unavailable={cannot} onPress={() => setOpened({ kind: 'new' })}>
          {t`New team`}
        </Button>
      </div>
      {list.length === 0 ? (
        <Empty
          title={t`No team yet`}
        >{t`A step of a policy can page a team, the fatigue report compares its members, and an incident can be restricted to it.`}</Empty>
      ) : null}
      <ul className="settings-list" aria-label={t`Teams`}>
        {list.map((team) => (
          <li key={team.id}>
            <div className="two-line grow">
              <div className="clip medium">{team.name}</div>
              <div className="clip">{membersOf(team.id).join(', ') || t`nobody in it`}</div>
            </div>
            <Button compact unavailable={cannot} onPress={() => setOpened({ kind: 'edit', team })}>
              {t`Edit…`}
            </Button>
            <Button
              compact
              look="ghost"
              icon="trash"
              aria-label={t`Delete ${team.name}`}
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
  const people = useMemo(() => [...users.values()].toSorted((a, b) => byName(a.name, b.name)), [users]);
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
      title={team === null ? t`New team` : t`Team ${team.name}`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" isDisabled={name.trim() === '' || save.busy} onPress={() => void run()}>
            {t`Save`}
          </Button>
        </>
      }
    >
      <TextField label={t`Name`} value={name} onChange={setName} autoFocus={team === null} maxLength={100} />
      <div className="field" role="group" aria-label={t`Members`}>
        <span className="label">{t`Members`}</span>
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
      {save.failure === null ? null : <Failure what={t`The team was not saved as a whole`} failure={save.failure} />}
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
      title={t`Delete the team ${team.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button look="primary" isDisabled={call.busy} onPress={() => void run()}>
            {t`Delete`}
          </Button>
        </>
      }
    >
      <p>
        {t`Its ${plural(team.memberCount, { one: 'member stays', other: '# members stay' })} as people. An incident restricted to this team alone would be left with nobody who sees it; the server refuses then.`}
      </p>
      {call.failure === null ? null : <Failure what={t`The team was not deleted`} failure={call.failure} />}
    </Dialog>
  );
}
