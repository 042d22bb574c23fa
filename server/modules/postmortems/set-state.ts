import type { Postmortem, ReviewState } from '#server/contract/postmortem.ts';

export type StateDecision =
  | { outcome: 'noop' }
  | { outcome: 'rejected'; reason: string }
  | { outcome: 'applied'; next: Postmortem; text: string };

const words: Record<ReviewState, (name: string) => string> = {
  draft: (name) => `${name} took the review back to a draft`,
  'in-review': (name) => `${name} gave the review to the others to read`,
  done: (name) => `${name} closed the review`,
};

/** Any state can follow any other: a review that was closed too soon is opened again, and the timeline says by whom. */
export function decideState(
  current: Postmortem | null,
  state: ReviewState,
  facts: { userId: string; name: string; at: string },
): StateDecision {
  if (current === null) {
    return { outcome: 'rejected', reason: 'There is no review yet. Write something in it first.' };
  }
  if ((current.state ?? 'draft') === state) return { outcome: 'noop' };
  const next = { ...current, version: current.version + 1, state, updatedAt: facts.at, updatedBy: facts.userId };
  return { outcome: 'applied', next, text: words[state](facts.name) };
}
