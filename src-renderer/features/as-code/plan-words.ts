// A plan as a person reads it. Pure.
import type { ConfigPlan, PlannedChange } from '#server/contract/config.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { documentWords } from '../config/document-words.ts';

export const kindWords: Readonly<Record<string, string>> = {
  ...documentWords,
  user: t`person`,
  team: t`team`,
  service: t`service`,
};

export const opWords: Record<PlannedChange['op'], string> = {
  create: t`new`,
  update: t`changed`,
  delete: t`deleted`,
  unchanged: t`unchanged`,
};

/** `3 new, 1 changed, 2 deleted; 14 stay as they are.` */
export function planWords({ changes }: Pick<ConfigPlan, 'changes'>): string {
  const count = (op: PlannedChange['op']): number => changes.filter((change) => change.op === op).length;
  const parts = (['create', 'update', 'delete'] as const)
    .map((op) => ({ op, n: count(op) }))
    .filter(({ n }) => n > 0)
    .map(({ op, n }) => `${numberText(n)} ${opWords[op]}`);
  const same = count('unchanged');
  const stay = same === 0 ? '' : t`${plural(same, { one: '1 stays as it is', other: '# stay as they are' })}`;
  if (parts.length === 0) return same === 0 ? t`Nothing would change.` : t`Nothing would change; ${stay}.`;
  return `${parts.join(', ')}${stay === '' ? '' : `; ${stay}`}.`;
}

/** Deletions first, because they are what one regrets; unchanged ones are only counted. */
export function shownChanges(changes: readonly PlannedChange[]): PlannedChange[] {
  const rank: Record<PlannedChange['op'], number> = { delete: 0, update: 1, create: 2, unchanged: 3 };
  return changes
    .filter(({ op }) => op !== 'unchanged')
    .toSorted((a, b) => rank[a.op] - rank[b.op] || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
}

export function canApply({ changes, errors }: ConfigPlan): string | null {
  if (errors.length > 0) return t`It has errors: nothing of it can be applied until they are mended.`;
  return changes.some(({ op }) => op !== 'unchanged') ? null : t`It would change nothing.`;
}

/** Lines of a value before and after, those that are the same on both sides left out at both ends. */
export function lineDiff(before: string | null, after: string | null): { mark: '-' | '+' | ' '; text: string }[] {
  const [old, next] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < next.length - start &&
    old[old.length - 1 - end] === next[next.length - 1 - end]
  )
    end += 1;
  const context = (lines: readonly string[]) => lines.map((text) => ({ mark: ' ' as const, text }));
  return [
    ...context(old.slice(Math.max(0, start - 2), start)),
    ...old.slice(start, old.length - end).map((text) => ({ mark: '-' as const, text })),
    ...next.slice(start, next.length - end).map((text) => ({ mark: '+' as const, text })),
    ...context(next.slice(next.length - end, next.length - end + 2)),
  ];
}

function linesOf(text: string | null): string[] {
  return text === null ? [] : text.replace(/\n$/, '').split('\n');
}
