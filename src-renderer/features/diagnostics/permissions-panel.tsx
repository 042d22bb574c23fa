import { useEffect, useState } from 'react';
import { paths } from '../../paths.ts';
import { useMe } from '../../session.tsx';
import { Panel } from '../../ui/panel.tsx';
import { FactList } from './fact-list.tsx';

/** What the server lets this person do, and what this machine lets the client do. */
export function PermissionsPanel() {
  const me = useMe();
  const persisted = usePersisted();
  return (
    <Panel
      title="Permissions"
      label="Permissions"
      actions={
        <a className="button compact" href={paths.settings('notifications')}>
          Test
        </a>
      }
    >
      <FactList
        facts={[
          { name: 'Role', value: me.role, note: `as ${me.login}` },
          { name: 'Notifications', value: notificationWords() },
          {
            name: 'Storage',
            value:
              persisted === null
                ? null
                : persisted
                  ? 'kept until you delete it'
                  : 'may be cleared by the browser when space is short',
          },
          {
            name: 'Clipboard',
            value: window.isSecureContext ? 'available' : 'limited: this page came over plain http',
          },
        ]}
      />
    </Panel>
  );
}

function notificationWords(): string {
  if (window.tocsin !== undefined) return 'by the desktop app';
  if (!('Notification' in window)) return 'this browser has none';
  return { granted: 'allowed', denied: 'blocked', default: 'not asked yet' }[Notification.permission];
}

function usePersisted(): boolean | null {
  const [persisted, setPersisted] = useState<boolean | null>(null);
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setPersisted, () => undefined);
  }, []);
  return persisted;
}
