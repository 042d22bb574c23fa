import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { allowedPlaces, specialAddress } from '#server/outgoing/address-rules.ts';
import { exchange } from '#server/outgoing/exchange.ts';
import { OutgoingError, type Outgoing, type OutgoingRequest } from '#server/outgoing/outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface Resolved {
  address: string;
  family: 4 | 6;
}

export interface OutgoingDeps {
  /** Hosts, `host:port`, addresses and ranges that an administrator allows though they are private (PagingSettings). */
  allowedPrivate(): readonly string[];
  clock: Pick<Clock, 'setTimer'>;
  /** All addresses of a name, in the order to try. The system's resolver unless a test says otherwise. */
  lookup?(host: string): Promise<readonly { address: string; family: number }[]>;
}

const timeoutMs = 10_000;
const maxBytes = 64 * 1024;
/** Addresses of one name that are tried when nothing takes the connection. */
const addressesTried = 3;

export function createOutgoing(deps: OutgoingDeps): Outgoing {
  const lookup = deps.lookup ?? ((host: string) => systemLookup(host, { all: true, order: 'verbatim' }));

  return {
    async request(request) {
      const limitMs = request.timeoutMs ?? timeoutMs;
      return within(limitMs, request, async (signal) => {
        const url = parse(request.url);
        const addresses = await checked(hostOf(url), portOf(url), url.protocol === 'https:');
        return exchange({
          request,
          url,
          addresses: addresses.slice(0, addressesTried),
          maxBytes: request.maxBytes ?? maxBytes,
          signal,
        });
      });
    },

    async resolve(host, port) {
      const name = hostOf(parse(`https://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}`));
      const [first] = await within(timeoutMs, { url: `https://${host}:${port}` }, () => checked(name, port, true));
      if (first === undefined) throw unresolved(name);
      return first;
    },

    async fault(text) {
      try {
        const url = parse(text);
        await within(timeoutMs, { url: text }, () => checked(hostOf(url), portOf(url), url.protocol === 'https:'));
        return null;
      } catch (error) {
        if (!(error instanceof OutgoingError)) throw error;
        // A resolver that is away, or a name that comes later, is no danger: every send asks and checks again.
        return error.fault === 'blocked' ? error.message : null;
      }
    },
  };

  /** Asked once; what comes back is what is connected to, so that a name cannot answer differently the second time. */
  async function checked(host: string, port: number, encrypted: boolean): Promise<Resolved[]> {
    const allowed = allowedPlaces(deps.allowedPrivate());
    const byName = allowed.name(host, port);
    const found = await addressesOf(host);
    const judged = found.map((place) => ({ place, reason: objection(place.address) }));
    const usable = judged.filter(({ reason }) => reason === null).map(({ place }) => place);
    if (usable.length > 0) return usable;
    const reason = judged[0]?.reason;
    if (reason === undefined) throw unresolved(host);
    throw new OutgoingError(
      'blocked',
      `Not called: ${reason}. ` +
        'Use a public https:// address, or let an administrator allow this host or range in the paging settings.',
    );

    function objection(address: string): string | null {
      if (allowed.address(address) || (byName && isIP(host) !== 0)) return null;
      const special = specialAddress(address);
      if (special !== null && !(byName && special.byName))
        return isIP(host) === 0
          ? `${host} leads to ${address}, which is ${special.what}`
          : `${host} is ${special.what}`;
      return encrypted || byName ? null : `http:// to ${host} is not encrypted`;
    }
  }

  async function addressesOf(host: string): Promise<Resolved[]> {
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family: family === 6 ? 6 : 4 }];
    try {
      const found = await lookup(host);
      return found.map(({ address, family: version }) => ({ address, family: version === 6 ? 6 : 4 }));
    } catch (error) {
      throw unresolved(host, error);
    }
  }

  /** The one deadline over resolving, connecting and reading. */
  async function within<T>(
    limitMs: number,
    { url, signal }: Pick<OutgoingRequest, 'url' | 'signal'>,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const end = new AbortController();
    const stop = (error: OutgoingError) => end.abort(error);
    const late = () =>
      stop(
        new OutgoingError('timeout', `${placeOf(url)} gave no whole answer within ${limitMs / 1_000} s. Try again.`),
      );
    const left = () => stop(new OutgoingError('broken', `The call to ${placeOf(url)} was called off by this server.`));
    const cancel = deps.clock.setTimer(limitMs, late);
    signal?.addEventListener('abort', left);
    if (signal?.aborted === true) left();
    try {
      return await Promise.race([
        new Promise<never>((_resolve, reject) => {
          const fail = () => reject(end.signal.reason as Error);
          if (end.signal.aborted) fail();
          else end.signal.addEventListener('abort', fail);
        }),
        end.signal.aborted ? Promise.reject(end.signal.reason as Error) : work(end.signal),
      ]);
    } finally {
      cancel();
      signal?.removeEventListener('abort', left);
      // Nothing that is still under way may go on.
      end.abort(new OutgoingError('broken', 'over'));
    }
  }
}

/** The WHATWG parser reads every spelling of a host (2130706433, 0x7f.1, 017700000001) as the address it is. */
function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.hostname === '')
    throw new OutgoingError('blocked', 'Not called: this is not an address that starts with https:// or http://.');
  if (url.username !== '' || url.password !== '')
    throw new OutgoingError(
      'blocked',
      'Not called: the address carries a user name or password. Put it into a secret.',
    );
  return url;
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** Host and port; paths and queries of addresses can be secrets. */
function placeOf(text: string): string {
  return URL.canParse(text) ? new URL(text).host : 'the address';
}

function unresolved(host: string, cause?: unknown): OutgoingError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new OutgoingError(
    'unresolved',
    `The name ${host} could not be resolved${code}. Check its spelling and this server's DNS.`,
  );
}
