// What answers at an address, before anything is entrusted to it: asked over the system's own network, so that proxies
// and authorities of the machine count, and looked at by hand only where that failed.
import { z } from 'zod';
import type { CertificateFacts, Looked, NoCenter } from './bridge.ts';
import type { NetworkRequest } from './host.ts';
import { isLoopback, isPlain, serverAddress } from './server-address.ts';
import { hostOf, type Pin } from './trust.ts';

/** The part of the handshake that a person is told; a newer center may say more. */
const Center = z.object({ name: z.string().max(300), version: z.string().max(40), oldestClient: z.string().max(40) });
const Refusal = z.object({ error: z.object({ code: z.string() }) });
/** It answers no handshake. */
const firstRelease = '0.1.0';

export function createLook(deps: {
  request: NetworkRequest;
  certificateOf(url: string): Promise<CertificateFacts>;
  pins(): readonly Pin[];
}): (address: string) => Promise<Looked> {
  async function ask(url: string): Promise<Looked> {
    const answer = await deps.request({ method: 'GET', url: `${url}/api/v1/center` });
    const way = wayTo(url, deps.pins());
    if (answer.status === 200) {
      const center = Center.safeParse(jsonOf(answer.text));
      if (center.success) return { kind: 'center', url, way, ...center.data };
    }
    if (answer.status === 404 && Refusal.safeParse(jsonOf(answer.text)).success) {
      return { kind: 'center', url, way, name: '', version: firstRelease, oldestClient: firstRelease };
    }
    return { kind: 'none', url, why: whyNoCenter(answer) };
  }

  return async (address) => {
    const url = serverAddress(address);
    if (url === null) return { kind: 'not-an-address' };
    try {
      return await ask(url);
    } catch (error) {
      if (!url.startsWith('https:') || !isAboutTrust(error)) return { kind: 'none', url, why: reasonOf(error) };
      const pin = deps.pins().find(({ host }) => host === hostOf(url));
      try {
        const certificate = await deps.certificateOf(url);
        // It shows the one that was chosen, so what failed is something else.
        if (pin?.fingerprint === certificate.fingerprint) return { kind: 'none', url, why: 'broken' };
        return { kind: 'untrusted', url, certificate, pinnedSince: pin?.since ?? null };
      } catch (second) {
        return { kind: 'none', url, why: reasonOf(second) };
      }
    }
  };
}

function wayTo(url: string, pins: readonly Pin[]): Extract<Looked, { kind: 'center' }>['way'] {
  if (isPlain(url)) return 'plain';
  if (url.startsWith('http:')) return 'this-machine';
  if (pins.some(({ host }) => host === hostOf(url))) return 'pinned';
  return isLoopback(new URL(url).hostname) ? 'this-machine' : 'certified';
}

function whyNoCenter({ status, text }: { status: number; text: string }): NoCenter {
  if (status >= 300 && status < 400) return 'redirect';
  if (status === 403 && text.includes('TOCSIN_PUBLIC_URL')) return 'wrong-host';
  if (status === 429 || status === 502 || status === 503 || status === 504) return 'busy';
  return 'not-a-center';
}

const reasons: readonly [RegExp, NoCenter][] = [
  [/ENOTFOUND|EAI_AGAIN|NAME_NOT_RESOLVED/, 'unknown-name'],
  [/ECONNREFUSED|CONNECTION_REFUSED/, 'refused'],
  [/ETIMEDOUT|TIMED_OUT|TIMEOUT/, 'timeout'],
  [/ENETUNREACH|EHOSTUNREACH|INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|NETWORK_CHANGED/, 'no-network'],
  [/SSL_PROTOCOL_ERROR|WRONG_VERSION_NUMBER|packet length too long|EPROTO|SSL_VERSION/, 'no-tls'],
  [/REDIRECT/i, 'redirect'],
];

/** In the words of Node or of Chromium. */
function reasonOf(error: unknown): NoCenter {
  return reasons.find(([pattern]) => pattern.test(textOf(error)))?.[1] ?? 'broken';
}

/** Chromium says `ERR_FAILED` for what our own rule refused. */
function isAboutTrust(error: unknown): boolean {
  return /CERT|UNABLE_TO_|ERR_FAILED/.test(textOf(error));
}

function textOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return `${typeof code === 'string' ? code : ''} ${typeof message === 'string' ? message : String(error)}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
