import type { WatchdogStatus } from '#server/contract/watchdog.ts';
import { AskedAge, AskedBody, useAsked } from '../../api/asked.tsx';
import { roleAtLeast } from '#server/contract/people.ts';
import { rich } from '../../language/rich.ts';
import { plural, t } from '../../language/words.ts';
import { useMe } from '../../session.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';
import { useWatchdog } from '../paging/center-notices.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { PagingForm } from './paging-form.tsx';

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
      <ModeSwitch now={watchdog.data ?? null} onChanged={again} />
      <div className="row settings-block">
        <h3 className="grow">{t`How it watches itself`}</h3>
        <AskedAge asked={watchdog} />
      </div>
      <AskedBody asked={watchdog} what={t`The watchdog could not be asked`}>
        {(status) => <Status status={status} />}
      </AskedBody>
      {admin ? (
        <AskedBody asked={asked} what={t`The settings of paging could not be had`}>
          {(settings) => <PagingForm latest={settings} look={watchdog.data?.look ?? null} onSaved={again} />}
        </AskedBody>
      ) : null}
    </>
  );
}

function Status({ status }: { status: WatchdogStatus }) {
  const { look, notices } = status;
  return (
    <>
      <ul aria-label={t`Notices about this center`}>
        {notices.map(({ code, level, text }) => (
          <li key={code} className="settings-outcome">
            <Icon name={level === 'info' ? 'server' : level === 'warning' ? 'incidents' : 'refused'} />
            <span className={level === 'error' ? 'medium' : undefined}>{text}</span>
          </li>
        ))}
        {notices.length === 0 ? (
          <li className="settings-outcome">
            <Mark kind="ok" size="small" label={t`Well`} />
            <span>{t`Nothing is to be said against it.`}</span>
          </li>
        ) : null}
      </ul>
      <p className="small-text muted">
        {look === null
          ? t`Nothing was checked for being overdue yet.`
          : look.overdue === 0
            ? rich`Checked at ${<Time at={look.at} seconds zone />}: nothing is overdue.`
            : rich`Checked at ${<Time at={look.at} seconds zone />}: ${plural(look.overdue, { one: 'one thing is', other: '# things are' })} overdue by more than 30 s.`}
      </p>
    </>
  );
}
