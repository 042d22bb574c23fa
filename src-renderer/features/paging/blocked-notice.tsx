import { useEffect } from 'react';
import { roleAtLeast } from '#server/contract/people.ts';
import { useBlocked } from '../../api/blocked.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useMe, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useUnshownPages } from './page-notifier.tsx';
import './paging.css';

/** Stays as long as it is true: a page that nobody sees outside this window is easily missed. */
export function BlockedNotice() {
  const { host, uuid } = useSession();
  const { role } = useMe();
  const reason = useBlocked((blocked) => blocked.reason);
  const show = useToasts((toasts) => toasts.show);
  useEffect(() => {
    const look = (): void =>
      void host.blocked().then(
        (why) => (why === null ? undefined : useBlocked.setState({ reason: why })),
        () => undefined,
      );
    look();
    // Allowed in the settings of the system, and back here.
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [host]);
  // The banner of a page says the same, and more.
  const said = useUnshownPages().length > 0;
  if (said || reason === null || !roleAtLeast(role, 'responder')) return null;
  const test = async (): Promise<void> => {
    const outcome = await host.notify({
      id: uuid(),
      title: t`Test page`,
      body: t`This is how Tocsin pages you here. Nothing happened.`,
      tier: 'page',
      path: '/settings/notifications',
      visible: false,
    });
    if (outcome.kind === 'shown')
      show({ icon: 'check', text: t`This machine took the test page. Look for it outside this window.` });
    else show({ icon: 'refused', text: t`The test page was not shown: ${outcome.reason}.` });
  };
  return (
    <div role="region" aria-label={t`Notifications on this machine`}>
      <div className="center-notice warning">
        <Icon name="alerts" />
        <span className="grow">{t`Your pages are shown only inside this window, because ${reason}.`}</span>
        <a href={paths.settings('notifications')}>{t`What to do`}</a>
        <Button compact onPress={() => void test()}>
          {t`Send a test page`}
        </Button>
      </div>
    </div>
  );
}
