import { useCallback, useEffect, useRef, useState } from 'react';
import { Form } from 'react-aria-components';
import type { Bridge, KnownServer, Looked, ServerList } from '../../../src-main/bridge.ts';
import { version } from '../../../package.json';
import { t } from '../../language/words.ts';
import type { Session } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useConnect } from './connect-store.ts';
import './connect.css';
import { absentWords } from './connect-words.ts';
import { Finding } from './finding.tsx';
import { KnownServers } from './known-servers.tsx';
import { RemoveServer } from './remove-server.tsx';
import { versionWords } from './versions.ts';

/** Where a center that was started on this machine listens unless it was told otherwise. */
const thisComputer = 'http://127.0.0.1:7300';

interface ConnectScreenProps {
  desktop: Bridge;
  /** Where somebody is signed in already. */
  session: Session | null;
  /** Null at the first start: there is nothing to go back to. */
  onBack: (() => void) | null;
}

/** Chooses the center: this computer, a team's server, or one of those used before. */
export function ConnectScreen({ desktop, session, onBack }: ConnectScreenProps) {
  const beginsAt = useConnect((store) => store.address);
  const [address, setAddress] = useState(beginsAt);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [busy, setBusy] = useState(false);
  const [list, setList] = useState<ServerList | null>(null);
  const [removing, setRemoving] = useState<KnownServer | null>(null);
  const refresh = useCallback(() => void desktop.servers.list().then(setList, () => undefined), [desktop]);
  useEffect(refresh, [refresh]);

  /** What nothing has to be said about is connected to at once. */
  const take = async (asking: Promise<Looked>): Promise<void> => {
    setBusy(true);
    const answer = await asking.catch((): Looked => ({ kind: 'not-an-address' }));
    if (answer.kind === 'center' && answer.way !== 'plain' && versionWords(version, answer) === null) {
      await desktop.servers.connect(answer.url, false);
      return;
    }
    setBusy(false);
    setLooked(answer);
  };
  const look = (text: string): void => {
    setLooked(null);
    void take(desktop.servers.look(text));
  };
  const startHere = async (): Promise<void> => {
    setLooked(null);
    if (list === null || list.local.kind === 'absent') {
      look(thisComputer);
      return;
    }
    setBusy(true);
    const state = await desktop.servers.startHere().catch(() => null);
    if (state?.kind === 'running') return;
    setBusy(false);
    setLooked(state === null ? null : { kind: 'local', url: thisComputer, state });
  };
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || beginsAt === '') return;
    begun.current = true;
    setBusy(true);
    // Looked at only: a person came here to read what is wrong.
    void desktop.servers.look(beginsAt).then(
      (answer) => {
        setLooked(answer);
        setBusy(false);
      },
      () => setBusy(false),
    );
  }, [desktop, beginsAt]);

  const result = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (looked !== null) result.current?.scrollIntoView({ block: 'nearest' });
  }, [looked]);

  const servers = list?.servers ?? [];
  return (
    <div className="connect">
      <main className="connect-page" aria-labelledby="connect-title">
        <div className="connect-brand">
          <Icon name="alerts" />
          Tocsin
        </div>
        <header className="connect-head">
          <div>
            <h1 id="connect-title">{servers.length === 0 ? t`Which center do you work with?` : t`Servers`}</h1>
            <p className="muted">
              {t`A center takes alerts in and pages people. This app shows one at a time and keeps a copy of it on this machine.`}
            </p>
          </div>
          {onBack === null ? null : (
            <Button look="ghost" icon="close" aria-label={t`Back`} onPress={onBack}>
              {t`Back`}
            </Button>
          )}
        </header>
        {servers.length === 0 ? null : (
          <KnownServers
            shown={list?.shown ?? null}
            servers={servers}
            onOpen={({ url }) => {
              if (url === list?.shown && onBack !== null) onBack();
              else void desktop.servers.show(url);
            }}
            onRemove={setRemoving}
          />
        )}
        <div className="connect-ways">
          <section className="connect-way" aria-labelledby="connect-here">
            <Icon name="play" />
            <div className="grow">
              <h2 id="connect-here">{t`This computer`}</h2>
              <p className="small-text muted">
                {list?.local.kind === 'absent'
                  ? absentWords(list.local.why)
                  : t`A center that runs here, for this machine alone. While it sleeps, it pages nobody.`}
              </p>
            </div>
            <Button isDisabled={busy} onPress={() => void startHere()}>
              {t`Use this computer`}
            </Button>
          </section>
          <section className="connect-way" aria-labelledby="connect-team">
            <Icon name="server" />
            <div className="grow">
              <h2 id="connect-team">{t`A team’s server`}</h2>
              <p className="small-text muted">{t`Its incidents and schedules, with your own sign-in there.`}</p>
            </div>
            <Form
              className="connect-form"
              onSubmit={(event) => {
                event.preventDefault();
                look(address);
              }}
            >
              <TextField
                label={t`Address`}
                hideLabel
                placeholder="ops.example.com"
                value={address}
                onChange={setAddress}
                autoComplete="url"
                autoFocus
              />
              <Button type="submit" look="primary" isDisabled={busy || address.trim() === ''}>
                {t`Connect`}
              </Button>
            </Form>
          </section>
        </div>
        <div aria-live="polite" ref={result}>
          {busy ? <p className="small-text muted">{t`Waiting for an answer…`}</p> : null}
          {looked === null || busy ? null : (
            <Finding
              key={looked.kind === 'untrusted' ? looked.certificate.fingerprint : looked.kind}
              looked={looked}
              onConnect={(url, plain) => void desktop.servers.connect(url, plain)}
              onTrust={(url, fingerprint) => void take(desktop.servers.trust(url, fingerprint))}
              onLeave={() => setLooked(null)}
            />
          )}
        </div>
      </main>
      {removing === null ? null : (
        <RemoveServer
          desktop={desktop}
          server={removing}
          session={session?.serverUrl === removing.url ? session : null}
          onDone={() => {
            setRemoving(null);
            refresh();
          }}
          onClose={() => setRemoving(null)}
        />
      )}
    </div>
  );
}
