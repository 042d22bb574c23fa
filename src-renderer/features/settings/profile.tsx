import { useState } from 'react';
import { AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { useCanRole, useMe, useTable } from '../../session.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';

export function Profile() {
  const me = useMe();
  const teams = useTable('team').rows;
  const admin = useCanRole()('admin');
  const asked = useAsked(['me'], (api) => api.auth.me.query());
  const names = me.teamIds.flatMap((id) => teams.get(id)?.name ?? []);
  const login = <span className="mono">{me.login}</span>;
  return (
    <>
      <div className="settings-block row">
        <Avatar name={me.name} large />
        <div className="two-line">
          <div className="medium">{me.name}</div>
          <div>
            {names.length === 0
              ? rich`${login}, ${term(me.role)}, in no team`
              : rich`${login}, ${term(me.role)}, in ${names.join(', ')}`}
          </div>
        </div>
      </div>
      {admin === null ? (
        <NameForm userId={me.id} name={me.name} />
      ) : (
        <p className="small-text muted settings-block">{t`An admin changes names and roles, under People.`}</p>
      )}
      <section className="settings-block" aria-label={t`Password`}>
        <h3>{t`Password`}</h3>
        <AskedBody asked={asked} what={t`Whether you have a password is not known`}>
          {(answer) => (
            <PasswordForm
              key={String(answer.hasPassword)}
              needsOld={answer.hasPassword && !answer.maySetPassword}
              has={answer.hasPassword}
              onChanged={asked.again}
            />
          )}
        </AskedBody>
      </section>
    </>
  );
}

function NameForm({ userId, name: before }: { userId: string; name: string }) {
  const [name, setName] = useState(before);
  const call = useCall((api, next: string) => api.people.updateUser.mutate({ id: userId, name: next }));
  const changed = name.trim() !== before && name.trim() !== '';
  return (
    <form
      className="settings-block settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void call.run(name.trim());
      }}
    >
      <TextField label={t`Name, as others see it`} value={name} onChange={setName} maxLength={100} />
      <Button type="submit" isDisabled={!changed || call.busy}>
        {t`Rename`}
      </Button>
      {call.failure === null ? null : <Failure what={t`Your name was not changed`} failure={call.failure} />}
    </form>
  );
}

const shortest = 8;

function PasswordForm({ needsOld, has, onChanged }: { needsOld: boolean; has: boolean; onChanged: () => void }) {
  const offline = useCanRole()('viewer');
  const show = useToasts((state) => state.show);
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const call = useCall((api, input: { current: string | null; next: string }) => api.auth.changePassword.mutate(input));
  const short = next !== '' && next.length < shortest;
  const differs = again !== '' && again !== next;
  const ready = next.length >= shortest && again === next && (!needsOld || current !== '');
  const save = async (): Promise<void> => {
    if (!ready || (await call.run({ current: needsOld ? current : null, next })) === null) return;
    setCurrent('');
    setNext('');
    setAgain('');
    show({ text: t`The password is changed. Other sign-ins have ended.` });
    onChanged();
  };
  return (
    <form
      className="stack settings-gap"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {has ? null : (
        <p className="small-text muted">
          {t`You signed in by a link and have no password yet. Set one, or the next sign-in needs a new link.`}
        </p>
      )}
      {needsOld ? (
        <TextField
          label={t`Present password`}
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={setCurrent}
        />
      ) : null}
      <TextField
        label={t`New password`}
        type="password"
        autoComplete="new-password"
        value={next}
        onChange={setNext}
        error={short ? t`At least ${shortest} characters.` : null}
        help={t`A sentence is easier to remember than a riddle. Well-known ones are refused.`}
      />
      <TextField
        label={t`New password, again`}
        type="password"
        autoComplete="new-password"
        value={again}
        onChange={setAgain}
        error={differs ? t`It differs from the one above.` : null}
      />
      <div className="row">
        <Button look="primary" type="submit" unavailable={offline} isDisabled={!ready || call.busy}>
          {has ? t`Change the password` : t`Set the password`}
        </Button>
      </div>
      {call.failure === null ? null : <Failure what={t`The password was not changed`} failure={call.failure} />}
    </form>
  );
}
