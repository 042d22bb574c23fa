// Do-not-disturb while pages stand: ended early it gives them back, and nobody waits for people whom it holds.
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { Priority } from '#server/contract/policy.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AfterSave, PagingConfig } from '#server/modules/config/state.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { Trace, Words } from '#server/modules/ledger/trace.ts';
import { holdOf } from '#server/modules/notify/planning/decide-plan.ts';
import { type HeldPerson, holdStore } from '#server/modules/notify/holding/hold-store.ts';
import type { Step } from '#server/modules/notify/settling/settle.ts';
import { publishPages } from '#server/modules/notify/store.ts';
import type { Random } from '#server/ports/random.ts';

const priorities: readonly Priority[] = ['important', 'default'];

/** Pages that were held until its end are held until its new end, or go out now when there is none any more. */
export function createReplanHeld(deps: {
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  ledger: LedgerStore;
}): AfterSave<'responder'> {
  return async (tx, at, { before, after }) => {
    if (before === null) return;
    for (const priority of priorities) {
      const held = holdOf(before.draft.doNotDisturb, priority, at);
      const still = after === null ? null : holdOf(after.draft.doNotDisturb, priority, at);
      if (held === null || held === still) continue;
      const userId = before.id;
      const moved = await holdStore.moveHeld(tx, { userId, priority, until: held }, still ?? at);
      const entries = moved.flatMap(({ pageId, incidentId }) => {
        const trace = deps.newTrace(incidentId, at);
        const facts = { priority, before: held, after: still, profileDeleted: after === null };
        trace.observe('trigger', facts, replannedWords(held, still, after === null), { pageId, userId });
        return trace.entries;
      });
      await deps.ledger.append(tx, entries);
      await publishPages(
        tx,
        at,
        moved.map(({ pageId }) => pageId),
      );
    }
  };
}

function replannedWords(held: string, still: string | null, profileDeleted: boolean): Words {
  if (still !== null)
    return { title: `Do-not-disturb was changed: it is held until ${still}`, detail: `before: ${held}` };
  const why = profileDeleted ? 'The profile was deleted' : 'Do-not-disturb was ended';
  return { title: `${why}: what it held goes out now`, detail: `it was held until ${held}` };
}

/** A step of which everybody is held counts as one that reached nobody: the next one is due now. */
export function createHeldSteps(deps: {
  /** Brings the next step forward; false when paging has gone on already. */
  stepHeld(tx: Tx, at: string, step: Step): Promise<boolean>;
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  ledger: LedgerStore;
  incidents: { addTimeline(tx: Tx, entries: TimelineEntry[]): Promise<void> };
  random: Pick<Random, 'uuid'>;
}): (tx: Tx, at: string, config: PagingConfig) => Promise<number> {
  return async (tx, at, config) => {
    const held = config.list('responder').items.flatMap(({ id, draft }): HeldPerson[] =>
      priorities.flatMap((priority) => {
        const until = holdOf(draft.doNotDisturb, priority, at);
        return until === null ? [] : [{ userId: id, priority, until }];
      }),
    );
    if (held.length === 0) return 0;
    let count = 0;
    for (const step of await holdStore.stepsHeld(tx, at, held)) {
      if (!(await deps.stepHeld(tx, at, step))) continue;
      count += 1;
      const title = `Do-not-disturb holds everybody of step ${step.step + 1}`;
      const detail = 'The next step is due now.';
      const trace = deps.newTrace(step.incidentId, at);
      trace.observe('trigger', { ...step }, { title, detail });
      await deps.ledger.append(tx, trace.entries);
      await deps.incidents.addTimeline(tx, [
        {
          id: deps.random.uuid(),
          version: 1,
          incidentId: step.incidentId,
          at,
          recordedAt: at,
          kind: 'page',
          source: 'system',
          actorId: null,
          actor: 'Tocsin',
          text: title,
          detail,
          alertId: null,
          starred: false,
        },
      ]);
    }
    return count;
  };
}
