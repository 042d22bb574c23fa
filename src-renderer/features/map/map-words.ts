// How the map says things: the same words on a node, in the table and in the pane.
import { severityInWords } from '#server/contract/severity.ts';
import { plural, t } from '../../language/words.ts';
import type { MarkKind } from '../../ui/mark.tsx';
import { type Health, rankOf } from './health.ts';

export function healthWords(health: Health): string {
  const { mark, open, why, was } = health;
  if (why === 'old') return was === null ? t`not known now` : t`not known now, was ${severityInWords(was)}`;
  if (why === 'no-source') return t`unknown: no alert source reports`;
  if (why === 'not-described') return t`unknown: not in the catalog`;
  if (mark === 'ok') return t`no open alert`;
  return t`${plural(open, { one: '1 open alert', other: '# open alerts' })}`;
}

/** The second line of a node. */
export function lineOf(health: Health): string {
  if (health.mark !== 'ok' && health.mark !== 'unknown' && health.worst !== null) return health.worst;
  if (health.was !== null) return t`was ${severityInWords(health.was)}`;
  if (health.why === 'no-source') return t`no alert source`;
  if (health.why === 'not-described') return t`not in the catalog`;
  return healthWords(health);
}

/** What is read out for the mark; the mark's own word for a tick would promise more than the map knows. */
export function markLabel(health: Health): string {
  if (health.mark === 'ok') return t`No open alert`;
  if (health.mark === 'unknown') return t`Unknown`;
  return health.mark === 'info' ? t`Info` : t`Severity ${health.mark.slice(3)}`;
}

export function clusterHealth(members: readonly Health[]): { mark: MarkKind; line: string; label: string } {
  const worst = members.reduce<Health | null>(
    (found, health) => (found === null || rankOf(health) < rankOf(found) ? health : found),
    null,
  );
  const hurt = members.filter(({ open, why }) => open > 0 && why === null).length;
  const count = servicesWords(members.length);
  return {
    mark: worst?.mark ?? 'unknown',
    line: hurt === 0 ? count : t`${count}, ${hurt} with alerts`,
    label: worst === null ? t`Unknown` : markLabel(worst),
  };
}

export function servicesWords(count: number): string {
  return t`${plural(count, { one: '1 service', other: '# services' })}`;
}
