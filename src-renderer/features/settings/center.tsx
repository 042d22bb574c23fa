import { useState } from 'react';
import { PagingSettings } from '#server/contract/paging-settings.ts';
import type { WatchdogStatus } from '#server/contract/watchdog.ts';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { roleAtLeast } from '#server/contract/people.ts';
import { useCanRole, useMe, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { TokenField } from '../../ui/token-field.tsx';
import { useWatchdog } from '../paging/center-notices.tsx';
import { ModeSwitch } from './mode-switch.tsx';

/** How the center pages and who watches it: mode, dead man, fallback, private hosts. */
export function Center() {
  const { role } = useMe();
  const admin = roleAtLeast(role, 'admin');
  const watchdog = useWatchdog();
  const asked = useAsked(['paging-settings'], (api) => api.watchdog.settings.query(), {
    enabled: admin,
  });
  const again = (): void => {
    watchdog.again();
    asked.again();
  };
  return (
    <>
      <ModeSwitch mode={watchdog.data?.mode ?? null} onChanged={again} />
      <div className="row settings-block">
        <h3 className="grow">How it watches itself</h3>
        <AskedAge asked={watchdog} />
      </div>
      <AskedBody asked={watchdog} what="The watchdog could not be asked">
        {(status) => <Status status={status} />}
      </AskedBody>
      {admin ? (
        <AskedBody asked={asked} what="The settings of paging could not be had">
          {(settings) => (
            <Form key={JSON.stringify(settings)} before={settings} look={watchdog.data?.look ?? null} onSaved={again} />
          )}
        </AskedBody>
      ) : null}
    </>
  );
}

function Status({ status }: { status: WatchdogStatus }) {
  const { look, notices } = status;
  return (
    <>
      <ul aria-label="Notices about this center">
        {notices.map(({ code, level, text }) => (
          <li key={code} className="settings-outcome">
            <Icon name={level === 'info' ? 'server' : level === 'warning' ? 'incidents' : 'refused'} />
            <span className={level === 'error' ? 'medium' : undefined}>{text}</span>
          </li>
        ))}
        {notices.length === 0 ? (
          <li className="settings-outcome">
            <Mark kind="ok" size="small" label="Well" />
            <span>Nothing is to be said against it.</span>
          </li>
        ) : null}
      </ul>
      <p className="small-text muted">
        {look === null ? (
          'The auditor has not looked yet.'
        ) : (
          <>
            The auditor looked at <Time at={look.at} seconds zone />:{' '}
            {look.overdue === 0 ? 'nothing is overdue' : `${look.overdue} things are overdue by more than 30 s`}.
          </>
        )}
      </p>
    </>
  );
}

/** How the last heartbeat went: what happened, why, and what to do about it. */
function DeadManState({ look }: { look: WatchdogStatus['look'] }) {
  if (look === null) return null;
  const answered =
    look.deadManAt === null ? null : (
      <>
        {look.deadManError === null ? 'It answered at ' : 'It last answered at '}
        <Time at={look.deadManAt} seconds zone />.
      </>
    );
  if (look.deadManError === null)
    return <p className="small-text muted">{answered ?? 'It has not been called yet.'}</p>;
  return (
    <div role="group" aria-label="The last heartbeat" className="settings-outcome">
      <Icon name="incidents" />
      <span>
        <span className="medium">The last heartbeat did not arrive: {look.deadManError}.</span> Whoever watches from
        outside hears nothing from this center and may page. Check that the address is still the one that the service
        gave you, that this server reaches it, and, if it is private, that it is allowed below. It is tried again at the
        next interval. {answered}
      </span>
    </div>
  );
}

const none = 'none';

function Form({
  before,
  look,
  onSaved,
}: {
  before: PagingSettings;
  look: WatchdogStatus['look'];
  onSaved: () => void;
}) {
  const cannot = useCanRole()('admin');
  const show = useToasts((state) => state.show);
  const channels = useTable('channel');
  const [url, setUrl] = useState(before.deadMan?.url ?? '');
  const [interval, setInterval] = useState(String(before.deadMan?.intervalSeconds ?? 60));
  const [fallback, setFallback] = useState(before.fallbackChannelId ?? none);
  const [hosts, setHosts] = useState<readonly string[]>(before.allowedPrivateHosts);
  const call = useCall((api, settings: Partial<PagingSettings>) => api.watchdog.set.mutate(settings));
  const parsed = PagingSettings.omit({ mode: true }).safeParse({
    deadMan: url.trim() === '' ? null : { url: url.trim(), intervalSeconds: Number(interval) },
    fallbackChannelId: fallback === none ? null : fallback,
    allowedPrivateHosts: hosts,
  });
  const wrong = (path: string): string | null =>
    parsed.success
      ? null
      : (parsed.error.issues.find((issue) => issue.path.join('.').startsWith(path))?.message ?? null);
  const save = async (): Promise<void> => {
    if (!parsed.success || (await call.run(parsed.data)) === null) return;
    show({ text: 'The settings of paging are saved.' });
    onSaved();
  };
  return (
    <form
      className="stack center-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h3>Dead man</h3>
      <div className="form-grid">
        <TextField
          label="Address called while all is well"
          value={url}
          onChange={setUrl}
          error={wrong('deadMan.url') === null ? null : 'An address that starts with https:// or http://.'}
          help="Of a service outside that pages when the calls stop. Empty is none."
          isDisabled={cannot !== null}
          spellCheck="false"
        />
        <TextField
          label="Every so many seconds"
          value={interval}
          onChange={setInterval}
          error={wrong('deadMan.intervalSeconds') === null ? null : 'From 10 to 3,600.'}
          isDisabled={cannot !== null || url.trim() === ''}
          inputMode="numeric"
        />
      </div>
      {before.deadMan === null ? null : <DeadManState look={look} />}
      <h3>When paging itself is stuck</h3>
      <div className="center-select">
        <Select
          label="Fallback channel"
          options={[
            { value: none, label: 'None: a stall is only written to the log' },
            ...[...channels.rows.values()]
              .filter(({ enabled, kind }) => enabled && kind !== 'twilio')
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={fallback}
          onChange={setFallback}
          disabled={cannot !== null}
        />
      </div>
      <h3>Private addresses that channels may call</h3>
      <TokenField
        label="Hosts, addresses and ranges"
        tokens={[...hosts]}
        onChange={(next) => setHosts(next)}
        suggestions={[]}
        placeholder="mail.internal, 10.0.0.0/8"
        help="Nothing private is called unless it stands here: a channel could else be pointed at what only this server can reach."
        disabled={cannot !== null}
      />
      {call.failure === null ? null : <Failure what="It was not saved" failure={call.failure} />}
      <div className="row">
        <span className="grow" />
        <Button type="submit" look="primary" unavailable={cannot} isDisabled={call.busy || !parsed.success}>
          {call.busy ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
