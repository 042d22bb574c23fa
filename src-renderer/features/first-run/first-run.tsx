import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { apiFailure } from '../../api/client.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useApi, useCanRole, useSession } from '../../session.tsx';
import { deviceNow, useDeviceNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Problem } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useConnect } from '../connect/connect-store.ts';
import './first-run.css';
import { OnCallStep, Step, TestPageStep } from './first-steps.tsx';
import { shortened, type Way, ways } from './ways.ts';

/** Shown on Now until the first alert: why it is empty, and three ways to end that. */
export function FirstRun() {
  const { serverUrl, host: machine } = useSession();
  const { desktop } = machine;
  const connect = useConnect((store) => store.begin);
  const api = useApi();
  const canRole = useCanRole();
  const [openedAt] = useState(deviceNow);
  const waitedMs = useDeviceNow() - openedAt;
  const unavailable = canRole('manager');
  const starters = useQuery({
    queryKey: ['starters', serverUrl],
    queryFn: () => api.integrations.starter.mutate(),
    enabled: unavailable === null,
    staleTime: Infinity,
  });
  const list = starters.data ?? [];
  const cards = ways(starters.data ?? null, serverUrl);
  const { host, hostname } = new URL(serverUrl);
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return (
    <div className="first-run">
      <h1>{t`No alerts yet, because nothing sends to this server`}</h1>
      <p className="muted">
        {t`Send one alert and it becomes a row here in about a second. Siblings become one incident that says why.`}
      </p>
      <div className="first-wait">
        <Mark kind="unknown" label={t`Nothing received`} />
        <span className="medium">{t`Listening on ${host}`}</span>
        <span className="muted">{t`nothing received in ${duration(waitedMs)}`}</span>
        <span className="grow" />
        <span className="small-text muted">
          {local ? t`Reachable from this machine only` : t`Reachable for who can open this page`}
        </span>
      </div>
      {unavailable === null ? null : <p className="muted small-text">{t`The keys: ${unavailable}`}</p>}
      {starters.error === null ? null : (
        <Problem
          what={t`The keys could not be made`}
          why={apiFailure(starters.error).message}
          onRetry={() => void starters.refetch()}
        />
      )}
      <div className="first-three">
        {cards.map((way) => (
          <WayCard key={way.title} way={way} keys={list.map((starter) => starter.key)} />
        ))}
      </div>
      <div className={desktop === null ? 'first-two' : 'first-two with-third'}>
        <DemoCard />
        <div className="first-alternative">
          <span className="muted">
            <Icon name="external" />
          </span>
          <div>
            <div className="strong">{t`More sources`}</div>
            <div className="small-text muted">{t`Grafana, Prometheus without an Alertmanager, any JSON`}</div>
          </div>
          <a className="button" href={paths.integrations()}>
            {t`Integrations`}
          </a>
        </div>
        {desktop === null ? null : (
          <div className="first-alternative">
            <span className="muted">
              <Icon name="server" />
            </span>
            <div>
              <div className="strong">{t`A team’s server`}</div>
              <div className="small-text muted">{t`Its incidents and schedules`}</div>
            </div>
            <Button onPress={() => connect()}>{t`Connect…`}</Button>
          </div>
        )}
      </div>
      <ol className="first-steps">
        <Step number={1} title={t`First alert`} hint={t`Any of the ways above.`} />
        <OnCallStep number={2} />
        <TestPageStep number={3} />
      </ol>
    </div>
  );
}

function WayCard({ way, keys }: { way: Way; keys: readonly (string | null)[] }) {
  return (
    <section className="first-card" aria-label={way.title}>
      <header>
        <h2>{way.title}</h2>
        <div className="small-text muted">{way.hint}</div>
      </header>
      <pre tabIndex={0}>{emphasised(shortened(way.text, keys))}</pre>
      <footer>
        <span className="grow">{way.foot}</span>
        <CopyButton text={way.text} />
      </footer>
    </section>
  );
}

/** Addresses, keys and values in full ink, the rest muted: what a reader looks for stands out. */
function emphasised(text: string) {
  return text
    .split(/(https?:\/\/[^\s"]+|…\w{4}|(?<=: )"[^"]*"|\btocsin\b)/)
    .map((part, index) => (index % 2 === 1 ? <b key={index}>{part}</b> : part));
}

function DemoCard() {
  const api = useApi();
  const canRole = useCanRole();
  const unavailable = canRole('manager');
  const demo = useMutation({ mutationFn: () => api.demo.start.mutate({ speed: 1 }) });
  useCommands([{ id: 'demo.start', label: t`start demo`, hint: true, unavailable, run: () => demo.mutate() }]);
  return (
    <div className="first-alternative">
      <span className="muted">
        <Icon name="play" />
      </span>
      <div>
        <div className="strong">{t`Run the demo`}</div>
        <div className="small-text muted">
          {demo.error === null
            ? t`A shop’s outage, through the same doors as your own alerts`
            : apiFailure(demo.error).message}
        </div>
      </div>
      <Button
        look="primary"
        command="demo.start"
        unavailable={unavailable}
        isDisabled={demo.isPending || demo.isSuccess}
        onPress={() => demo.mutate()}
      >
        {demo.isSuccess ? t`Running` : t`Start demo`}
      </Button>
    </div>
  );
}
