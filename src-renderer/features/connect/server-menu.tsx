import { useEffect, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import type { Bridge, ServerList } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';
import { useSession } from '../../session.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
import { useConnect } from './connect-store.ts';
import { RemoveServer } from './remove-server.tsx';

/** Which server this is; in the desktop app also the others. */
export function ServerName() {
  const { serverName, serverUrl, host } = useSession();
  if (host.desktop !== null) return <ServerMenu desktop={host.desktop} />;
  return (
    <span className="server" title={serverUrl}>
      <Icon name="server" />
      <span className="clip">{serverName}</span>
    </span>
  );
}

function ServerMenu({ desktop }: { desktop: Bridge }) {
  const session = useSession();
  const { serverName, serverUrl } = session;
  const [open, setOpen] = useState(false);
  const [list, setList] = useState<ServerList | null>(null);
  const [removing, setRemoving] = useState(false);
  const connect = useConnect((store) => store.begin);
  useEffect(() => {
    let gone = false;
    void desktop.servers.list().then(
      (answer) => (gone ? undefined : setList(answer)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [desktop, open]);
  useCommands([
    { id: 'server.menu', keys: null, label: t`switch server`, keywords: 'connect', run: () => setOpen(true) },
    { id: 'server.add', keys: null, label: t`connect to another server`, run: () => connect() },
  ]);
  const others = (list?.servers ?? []).filter(({ url }) => url !== serverUrl);
  const shown = list?.servers.find(({ url }) => url === serverUrl);
  const actions: MenuAction[] = [
    { id: serverUrl, label: serverName, icon: 'check', run: () => undefined },
    ...others.map(({ url, name }) => ({
      id: url,
      label: labelOf(name, url),
      icon: 'server' as const,
      run: () => void desktop.servers.show(url),
    })),
    { id: 'add', label: t`Another server…`, icon: 'plus', run: () => connect() },
    {
      id: 'remove',
      label: t`Remove ${serverName}…`,
      icon: 'trash',
      unavailable: (shown?.given ?? true) ? t`The program that started this app chose it.` : null,
      run: () => setRemoving(true),
    },
  ];
  return (
    <>
      <Menu
        label={t`Servers`}
        open={open}
        onOpenChange={setOpen}
        actions={actions}
        trigger={
          <AriaButton className="server" aria-label={t`Server: ${serverName}`}>
            <Icon name="server" />
            <span className="clip">{serverName}</span>
            <Icon name="chevron-down" small />
          </AriaButton>
        }
      />
      {removing ? (
        <RemoveServer
          desktop={desktop}
          server={{ url: serverUrl, name: serverName, local: shown?.local ?? false }}
          session={session}
          onDone={() => setRemoving(false)}
          onClose={() => setRemoving(false)}
        />
      ) : null}
    </>
  );
}

function labelOf(name: string, url: string): string {
  const { host } = new URL(url);
  return name === host ? host : `${name} · ${host}`;
}
