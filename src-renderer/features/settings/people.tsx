import { useMemo, useState } from 'react';
import { permissionRoles, type PermissionRole, type User } from '#server/contract/people.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { useCanRole, useMe, useSession, useTable } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { byName } from '../../by-name.ts';

interface Invitation {
  name: string;
  token: string;
  expiresAt: string;
}

export function People() {
  const me = useMe();
  const cannot = useCanRole()('admin');
  const users = useTable('user');
  const teams = useTable('team').rows;
  const people = useMemo(
    () =>
      [...users.rows.values()].toSorted((a, b) => Number(a.disabled) - Number(b.disabled) || byName(a.name, b.name)),
    [users],
  );
  const [adding, setAdding] = useState(false);
  const [disabling, setDisabling] = useState<User | null>(null);
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const setRole = useCall((api, input: { id: string; role: PermissionRole }) => api.people.updateUser.mutate(input));
  const enable = useCall((api, id: string) => api.people.setDisabled.mutate({ id, disabled: false }));
  const invite = useCall((api, id: string) => api.people.invite.mutate({ id }));
  const failure = setRole.failure ?? enable.failure ?? invite.failure;

  const newLink = async (user: User): Promise<void> => {
    const answer = await invite.run(user.id);
    if (answer !== null) setInvitation({ name: user.name, ...answer });
  };

  return (
    <>
      <div className="row settings-block">
        <p className="muted grow">
          {t`A viewer looks, a responder acts, a manager sets up rules and sources, an admin also people.`}
        </p>
        <Button look="primary" icon="plus" unavailable={cannot} onPress={() => setAdding(true)}>
          {t`Add a person`}
        </Button>
      </div>
      {failure === null ? null : <Failure what={t`It was not changed`} failure={failure} />}
      <ul className="settings-list" aria-label={t`People`}>
        {people.map((user) => (
          <li key={user.id} className={user.disabled ? 'faint' : undefined}>
            <Avatar name={user.name} large me={user.id === me.id} />
            <div className="two-line grow">
              <div className="clip medium">{user.id === me.id ? t`${user.name} (you)` : user.name}</div>
              <div className="clip">
                <span className="mono">{user.login}</span>
                {user.teamIds.length === 0
                  ? ''
                  : `, ${user.teamIds.flatMap((id) => teams.get(id)?.name ?? []).join(', ')}`}
              </div>
            </div>
            {user.disabled ? <span className="chip dashed">{t`disabled`}</span> : null}
            <Select
              label={t`Role of ${user.name}`}
              hideLabel
              compact
              disabled={cannot !== null || user.id === me.id || setRole.busy}
              options={permissionRoles.map((role) => ({ value: role, label: term(role) }))}
              value={user.role}
              onChange={(role) => {
                if (role !== user.role) void setRole.run({ id: user.id, role });
              }}
            />
            <Menu
              label={t`Actions for ${user.name}`}
              trigger={<Button look="ghost" compact icon="dots" aria-label={t`Actions for ${user.name}`} />}
              actions={[
                {
                  id: 'link',
                  label: t`New sign-in link`,
                  run: () => void newLink(user),
                  unavailable: cannot ?? (user.disabled ? t`the account is disabled` : null),
                },
                user.disabled
                  ? { id: 'enable', label: t`Enable`, run: () => void enable.run(user.id), unavailable: cannot }
                  : {
                      id: 'disable',
                      label: t`Disable…`,
                      run: () => setDisabling(user),
                      unavailable: cannot ?? (user.id === me.id ? t`nobody can disable themselves` : null),
                    },
              ]}
            />
          </li>
        ))}
      </ul>
      {adding ? (
        <AddPerson
          onClose={() => setAdding(false)}
          onAdded={(made) => {
            setAdding(false);
            setInvitation(made);
          }}
        />
      ) : null}
      {invitation === null ? null : <InvitationDialog invitation={invitation} onClose={() => setInvitation(null)} />}
      {disabling === null ? null : <DisablePerson user={disabling} onClose={() => setDisabling(null)} />}
    </>
  );
}

function AddPerson({ onClose, onAdded }: { onClose: () => void; onAdded: (invitation: Invitation) => void }) {
  const [name, setName] = useState('');
  const [login, setLogin] = useState('');
  const [role, setRole] = useState<PermissionRole>('responder');
  const call = useCall((api, input: { login: string; name: string; role: PermissionRole }) =>
    api.people.createUser.mutate(input),
  );
  const ready = name.trim() !== '' && login.trim() !== '';
  const add = async (): Promise<void> => {
    if (!ready) return;
    const answer = await call.run({ login: login.trim().toLowerCase(), name: name.trim(), role });
    if (answer !== null) onAdded({ name: answer.user.name, ...answer.invitation });
  };
  return (
    <Dialog
      title={t`Add a person`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" isDisabled={!ready || call.busy} onPress={() => void add()}>
            {t`Add and make a link`}
          </Button>
        </>
      }
    >
      <TextField label={t`Name`} value={name} onChange={setName} autoFocus maxLength={100} />
      <TextField
        label={t`Sign-in name`}
        value={login}
        onChange={setLogin}
        help={t`Letters, digits and . _ @ + -`}
        maxLength={100}
        spellCheck="false"
      />
      <Select
        label={t`Role`}
        options={permissionRoles.map((one) => ({ value: one, label: term(one) }))}
        value={role}
        onChange={setRole}
      />
      {call.failure === null ? null : <Failure what={t`The person was not added`} failure={call.failure} />}
    </Dialog>
  );
}

function InvitationDialog({ invitation, onClose }: { invitation: Invitation; onClose: () => void }) {
  const { serverUrl } = useSession();
  const link = `${serverUrl}/auth/link?token=${encodeURIComponent(invitation.token)}`;
  return (
    <Dialog
      title={t`A link for ${invitation.name}`}
      open
      onClose={onClose}
      foot={
        <Button look="primary" onPress={onClose}>
          {t`I have copied it`}
        </Button>
      }
    >
      <p className="muted">
        {rich`Give it to ${invitation.name} by a way you trust: whoever opens it first is signed in as ${invitation.name}. It works once, until ${invitation.expiresAt.slice(0, 10)} ${<Time at={invitation.expiresAt} zone />}, and is shown this once.`}
      </p>
      <div className="settings-secret">
        <span className="mono wrap-any grow">{link}</span>
        <CopyButton text={link} />
      </div>
    </Dialog>
  );
}

function DisablePerson({ user, onClose }: { user: User; onClose: () => void }) {
  const call = useCall((api, id: string) => api.people.setDisabled.mutate({ id, disabled: true }));
  const run = async (): Promise<void> => {
    if ((await call.run(user.id)) !== null) onClose();
  };
  return (
    <Dialog
      title={t`Disable ${user.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Leave enabled`}</Button>
          <Button look="primary" isDisabled={call.busy} onPress={() => void run()}>
            {t`Disable`}
          </Button>
        </>
      }
    >
      <p>
        {t`${user.name} is signed out everywhere within 5 seconds, and the API keys of ${user.name} stop working. Roles in open incidents stay with the name until somebody takes them over.`}
      </p>
      {call.failure === null ? null : <Failure what={t`The account was not disabled`} failure={call.failure} />}
    </Dialog>
  );
}
