import type { AlertEvent } from '#server/contract/alert.ts';
import type { WhyRow, WhyStep } from '#server/contract/ledger.ts';
import type { StoredEntry } from '#server/modules/ledger/store.ts';
import { listsIn, parse, textOf } from '#server/modules/ledger/why-people.ts';

type Unplaced = Omit<WhyStep, 'offsetMs'>;

/** What the ledger holds, entry by entry; the rules tried stand in a table under their step. */
export function ledgerSteps(entries: readonly StoredEntry[]): Unplaced[] {
  return entries.map((entry) => ({
    at: entry.at,
    kind: entry.kind,
    tone: toneOf(entry),
    title: entry.title,
    detail: entry.detail,
    rows: rowsOf(entry),
    entryId: entry.id,
  }));
}

/** What happened to the alert itself, before and beside paging. */
export function alertSteps(events: readonly AlertEvent[]): Unplaced[] {
  return events.map((event) => ({
    at: event.at,
    kind: 'alert',
    tone: event.kind === 'suppressed' ? 'held' : event.kind === 'resolved' || event.kind === 'expired' ? 'end' : 'ok',
    title: `The alert ${words[event.kind]}`,
    detail: event.cause,
    rows: [],
    entryId: null,
  }));
}

/** In the order of time, each with its distance from the first. */
export function numbered(steps: readonly Unplaced[]): WhyStep[] {
  const sorted = steps
    .map((step, place) => ({ step, place }))
    .toSorted((a, b) => (a.step.at === b.step.at ? a.place - b.place : a.step.at < b.step.at ? -1 : 1));
  const first = Date.parse(sorted[0]?.step.at ?? '1970-01-01T00:00:00.000Z');
  return sorted.map(({ step }) => ({ ...step, offsetMs: Date.parse(step.at) - first }));
}

export function toneOf(entry: StoredEntry): WhyStep['tone'] {
  if (entry.kind === 'trigger' || entry.kind === 'forced') return 'trigger';
  if (entry.kind === 'acknowledgement') return 'end';
  const output = parse(entry.output);
  if (entry.kind === 'stop') return textOf(output, ['action']) === 'stop' ? 'end' : 'ok';
  if (entry.kind === 'hold') return isSet(output, 'held') ? 'held' : 'ok';
  if (entry.kind === 'limit') return textOf(output, ['action']) === 'wait' ? 'held' : 'ok';
  if (entry.kind === 'attempt') return /"(outcome|result)":"failed"/.test(entry.input) ? 'failed' : 'ok';
  return 'ok';
}

function rowsOf(entry: StoredEntry): WhyRow[] {
  const output = parse(entry.output);
  if (entry.kind === 'route') {
    const [tried = []] = listsIn(output, ['tried']);
    return tried.map((rule, place) => ({
      label: String(place + 1),
      text: textOf(rule, ['condition', 'name']) ?? '',
      result: textOf(rule, ['why', 'result']) ?? '',
      chosen: textOf(rule, ['result']) === 'match',
    }));
  }
  if (entry.kind !== 'lookup' || typeof output !== 'object' || output === null) return [];
  const [rows = []] = listsIn((output as Record<string, unknown>)['explanation'], ['rows']);
  return rows.map((row) => ({
    label: textOf(row, ['type']) ?? '',
    text: textOf(row, ['name']) ?? '',
    result: isSet(row, 'inForce') ? 'in force' : 'not then',
    chosen: isSet(row, 'inForce'),
  }));
}

function isSet(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && (value as Record<string, unknown>)[name] === true;
}

const words: Record<AlertEvent['kind'], string> = {
  fired: 'fired',
  repeated: 'came again',
  'severity-changed': 'changed its severity',
  acknowledged: 'was acknowledged',
  unacknowledged: 'lost its acknowledgement',
  suppressed: 'was silenced',
  unsuppressed: 'was let go by its silence',
  'flapping-started': 'began to flap',
  'flapping-stopped': 'stopped flapping',
  grouped: 'joined an incident',
  ungrouped: 'left its incident',
  resolved: 'resolved',
  expired: 'expired',
  reopened: 'was opened again',
};
