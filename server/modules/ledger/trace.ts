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

/** What a decision answered, and as canonical JSON; several share it, so nobody changes what is in it. */
interface Answer {
  output: unknown;
  text: string;
}
/** By the decision, and by the text of its input. */
type Answers = Map<DecisionKind, Map<string, Answer>>;

/**
 * Traces of one moment share their answers: a thousand incidents that one schedule pages ask it once. That the same input
 * has the same output is what replay rests on.
 */
export function createTraces<D extends DecisionTable>(deps: {
  decisions: D;
  newId: () => string;
}): (incidentId: string, at: string) => Trace<D> {
  let moment = '';
  let answers: Answers = new Map();
  return (incidentId, at) => {
    if (at !== moment) answers = new Map();
    moment = at;
    return createTrace({ ...deps, incidentId, at, answers });
  };
}

/** One trace a incident and turn. */
export function createTrace<D extends DecisionTable>(deps: {
  decisions: D;
  incidentId: string;
  at: string;
  newId: () => string;
  answers?: Answers;
}): Trace<D> {
  const { decisions, incidentId, at, newId, answers = new Map() as Answers } = deps;
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
      const asked = canonicalJson(input);
      const known = answers.get(kind) ?? new Map<string, Answer>();
      answers.set(kind, known);
      let answer = known.get(asked);
      if (answer === undefined) {
        const output = (decisions[kind] as (input: unknown) => unknown)(input);
        answer = { output, text: canonicalJson(output) };
        known.set(asked, answer);
      }
      const output = answer.output as ReturnType<D[typeof kind]>;
      add(kind, asked, answer.text, words(output), about);
      return output;
    },
    observe(kind, facts, words, about = {}) {
      add(kind, canonicalJson(facts), 'null', words, about);
    },
    entries,
  };
}
