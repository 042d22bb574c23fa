// Which list somebody came from into a detail, so that Esc backs out to there and not to somewhere else (UX.md 2).
import { matchPath, parseHash } from './navigation.ts';
import { paths } from './paths.ts';
import { t } from './language/words.ts';

export interface Origin {
  to: string;
  label: string;
}

const lists: readonly [pattern: string, label: string][] = [
  ['/', t`Now`],
  ['/inbox', t`Inbox`],
  ['/incidents', t`Incidents`],
  ['/alerts', t`Alerts`],
  ['/map/:id?', t`Map`],
  ['/reviews', t`Reviews`],
  ['/oncall', t`On-call`],
  ['/ledger', t`Ledger`],
  ['/insights', t`Insights`],
  ['/away', t`changes while away`],
  ['/outbox', t`Outbox`],
];

let latest: Origin = { to: paths.now(), label: t`Now` };

/** Told of every address, in the order in which they are visited. */
export function visitAddress(hash: string): void {
  latest = originOf(hash) ?? latest;
}

export function cameFrom(): Origin {
  return latest;
}

/** Null for what is no list, and for what leads on by itself. */
export function originOf(hash: string): Origin | null {
  const { path } = parseHash(hash);
  const found = lists.find(([pattern]) => matchPath(pattern, path) !== null && (pattern !== '/' || path === '/'));
  return found === undefined ? null : { to: hash === '' ? paths.now() : hash, label: found[1] };
}
