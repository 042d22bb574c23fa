// What was found at an address, in words: what happened, why, what to do. Pure.
import type { CertificateFacts, LocalCenter, Looked, NoCenter } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';

export function noCenterWords(why: NoCenter, url: string): { what: string; how: string } {
  const { host } = new URL(url);
  switch (why) {
    case 'unknown-name':
      return {
        what: t`No machine has the name ${host}`,
        how: t`Check how it is written. Names inside a company are often known only within its network or VPN.`,
      };
    case 'refused':
      return {
        what: t`${host} is there, but nothing listens`,
        how: t`Check the port, and that the center runs.`,
      };
    case 'timeout':
      return {
        what: t`${host} did not answer in time`,
        how: t`A firewall may be in between, or a VPN is off. Try again from the right network.`,
      };
    case 'no-network':
      return { what: t`This machine has no way there`, how: t`Check its network, then try again.` };
    case 'no-tls':
      return {
        what: t`${host} does not speak TLS`,
        how: t`Ask for its https address. Only where the network is trusted, write http://${host} to go without.`,
      };
    case 'broken':
      return {
        what: t`The connection to ${host} broke off`,
        how: t`Try again; if it stays so, its administrator can look why.`,
      };
    case 'wrong-host':
      return {
        what: t`The center at ${host} does not know itself by this name`,
        how: t`It answers only to the names it was told. Its administrator sets TOCSIN_PUBLIC_URL to the address you typed.`,
      };
    case 'redirect':
      return {
        what: t`${host} sends its visitors elsewhere`,
        how: t`Open it in a browser, see which address it ends at, and type that one.`,
      };
    case 'busy':
      return {
        what: t`The center at ${host} is not ready`,
        how: t`It starts or is overloaded. Try again in a minute.`,
      };
    case 'not-a-center':
      return { what: t`Something answers at ${host}, but it is no center`, how: t`Check the address and the port.` };
  }
}

export const noAddressWords = {
  what: t`This is no address of a server`,
  how: t`Write a name such as ops.example.com, with a port where it has one: ops.example.com:7300.`,
};

export function problemWords(problem: CertificateFacts['problem']): string {
  switch (problem) {
    case 'self-signed':
      return t`It made its certificate itself: nobody else says that it is the one you mean.`;
    case 'unknown-authority':
      return t`Its certificate comes from an authority that this machine does not know.`;
    case 'expired':
      return t`Its certificate has run out.`;
    case 'not-yet':
      return t`Its certificate is not valid yet. Check the clock of this machine.`;
    case 'other-name':
      return t`Its certificate is for another name.`;
    case 'refused':
      return t`This machine does not trust its certificate.`;
  }
}

/** The center that this app runs itself, while it does not run. */
export function localWords(state: LocalCenter): { what: string; how: string } {
  switch (state.kind) {
    case 'failed':
      return {
        what: t`The center on this computer has ended`,
        how: t`It says: ${sentence(state.why)} It is started again by itself.`,
      };
    case 'absent':
      return { what: t`This app cannot run a center itself`, how: absentWords(state.why) };
    default:
      return {
        what: t`The center on this computer is starting`,
        how: t`The first start makes its database and takes a while.`,
      };
  }
}

export function absentWords(why: Extract<LocalCenter, { kind: 'absent' }>['why']): string {
  return why === 'old-electron'
    ? t`The Electron of this app is too old to run a center. One that npm start runs here is found.`
    : t`This build of the app carries no center. One that npm start runs here is found.`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Why the shown server cannot be reached, where a look has found a reason that a person can do something about. */
export function unreachableWords(looked: Looked): string | null {
  if (looked.kind === 'untrusted') {
    const { host } = new URL(looked.url);
    return looked.pinnedSince === null
      ? t`${host} cannot prove who it is. ${problemWords(looked.certificate.problem)}`
      : t`The certificate of ${host} changed since ${dayOf(looked.pinnedSince)}. Nothing is sent to it until somebody has looked.`;
  }
  if (looked.kind !== 'none' && looked.kind !== 'local') return null;
  const { what, how } = looked.kind === 'local' ? localWords(looked.state) : noCenterWords(looked.why, looked.url);
  return `${what}. ${how}`;
}

/** `2026-11-22` */
export function dayOf(instant: string): string {
  return instant.slice(0, 10);
}

/** Read aloud and compared in groups: two lines of eight pairs each. */
export function fingerprintLines(fingerprint: string): string[] {
  const pairs = fingerprint.split(':');
  return [0, 8, 16, 24].map((from) => pairs.slice(from, from + 8).join(' ')).filter((line) => line !== '');
}
