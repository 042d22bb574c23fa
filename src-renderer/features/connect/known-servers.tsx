import type { KnownServer } from '../../../src-main/bridge.ts';
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
    <ul className="known-servers" aria-label="Servers used before">
      {servers.map((server) => (
        <li key={server.url}>
          <Icon name={server.url === shown ? 'check' : 'server'} />
          <div className="grow two-line">
            <div className="strong clip">{server.name}</div>
            <div className="clip">
              {server.url}
              {server.pinnedSince === null ? null : ` · its certificate is trusted since ${dayOf(server.pinnedSince)}`}
            </div>
          </div>
          <Button onPress={() => onOpen(server)} aria-label={`Open ${server.name}`}>
            Open
          </Button>
          <Button
            look="ghost"
            icon="trash"
            aria-label={`Remove ${server.name}`}
            unavailable={server.given ? 'The program that started this app chose it.' : null}
            onPress={() => onRemove(server)}
          />
        </li>
      ))}
    </ul>
  );
}
