// Runs recorded decisions again on what was recorded, and compares bit for bit. Pure but for the documents it loads.
import type { ReplayReport } from '#server/contract/ledger.ts';
import { type DecisionKind, decisionKinds } from '#server/contract/page.ts';
import { canonicalJson } from '#server/modules/ledger/canonical-json.ts';
import type { StoredEntry } from '#server/modules/ledger/store.ts';
import type { DecisionTable } from '#server/modules/ledger/trace.ts';

/** Loads what references name, as it was then; what is not stored is left out. */
export interface DocumentsThen {
  documents(refs: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  lists(refs: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
}

const shownMax = 2_000;
const differencesMax = 100;
const entriesAStretch = 200;

export async function replay(
  entries: readonly StoredEntry[],
  decisions: DecisionTable,
  history: DocumentsThen,
  breathe: () => Promise<void> = async () => {},
): Promise<ReplayReport> {
  const recorded = entries.filter((entry) => isDecision(entry.kind));
  const parsed = recorded.map((entry) => ({ entry, input: JSON.parse(entry.input) as unknown }));
  const refs = { documents: new Set<string>(), lists: new Set<string>() };
  for (const { input } of parsed) collect(input, refs);
  const [documents, lists] = await Promise.all([
    history.documents([...refs.documents]),
    history.lists([...refs.lists]),
  ]);

  const report: ReplayReport = {
    entries: entries.length,
    same: 0,
    observations: entries.length - recorded.length,
    documents: documents.size + lists.size,
    different: [],
    missing: [],
    truncated: false,
  };
  const missing = new Map<string, number[]>();
  for (const [place, { entry, input }] of parsed.entries()) {
    if (place % entriesAStretch === entriesAStretch - 1) await breathe();
    const absent = new Set<string>();
    const whole = restore(input, documents, lists, absent);
    for (const reference of absent) missing.set(reference, [...(missing.get(reference) ?? []), entry.sequence]);
    if (absent.size > 0) continue;
    const got = outcome(decisions, entry.kind as DecisionKind, whole);
    if (got === entry.output) report.same += 1;
    else if (report.different.length < differencesMax)
      report.different.push({
        sequence: entry.sequence,
        kind: entry.kind,
        expected: entry.output.slice(0, shownMax),
        got: got.slice(0, shownMax),
      });
    else report.truncated = true;
  }
  report.missing = [...missing].map(([reference, sequences]) => ({ reference, sequences: sequences.slice(0, 100) }));
  return report;
}

/** What the replay of the next entries found, added to what those before them gave. */
export function addReport(total: ReplayReport, part: ReplayReport): void {
  const room = differencesMax - total.different.length;
  total.entries += part.entries;
  total.same += part.same;
  total.observations += part.observations;
  total.documents += part.documents;
  total.truncated ||= part.truncated || part.different.length > room;
  total.different.push(...part.different.slice(0, room));
  for (const one of part.missing) {
    const known = total.missing.find((other) => other.reference === one.reference);
    if (known === undefined) total.missing.push(one);
    else known.sequences.push(...one.sequences);
  }
}

function outcome(decisions: DecisionTable, kind: DecisionKind, input: unknown): string {
  try {
    return canonicalJson((decisions[kind] as (input: unknown) => unknown)(input));
  } catch (error) {
    return `It failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function isDecision(kind: string): kind is DecisionKind {
  return (decisionKinds as readonly string[]).includes(kind);
}

/** `{"$document": "schedule/…@3"}`: what canonicalJson writes for a document, and for nothing else. */
function referenceIn(value: object, name: '$document' | '$documents'): string | null {
  const reference = (value as Record<string, unknown>)[name];
  return typeof reference === 'string' ? reference : null;
}

function collect(value: unknown, refs: { documents: Set<string>; lists: Set<string> }): void {
  if (typeof value !== 'object' || value === null) return;
  const document = referenceIn(value, '$document');
  const list = referenceIn(value, '$documents');
  if (document !== null) refs.documents.add(document);
  else if (list !== null) refs.lists.add(list);
  else for (const inner of Object.values(value)) collect(inner, refs);
}

function restore(
  value: unknown,
  documents: ReadonlyMap<string, unknown>,
  lists: ReadonlyMap<string, unknown>,
  absent: Set<string>,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => restore(item, documents, lists, absent));
  const document = referenceIn(value, '$document');
  const list = referenceIn(value, '$documents');
  const reference = document ?? list;
  if (reference !== null) {
    const found = (document === null ? lists : documents).get(reference);
    if (found === undefined) absent.add(reference);
    return found;
  }
  // fromEntries, so that a label called `__proto__` stays one.
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.startsWith('$$') ? key.slice(1) : key,
      restore(inner, documents, lists, absent),
    ]),
  );
}
