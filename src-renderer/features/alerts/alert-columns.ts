// Storage behind the alert index: one small number a fact and row, and the text the filter looks in.
import type { Alert } from '#server/contract/alert.ts';

export interface Columns {
  rank: Uint8Array;
  bits: Uint8Array;
  textMatch: Uint8Array;
  service: Uint32Array;
  source: Uint32Array;
  firstSeen: Float64Array;
  lastSeen: Float64Array;
  words: string[];
  /** Of title and service: alerts with another number look different. */
  kind: Uint32Array;
}

export function createColumns(size: number): Columns {
  return {
    rank: new Uint8Array(size),
    bits: new Uint8Array(size),
    textMatch: new Uint8Array(size),
    service: new Uint32Array(size),
    source: new Uint32Array(size),
    firstSeen: new Float64Array(size),
    lastSeen: new Float64Array(size),
    words: [],
    kind: new Uint32Array(size),
  };
}

export function growColumns(columns: Columns): Columns {
  const next = createColumns(columns.rank.length * 2);
  next.rank.set(columns.rank);
  next.bits.set(columns.bits);
  next.textMatch.set(columns.textMatch);
  next.service.set(columns.service);
  next.source.set(columns.source);
  next.firstSeen.set(columns.firstSeen);
  next.lastSeen.set(columns.lastSeen);
  next.words = columns.words;
  next.kind.set(columns.kind);
  return next;
}

export type Names = ReturnType<typeof createNames>;

export function createNames() {
  const ids = new Map<string, number>();
  const names: string[] = [];
  return {
    idOf(name: string): number {
      const known = ids.get(name);
      if (known !== undefined) return known;
      ids.set(name, names.length);
      names.push(name);
      return names.length - 1;
    },
    size: () => names.length,
    counts(values: Uint32Array): Map<string, number> {
      const result = new Map<string, number>();
      values.forEach((count, id) => {
        if (count > 0) result.set(names[id] as string, count);
      });
      return result;
    },
  };
}

/** What the filter text looks in. Labels stand as `name=value`, so `env=prod` finds what it says. */
export function wordsOf(alert: Alert): string {
  let words = `${alert.title}\n${alert.service ?? ''}\n${alert.source}\n${alert.fingerprint}`;
  for (const [name, value] of Object.entries(alert.labels)) words += `\n${name}=${value}`;
  const summary = alert.annotations['summary'];
  if (summary !== undefined) words += `\n${summary}`;
  return words.toLowerCase();
}

export function sameWords(a: Alert, b: Alert): boolean {
  return (
    a.title === b.title &&
    a.service === b.service &&
    a.annotations['summary'] === b.annotations['summary'] &&
    sameLabels(a.labels, b.labels)
  );
}

function sameLabels(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  if (a === b) return true;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
