import { useState } from 'react';
import { useSession } from '../../session.tsx';
import { deviceNow } from '../../time.ts';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';

type Outcome = { ok: boolean; text: string };

/** Whether a page can leave the window, with a test that shows what this machine does of it. */
export function Notifications() {
  const { uuid, host } = useSession();
  const [permission, setPermission] = useState(browserPermission);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const blocked = host.kind === 'browser' && permission !== 'granted';

  const allow = async (): Promise<void> => {
    await host.allowNotifications();
    setPermission(browserPermission());
  };
  const test = async (): Promise<void> => {
    const answer = await host.notify({
      id: uuid(),
      title: 'Test page',
      body: 'This is how Tocsin pages you here. Nothing happened.',
      tier: 'page',
      path: '/settings/notifications',
      visible: false,
    });
    const at = clockTime(deviceNow(), true);
    setOutcome(
      answer.kind === 'shown'
        ? {
            ok: true,
            text: `This machine took it at ${at} UTC. Whether you saw it, only you know: look for it outside this window.`,
          }
        : { ok: false, text: `It was ${answer.kind === 'failed' ? 'not shown' : 'held back'}: ${answer.reason}.` },
    );
  };

  return (
    <>
      <div className="settings-line">
        <div className="row">
          <Mark kind={blocked ? 'unknown' : 'ok'} label={blocked ? 'Not allowed' : 'Allowed'} />
          <div className="two-line">
            <div className="medium">
              {blocked ? permissionWords(permission) : 'Pages can be shown outside this window'}
            </div>
            <div>
              {host.kind === 'electron' ? 'By the desktop app.' : 'By this browser, while a tab with Tocsin is open.'}
            </div>
          </div>
        </div>
        {blocked && permission === 'default' ? (
          <Button look="primary" onPress={() => void allow()}>
            Allow…
          </Button>
        ) : null}
      </div>
      <div className="settings-line">
        <div className="two-line">
          <div className="medium">Test page</div>
          <div>Sent to this machine only; nobody else hears of it.</div>
        </div>
        <Button onPress={() => void test()}>Send a test page</Button>
      </div>
      {outcome === null ? null : (
        <p className="settings-outcome" role="status">
          <Mark kind={outcome.ok ? 'ok' : 'unknown'} size="small" label={outcome.ok ? 'Taken' : 'Not shown'} />
          {outcome.text}
        </p>
      )}
      <p className="small-text muted settings-block">
        A notification that was shown never counts as received: an incident stays unacknowledged until somebody
        acknowledges it.
      </p>
    </>
  );
}

function browserPermission(): NotificationPermission | 'missing' {
  return 'Notification' in window ? Notification.permission : 'missing';
}

function permissionWords(permission: NotificationPermission | 'missing'): string {
  if (permission === 'missing') return 'This browser shows no notifications';
  return permission === 'denied'
    ? 'This browser blocks notifications; its site settings allow them'
    : 'Not allowed yet';
}
