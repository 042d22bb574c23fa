import { useEffect, useState } from 'react';
import { t } from '../../language/words.ts';
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
      title={t`Permissions`}
      label={t`Permissions`}
      actions={
        <a className="button compact" href={paths.settings('notifications')}>
          {t`Test`}
        </a>
      }
    >
      <FactList
        facts={[
          { name: t`Role`, value: me.role, note: t`as ${me.login}` },
          { name: t`Notifications`, value: notificationWords() },
          {
            name: t`Storage`,
            value:
              persisted === null
                ? null
                : persisted
                  ? t`kept until you delete it`
                  : t`may be cleared by the browser when space is short`,
          },
          {
            name: t`Clipboard`,
            value: window.isSecureContext ? t`available` : t`limited: this page came over plain http`,
          },
        ]}
      />
    </Panel>
  );
}

function notificationWords(): string {
  if (window.tocsin !== undefined) return t`by the desktop app`;
  if (!('Notification' in window)) return t`this browser has none`;
  return { granted: t`allowed`, denied: t`blocked`, default: t`not asked yet` }[Notification.permission];
}

function usePersisted(): boolean | null {
  const [persisted, setPersisted] = useState<boolean | null>(null);
  useEffect(() => {
    void navigator.storage?.persisted?.().then(setPersisted, () => undefined);
  }, []);
  return persisted;
}
