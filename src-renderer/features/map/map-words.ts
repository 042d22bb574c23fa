// How the map says things: the same words on a node, in the table and in the pane.
import { severityInWords } from '#server/contract/severity.ts';
import type { MarkKind } from '../../ui/mark.tsx';
import { type Health, rankOf } from './health.ts';

export function healthWords(health: Health): string {
  const { mark, open, why, was } = health;
  if (why === 'old') return was === null ? 'not known now' : `not known now, was ${severityInWords(was)}`;
  if (why === 'no-source') return 'unknown: no alert source reports';
  if (why === 'not-described') return 'unknown: not in the catalog';
  if (mark === 'ok') return 'no open alert';
  return open === 1 ? '1 open alert' : `${open.toLocaleString('en')} open alerts`;
}

/** The second line of a node. */
export function lineOf(health: Health): string {
  if (health.mark !== 'ok' && health.mark !== 'unknown' && health.worst !== null) return health.worst;
  if (health.was !== null) return `was ${severityInWords(health.was)}`;
  if (health.why === 'no-source') return 'no alert source';
  if (health.why === 'not-described') return 'not in the catalog';
  return healthWords(health);
}

/** What is read out for the mark; the mark's own word for a tick would promise more than the map knows. */
export function markLabel(health: Health): string {
  if (health.mark === 'ok') return 'No open alert';
  if (health.mark === 'unknown') return 'Unknown';
  return health.mark === 'info' ? 'Info' : `Severity ${health.mark.slice(3)}`;
}

export function clusterHealth(members: readonly Health[]): { mark: MarkKind; line: string; label: string } {
  const worst = members.reduce<Health | null>(
    (found, health) => (found === null || rankOf(health) < rankOf(found) ? health : found),
    null,
  );
  const hurt = members.filter(({ open, why }) => open > 0 && why === null).length;
  const count = `${members.length.toLocaleString('en')} ${members.length === 1 ? 'service' : 'services'}`;
  return {
    mark: worst?.mark ?? 'unknown',
    line: hurt === 0 ? count : `${count}, ${hurt} with alerts`,
    label: worst === null ? 'Unknown' : markLabel(worst),
  };
}

export function servicesWords(count: number): string {
  return count === 1 ? '1 service' : `${count.toLocaleString('en')} services`;
}
