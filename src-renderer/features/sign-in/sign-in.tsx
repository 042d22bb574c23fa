import { useState } from 'react';
import { Form } from 'react-aria-components';
import type { Bridge } from '../../../src-main/bridge.ts';
import { version } from '../../../package.json';
import type { Boot } from '../../boot.ts';
import { t } from '../../language/words.ts';
import { useLocation } from '../../navigation.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useFreshness } from '../../session.tsx';
import { useConnect } from '../connect/connect-store.ts';
import { useCenterInfo } from '../connect/use-center-info.ts';
import { useWhyUnreachable } from '../connect/use-why-unreachable.ts';
import { versionWords } from '../connect/versions.ts';
import './sign-in.css';

interface SignInProps {
  boot: Boot;
  /** Null in a browser, whose address is the server's. */
  desktop: Bridge | null;
  /** The content stays behind it; the person signs in again and goes on. */
  expired?: boolean;
  name?: string;
}

export function SignIn({ boot, desktop, expired = false, name = '' }: SignInProps) {
  const { phase, serverUrl } = boot.useState();
  const { query } = useLocation();
  const [login, setLogin] = useState(name);
  const [password, setPassword] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const info = useCenterInfo(serverUrl, phase);
  const why = useWhyUnreachable(desktop, serverUrl, phase === 'unreachable');
  const connect = useConnect((store) => store.begin);
  const host = serverUrl === '' ? '' : new URL(serverUrl).host;
  const serverName = info === null || info.name === '' ? host : info.name;
  const versions = info === null ? null : versionWords(version, info);
  const linkUsed = query.get('link') === 'used';

  const submit = async () => {
    setBusy(true);
    const answer = await boot.signIn(login.trim(), password);
    setBusy(false);
    setPassword('');
    setProblem(answer.ok ? null : answer.message);
  };

  return (
    <div className={expired ? 'sign-in over' : 'sign-in'}>
      <Form
        aria-labelledby="sign-in-title"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="row">
          <Icon name="alerts" />
          <h1 className="title" id="sign-in-title">
            {expired ? t`Your sign-in has ended` : t`Sign in to ${serverName}`}
          </h1>
        </div>
        <p className="muted small-text">
          {expired
            ? t`What you see is kept on this machine. Queued actions wait and are sent after you sign in.`
            : null}
          {expired ? <br /> : null}
          {/* Without a name of its own the title says where it is. */}
          {expired || serverName !== host ? serverUrl : null}
        </p>
        {versions === null ? null : (
          <p className="row small-text" role="status">
            <Mark kind="unknown" label={t`Versions`} />
            <span>{versions}</span>
          </p>
        )}
        {linkUsed && !expired ? (
          <p className="row small-text">
            <Mark kind="unknown" label={t`Note`} />
            {t`That one-time link was used or is too old. Sign in with a password, or start the server again for a new link.`}
          </p>
        ) : null}
        {phase === 'unreachable' ? (
          <div className="problem hatch" role="status">
            <Mark kind="unknown" label={t`Not reachable`} />
            <div className="grow">
              <div className="strong">{t`The server does not answer`}</div>
              <div className="muted small-text">
                {t`${why ?? t`Nothing of it is stored on this machine yet.`} Trying again every 2 s.`}
              </div>
            </div>
            <Button compact onPress={() => boot.retry()}>
              {t`Try now`}
            </Button>
          </div>
        ) : null}
        {expired ? <NoServer /> : null}
        <TextField
          label={t`Login`}
          value={login}
          onChange={setLogin}
          autoComplete="username"
          isRequired
          autoFocus={name === ''}
        />
        <TextField
          label={t`Password`}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          isRequired
          autoFocus={name !== ''}
        />
        {problem === null ? null : (
          <p className="row small-text" role="status">
            <Icon name="refused" small />
            <span>{problem}</span>
          </p>
        )}
        <Button type="submit" look="primary" isDisabled={busy || login.trim() === '' || password === ''}>
          {t`Sign in`}
        </Button>
        {desktop === null ? null : (
          <Button look="ghost" onPress={() => connect(why === null ? '' : serverUrl)}>
            {why === null ? t`Another server…` : t`Look at what is wrong…`}
          </Button>
        )}
      </Form>
    </div>
  );
}

/** Inside of a session, whose freshness tells: a password typed now would come to nothing. */
function NoServer() {
  const { state } = useFreshness();
  if (state !== 'offline') return null;
  return (
    <div className="problem hatch" role="status">
      <Mark kind="unknown" label={t`Not reachable`} />
      <div className="grow">
        <div className="strong">{t`The server does not answer`}</div>
        <div className="muted small-text">{t`Signing in needs it. What you see stays as it was heard last.`}</div>
      </div>
    </div>
  );
}
