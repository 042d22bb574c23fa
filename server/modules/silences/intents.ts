import { compileCondition } from '#server/expressions/cel.ts';
import type { IntentHandlers } from '#server/modules/incidents/intents.ts';
import { endOf } from '#server/modules/silences/rules.ts';
import type { SilenceState, SilenceStore } from '#server/modules/silences/state.ts';

/** Marking and letting go of alerts is the timers' work, a moment later; what fires from here on is marked at once. */
export function createSilenceIntents({
  silences,
}: {
  silences: SilenceStore;
}): IntentHandlers<'silence.save' | 'silence.end'> {
  return {
    async 'silence.save'(tx, { actor, intent, at }) {
      const { silenceId, silenceKind, matcher, startsAt, endsAt, reason } = intent.action;
      const compiled = compileCondition(matcher);
      if (!compiled.ok) return invalid(`The matcher cannot be used: ${compiled.reason}`);
      if (endsAt <= startsAt) return invalid('The end must come after the start.');
      if (endsAt <= at) return invalid('The end has passed already. Choose a later one.');
      await silences.gate(tx, 'alone');
      const known = await silences.lockById(tx, silenceId);
      if (known !== null && (known.finished || endOf(known) <= at))
        return invalid('This silence is over. Make a new one.');
      if (known !== null && known.startsAt <= at && startsAt > at) {
        return invalid('It runs already, so its start cannot move to later. End it, and make a new one for later.');
      }
      const given = { kind: silenceKind, matcher, startsAt, endsAt, reason };
      // Not started: the alerts that fire already are looked through, again after a change.
      const next: SilenceState =
        known === null
          ? {
              id: silenceId,
              version: 1,
              ...given,
              createdBy: actor.userId,
              createdAt: at,
              endedAt: null,
              started: false,
              finished: false,
            }
          : { ...known, ...given, version: known.version + 1, started: false };
      await silences.save(tx, at, [next]);
      return { outcome: 'applied', version: next.version };
    },

    async 'silence.end'(tx, { intent, at }) {
      await silences.gate(tx, 'alone');
      const known = await silences.lockById(tx, intent.action.silenceId);
      if (known === null) return { outcome: 'rejected', code: 'not-found', reason: 'There is no such silence.' };
      if (known.finished || endOf(known) <= at) {
        return { outcome: 'noop', by: null, at: endOf(known), reason: 'It is over already.' };
      }
      const next = { ...known, endedAt: at, version: known.version + 1 };
      await silences.save(tx, at, [next]);
      return { outcome: 'applied', version: next.version };
    },
  };
}

function invalid(reason: string) {
  return { outcome: 'rejected', code: 'invalid', reason } as const;
}
