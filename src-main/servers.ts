// The centers this app knows, the one it shows, and whose certificates a person took for good: a small file, read
// leniently and written whole. It holds no secret.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { ServerList } from './bridge.ts';
import { hostOf, type Pin } from './trust.ts';

const Origin = z.url({ protocol: /^https?$/ }).refine((text) => new URL(text).origin === text);
const Server = z.object({ url: Origin, name: z.string().max(300), lastUsed: z.string() });
const PinShape = z.object({ host: z.string(), fingerprint: z.string(), since: z.string() });
const Kept = z.object({ servers: z.array(z.unknown()), pins: z.array(z.unknown()), shown: z.string().nullable() });

interface State {
  servers: z.infer<typeof Server>[];
  pins: Pin[];
  shown: string | null;
}

export interface Servers {
  shown(): string | null;
  list(): Pick<ServerList, 'shown'> & { servers: Omit<ServerList['servers'][number], 'local'>[] };
  pins(): readonly Pin[];
  /** Adds it where it is new, and shows it. */
  show(url: string): void;
  named(url: string, name: string): void;
  remove(url: string): void;
  pin(url: string, fingerprint: string): void;
}

/** `given`: named by whoever started the app. It is shown, and not kept. */
export function createServers(deps: { file: string; given: string | null; now(): Date }): Servers {
  const { file, given } = deps;
  let state = read(file);
  if (given !== null) state.shown = given;
  let givenName = given === null ? '' : hostPort(given);

  const nowText = (): string => deps.now().toISOString();
  function change(next: Partial<State>): void {
    state = { ...state, ...next };
    try {
      const shown = state.servers.some(({ url }) => url === state.shown) ? state.shown : null;
      writeFileSync(`${file}.partial`, JSON.stringify({ ...state, shown }), { mode: 0o600 });
      renameSync(`${file}.partial`, file);
    } catch {
      // A full disk must not keep a pager from running; the choice holds until the app ends.
    }
  }
  const pinOf = (url: string): Pin | undefined => state.pins.find(({ host }) => host === hostOf(url));

  return {
    shown: () => state.shown,
    list() {
      const kept = state.servers.map((server) => ({ ...server, given: server.url === given }));
      const extra =
        given === null || kept.some(({ url }) => url === given)
          ? []
          : [{ url: given, name: givenName, lastUsed: nowText(), given: true }];
      const servers = [...extra, ...kept].map((one) => ({ ...one, pinnedSince: pinOf(one.url)?.since ?? null }));
      return { shown: state.shown, servers };
    },
    pins: () => state.pins,
    show(url) {
      if (url === given) {
        change({ shown: url });
        return;
      }
      const name = state.servers.find((server) => server.url === url)?.name ?? hostPort(url);
      const others = state.servers.filter((server) => server.url !== url);
      change({ shown: url, servers: [{ url, name, lastUsed: nowText() }, ...others] });
    },
    named(url, name) {
      if (name === '') return;
      if (url === given) givenName = name;
      if (state.servers.every((server) => server.url !== url || server.name === name)) return;
      change({ servers: state.servers.map((server) => (server.url === url ? { ...server, name } : server)) });
    },
    remove(url) {
      const servers = state.servers.filter((server) => server.url !== url);
      const stillThere = servers.some((server) => hostOf(server.url) === hostOf(url));
      change({
        servers,
        pins: stillThere ? state.pins : state.pins.filter(({ host }) => host !== hostOf(url)),
        shown: state.shown === url ? (servers[0]?.url ?? (url === given ? null : given)) : state.shown,
      });
    },
    pin(url, fingerprint) {
      const host = hostOf(url);
      const others = state.pins.filter((pin) => pin.host !== host);
      change({ pins: [...others, { host, fingerprint, since: nowText() }] });
    },
  };
}

function hostPort(url: string): string {
  return new URL(url).host;
}

/** Each entry by itself: one that is damaged is left out alone. */
function read(file: string): State {
  let stored: z.infer<typeof Kept>;
  try {
    stored = Kept.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { servers: [], pins: [], shown: null };
  }
  const servers = stored.servers.flatMap((one) => Server.safeParse(one).data ?? []);
  const shown = servers.find(({ url }) => url === stored.shown)?.url ?? servers[0]?.url ?? null;
  return { servers, pins: stored.pins.flatMap((one) => PinShape.safeParse(one).data ?? []), shown };
}
