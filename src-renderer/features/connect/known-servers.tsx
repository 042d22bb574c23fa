import type { KnownServer } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { dayOf } from './connect-words.ts';

interface KnownServersProps {
  shown: string | null;
  servers: readonly KnownServer[];
  onOpen: (server: KnownServer) => void;
  onRemove: (server: KnownServer) => void;
}

/** Those used before, the last one first. */
export function KnownServers({ shown, servers, onOpen, onRemove }: KnownServersProps) {
  return (
    <ul className="known-servers" aria-label={t`Servers used before`}>
      {servers.map((server) => (
        <li key={server.url}>
          <Icon name={server.url === shown ? 'check' : 'server'} />
          <div className="grow two-line">
            <div className="strong clip">{server.name}</div>
            <div className="clip">
              {server.pinnedSince === null
                ? server.url
                : t`${server.url} · its certificate is trusted since ${dayOf(server.pinnedSince)}`}
            </div>
          </div>
          <Button onPress={() => onOpen(server)} aria-label={t`Open ${server.name}`}>
            {t`Open`}
          </Button>
          <Button
            look="ghost"
            icon="trash"
            aria-label={t`Remove ${server.name}`}
            unavailable={server.given ? t`The program that started this app chose it.` : null}
            onPress={() => onRemove(server)}
          />
        </li>
      ))}
    </ul>
  );
}
