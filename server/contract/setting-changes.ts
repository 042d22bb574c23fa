// Settings that several administrators change: each field knows who set it last, so that nobody undoes another unseen. Pure.
import { z } from 'zod';
import { instantWords } from '#server/contract/instant-words.ts';
import { Id, Instant } from '#server/contract/primitives.ts';

const SettingChange = z.object({ version: z.int(), at: Instant, by: Id });

/** Without those of fields that only a newer server knows, beside which this one may run for a while. */
export function settingChangesOf<N extends string>(names: readonly [N, ...N[]]) {
  return z.preprocess(
    (stored) => {
      const known = Object.entries(stored ?? {}).filter(([name]) => (names as readonly string[]).includes(name));
      return Object.fromEntries(known);
    },
    z.partialRecord(z.enum(names), SettingChange),
  );
}

/** The version of the whole, and which change set each field last. */
export interface Changes<N extends string> {
  version: number;
  changes: Partial<Record<N, z.infer<typeof SettingChange>>>;
}

type Decided<S, N extends string> =
  | { kind: 'changed'; next: S; names: N[] }
  | { kind: 'same' }
  /** Somebody set these since; the newest of their changes. */
  | { kind: 'conflict'; names: N[]; by: string; at: string };

/** By field, as of incidents (decisions/0004). Without a base version nothing is compared. */
export function decideChange<N extends string, S extends Changes<N> & Record<N, unknown>>(
  names: readonly N[],
  before: S,
  change: Partial<Pick<S, N>>,
  { baseVersion, at, by }: { baseVersion: number | null; at: string; by: string },
): Decided<S, N> {
  const wanted = { ...before, ...change };
  const changed = differing(names, before, wanted);
  if (changed.length === 0) return { kind: 'same' };
  const newer = changed.flatMap((name) => {
    const last = before.changes[name];
    return baseVersion !== null && last !== undefined && last.version > baseVersion ? [{ name, ...last }] : [];
  });
  const newest = newer.toSorted((a, b) => b.version - a.version)[0];
  if (newest !== undefined) {
    return { kind: 'conflict', names: newer.map(({ name }) => name), by: newest.by, at: newest.at };
  }
  const version = before.version + 1;
  const marks = Object.fromEntries(changed.map((name) => [name, { version, at, by }]));
  return {
    kind: 'changed',
    next: { ...wanted, version, changes: { ...before.changes, ...marks } },
    names: changed,
  };
}

/** The fields in which two differ. */
export function differing<N extends string>(
  names: readonly N[],
  one: Record<N, unknown>,
  other: Record<N, unknown>,
): N[] {
  return names.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]));
}

/** What others changed since the version that is shown. */
export function changedSince<N extends string>(
  names: readonly N[],
  version: number,
  latest: Changes<N>,
): { name: N; by: string; at: string }[] {
  return names.flatMap((name) => {
    const last = latest.changes[name];
    return last === undefined || last.version <= version ? [] : [{ name, by: last.by, at: last.at }];
  });
}

export function conflictWords(what: readonly string[], at: string, who: string): string {
  return `${who} changed ${what.join(' and ')} at ${instantWords(at)}, after you had opened it. Nothing of yours was saved: look at it as it is now, and change it again.`;
}
