// Whom a connection is really with: which certificate counts for a host, and what a person may see of one before they
// trust it. A pinned one counts alone for its host, also where the system would take another.
import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import type { CertificateFacts } from './bridge.ts';

export interface Pin {
  host: string;
  /** SHA-256 of the whole certificate, in hexadecimal, as `AB:CD:…`. */
  fingerprint: string;
  since: string;
}

/** Pure. `usual`: as the system judges it. */
export function verdictOn(
  shown: { host: string; fingerprint: string },
  pins: readonly Pin[],
): 'accept' | 'refuse' | 'usual' {
  const pin = pins.find(({ host }) => host === shown.host);
  if (pin === undefined) return 'usual';
  return pin.fingerprint === shown.fingerprint ? 'accept' : 'refuse';
}

/** Chromium writes `sha256/` and base64. */
export function fingerprintOf(text: string): string {
  const hex = Buffer.from(text.replace(/^sha256\//, ''), 'base64')
    .toString('hex')
    .toUpperCase();
  return hex.match(/../g)?.join(':') ?? '';
}

const withinMs = 10_000;

/** What the server shows to whoever connects; nothing is sent to it. Rejects when no such connection comes about. */
export function lookAtCertificate(url: string): Promise<CertificateFacts> {
  const { port } = new URL(url);
  const host = hostOf(url);
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      // Looked at, not relied on: nothing goes over this connection.
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    socket.setTimeout(withinMs, () => socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })));
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const peer = socket.getPeerCertificate();
      // Node calls it an Error and gives its code as a text.
      const code = String(socket.authorizationError ?? '');
      socket.destroy();
      if (peer.fingerprint256 === undefined) reject(new Error('it shows no certificate'));
      else resolve(factsOf(peer, code));
    });
  });
}

/** As certificates and the system name it: without brackets. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}

function factsOf(peer: PeerCertificate, code: string): CertificateFacts {
  const names = (peer.subjectaltname ?? '').split(', ').map((name) => name.replace(/^(DNS|IP Address):/, ''));
  return {
    fingerprint: peer.fingerprint256,
    issuer: nameOf(peer.issuer),
    subject: nameOf(peer.subject),
    names: names.filter((name) => name !== '').slice(0, 20),
    validFrom: new Date(peer.valid_from).toISOString(),
    validTo: new Date(peer.valid_to).toISOString(),
    problem: problemOf(code),
  };
}

function nameOf(name: Partial<Record<string, string | string[]>>): string {
  const parts = [name['CN'], name['O']].flat().filter((part) => part !== undefined);
  return parts.length === 0 ? 'nobody named' : parts.join(', ').slice(0, 200);
}

function problemOf(code: string): CertificateFacts['problem'] {
  if (code.includes('HAS_EXPIRED')) return 'expired';
  if (code.includes('NOT_YET_VALID')) return 'not-yet';
  if (code.includes('ALTNAME_INVALID')) return 'other-name';
  if (code.includes('DEPTH_ZERO_SELF_SIGNED')) return 'self-signed';
  return code === '' ? 'refused' : 'unknown-authority';
}
