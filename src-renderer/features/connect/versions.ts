// What it means that a center and this client are of different versions. Pure.
import { type CenterInfo, firstRelease } from '#server/contract/client.ts';
import { t } from '../../language/words.ts';

export type Versions = Pick<CenterInfo, 'version' | 'oldestClient'>;

/** Null when both are of the same release; a patch changes nothing that a person would miss. */
export function versionWords(client: string, center: Versions): string | null {
  if (compare(client, center.oldestClient) < 0)
    return t`This center (${center.version}) takes clients from ${center.oldestClient} on, and this one is ${client}. Update it before you rely on it.`;
  const order = compare(release(client), release(center.version));
  if (order < 0)
    return t`This center (${center.version}) is newer than this client (${client}). You can work and acknowledge; what only newer clients know is not shown.`;
  if (order > 0)
    return t`This center (${center.version}) is older than this client (${client}). What it does not know yet waits on this machine until it is updated.`;
  return null;
}

function release(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function compare(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let place = 0; place < 3; place += 1) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbers(version: string): number[] {
  return version
    .split(/[.+-]/)
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0);
}

/** A center that answers no handshake. */
export const unknownCenter: Versions = { version: firstRelease.version, oldestClient: firstRelease.version };
