// Whom decisions named and did not page, wherever in their outputs they say so.
import type { StoredEntry } from '#server/modules/ledger/store.ts';

export interface Asked {
  userId: string;
  why: string;
}

/** Somebody a decision was asked for and left out, with its words. */
export function skippedIn(entries: readonly StoredEntry[]): Asked[] {
  const found: Asked[] = [];
  for (const entry of entries) {
    const output = entry.kind === 'recipients' || entry.kind === 'plan' ? parse(entry.output) : null;
    for (const item of listsIn(output, ['notPaged']).flat()) {
      const [userId, why] = [textOf(item, ['id']), textOf(item, ['why'])];
      if (textOf(item, ['type']) === 'user' && userId !== null && why !== null) found.push({ userId, why });
    }
    // Of a plan: the ways of one person that could not be used.
    for (const item of listsIn(output, ['skipped']).flat()) {
      const why = textOf(item, ['text']);
      if (entry.userId !== null && why !== null) found.push({ userId: entry.userId, why });
    }
  }
  return found;
}

/** Targets that led to nobody: "payments-primary: nobody is on call". */
export function emptyTargetsIn(entries: readonly StoredEntry[]): string[] {
  return entries
    .filter((entry) => entry.kind === 'recipients')
    .flatMap((entry) => listsIn(parse(entry.output), ['notPaged']).flat())
    .flatMap((item) => {
      const [name, why] = [textOf(item, ['name']), textOf(item, ['why'])];
      return name === null || why === null ? [] : [`${name}: ${why}`];
    });
}

/** Whom a schedule answered with. */
export function peopleIn(entries: readonly StoredEntry[]): Asked[] {
  return entries
    .filter((entry) => entry.kind === 'lookup')
    .flatMap((entry) =>
      listsIn(parse(entry.output), ['users'])
        .flat()
        .flatMap((item) => {
          const userId = textOf(item, ['userId', 'id']);
          return userId === null
            ? []
            : [{ userId, why: `${entry.title}${entry.detail === '' ? '' : `: ${entry.detail}`}` }];
        }),
    );
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function textOf(value: unknown, names: readonly string[]): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const name of names) {
    const field = (value as Record<string, unknown>)[name];
    if (typeof field === 'string' && field !== '') return field;
  }
  return null;
}

export function listsIn(value: unknown, names: readonly string[]): unknown[][] {
  if (typeof value !== 'object' || value === null) return [];
  return names.map((name) => (value as Record<string, unknown>)[name]).filter((list) => Array.isArray(list));
}
