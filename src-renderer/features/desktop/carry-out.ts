// Does what was pressed outside of the window, and tells what came of it where it was pressed.
import type { Answer, Bridge } from '../../../src-main/bridge.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { Action } from '#server/contract/intent.ts';
import type { Submitted } from '../../replica/outbox/outbox-runner.ts';
import { type AnswerPlan, type Came, outcomeOf } from './desktop-facts.ts';

/** A person looks at a notification this long before they want to know. */
const waitMs = 5_000;

/** Over when something was told; where the server answers later than that, its word follows. */
export async function carryOut(
  answer: Answer,
  incident: Incident | undefined,
  plan: AnswerPlan,
  deps: {
    submit: (action: Action) => Promise<Submitted>;
    notify: Bridge['notify'];
    after: (ms: number, callback: () => void) => () => void;
  },
): Promise<void> {
  const tell = async (came: Came): Promise<void> => {
    await deps.notify(outcomeOf(answer, incident, came)).catch(() => undefined);
  };
  if (plan.do === 'show') return tell({ outcome: 'not-done', reason: plan.why });
  const submitted = await deps.submit(plan.action);
  if (!submitted.ok) return tell({ outcome: 'refused', reason: submitted.reason });
  const tooLong = new Promise<null>((resolve) => void deps.after(waitMs, () => resolve(null)));
  const soon = await Promise.race([submitted.settled, tooLong]);
  await tell(soon);
  // Null once more: this page ends.
  if (soon === null) void submitted.settled.then((came) => (came === null ? undefined : tell(came)));
}
