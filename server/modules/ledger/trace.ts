// Decisions write themselves down: what went in, what came out, and the sentence a person reads.
import type { DecisionKind, LedgerEntry, ObservationKind } from '#server/contract/page.ts';
import { canonicalJson } from '#server/modules/ledger/canonical-json.ts';

/** Pure functions by name; `replay` runs them again on what was recorded. */
export type DecisionTable = { [K in DecisionKind]: (input: never) => unknown };

export interface Words {
  title: string;
  detail: string;
}
export interface About {
  pageId?: string;
  userId?: string;
}

/** An entry on its way to the ledger; input and output are canonical JSON texts. */
export interface EntryDraft extends Omit<LedgerEntry, 'sequence' | 'input' | 'output'> {
  input: string;
  output: string;
}

export interface Trace<D extends DecisionTable> {
  /** Runs the decision of that name on the input and writes both down. */
  decide<K extends DecisionKind>(
    kind: K,
    input: Parameters<D[K]>[0],
    words: (output: ReturnType<D[K]>) => Words,
    about?: About,
  ): ReturnType<D[K]>;
  /** Writes down what came from outside: a provider's answer, an acknowledgement. */
  observe(kind: ObservationKind, facts: unknown, words: Words, about?: About): void;
  readonly entries: readonly EntryDraft[];
}

/** One trace a incident and turn. */
export function createTrace<D extends DecisionTable>(deps: {
  decisions: D;
  incidentId: string;
  at: string;
  newId: () => string;
}): Trace<D> {
  const { decisions, incidentId, at, newId } = deps;
  const entries: EntryDraft[] = [];
  const add = (kind: EntryDraft['kind'], input: string, output: string, words: Words, about: About) =>
    entries.push({
      id: newId(),
      at,
      incidentId,
      pageId: about.pageId ?? null,
      userId: about.userId ?? null,
      kind,
      ...words,
      input,
      output,
    });
  return {
    decide(kind, input, words, about = {}) {
      const output = (decisions[kind] as (input: unknown) => ReturnType<D[typeof kind]>)(input);
      add(kind, canonicalJson(input), canonicalJson(output), words(output), about);
      return output;
    },
    observe(kind, facts, words, about = {}) {
      add(kind, canonicalJson(facts), 'null', words, about);
    },
    entries,
  };
}
