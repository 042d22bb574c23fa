import { useState } from 'react';
import { t } from '../../language/words.ts';
import { useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { type LocalTest, testHere } from './local-test.ts';
import { SettingsLine } from './settings-line.tsx';

/** Whether a page can leave the window, with a test that shows what this machine does of it. */
export function Notifications() {
  const { uuid, host } = useSession();
  const [permission, setPermission] = useState(browserPermission);
  const [outcome, setOutcome] = useState<LocalTest | null>(null);
  const blocked = host.kind === 'browser' && permission !== 'granted';

  const allow = async (): Promise<void> => {
    await host.allowNotifications();
    setPermission(browserPermission());
  };
  const test = async (): Promise<void> => setOutcome(await testHere(host, uuid()));

  return (
    <>
      <div className="settings-line">
        <div className="row">
          <Mark kind={blocked ? 'unknown' : 'ok'} label={blocked ? t`Not allowed` : t`Allowed`} />
          <div className="two-line">
            <div className="medium">
              {blocked ? permissionWords(permission) : t`Pages can be shown outside this window`}
            </div>
            <div>
              {host.kind === 'electron' ? t`By the desktop app.` : t`By this browser, while a tab with Tocsin is open.`}
            </div>
          </div>
        </div>
        {blocked && permission === 'default' ? (
          <Button look="primary" onPress={() => void allow()}>
            {t`Allow…`}
          </Button>
        ) : null}
      </div>
      <SettingsLine title={t`Test page`} about={t`Sent to this machine only; nobody else hears of it.`}>
        <Button onPress={() => void test()}>{t`Send a test page`}</Button>
      </SettingsLine>
      {outcome === null ? null : (
        <p className="settings-outcome" role="status">
          <Mark kind={outcome.ok ? 'ok' : 'unknown'} size="small" label={outcome.ok ? t`Taken` : t`Not shown`} />
          {outcome.text}
        </p>
      )}
      <p className="small-text muted settings-block">
        {t`A notification that was shown never counts as received: an incident stays unacknowledged until somebody acknowledges it.`}
      </p>
    </>
  );
}

function browserPermission(): NotificationPermission | 'missing' {
  return 'Notification' in window ? Notification.permission : 'missing';
}

function permissionWords(permission: NotificationPermission | 'missing'): string {
  if (permission === 'missing') return t`This browser shows no notifications`;
  return permission === 'denied'
    ? t`This browser blocks notifications; its site settings allow them`
    : t`Not allowed yet`;
}
