import type { ConfigOf } from '#server/contract/config.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import type { ConfigChanges, People } from '#server/modules/config/changes.ts';
import type { ConfigReader, StoredDocument } from '#server/modules/config/state.ts';
import type { IntentHandlers, IntentOutcome } from '#server/modules/incidents/intents.ts';
import { heldMs } from '#server/modules/oncall/checks.ts';
import { planIn } from '#server/modules/oncall/judge.ts';
import type { Calendars } from '#server/modules/oncall/state.ts';

export interface SwapDeps {
  config: {
    /** Lets one change of the configuration in at a time. */
    lock(tx: Tx): Promise<void>;
    reader: ConfigReader;
    changes: ConfigChanges;
    toPublic(document: StoredDocument<'swap'>, version: number): ConfigOf<'swap'>;
  };
  readPeople(sql: SqlReader | Tx): Promise<People>;
  calendars: Calendars;
}

/** An open swap goes to the first who takes it. What was answered stays answered. */
export function createSwapIntents(deps: SwapDeps): IntentHandlers<'swap.answer'> {
  const { config, readPeople, calendars } = deps;
  return {
    async 'swap.answer'(tx, { actor, intent, at }) {
      const { swapId, accept } = intent.action;
      await config.lock(tx);
      const current = await config.reader.current(tx);
      const swap = current.get('swap', swapId);
      if (swap === null) return rejected('not-found', 'There is no such swap (any more).');
      const { draft } = swap;
      const status = accept ? 'accepted' : 'declined';
      if (draft.fromUserId === actor.userId)
        return rejected('forbidden', 'You asked for this swap yourself. Withdraw it if you do not want it any more.');
      if (draft.toUserId !== null && draft.toUserId !== actor.userId)
        return draft.status === 'accepted'
          ? conflict(swap, 'Somebody else was first: the shift is taken.')
          : rejected('forbidden', 'This swap asks somebody else. Only they can answer it.');
      if (draft.status === status && draft.toUserId === actor.userId)
        return { outcome: 'noop', by: actor.name, at: draft.answeredAt, reason: `You have ${status} it already.` };
      if (draft.status !== 'asked')
        return conflict(swap, `It is ${draft.status} already, so there is nothing to answer.`);
      if (draft.give.endsAt <= at) return rejected('invalid', 'The shift is over, so there is nothing to hand over.');
      if (!accept && draft.toUserId === null)
        return rejected('invalid', 'It is open to everybody, so nobody has to decline it. Leave it to others.');

      const people = await readPeople(tx);
      if (accept) {
        const world = { config: current, calendars, users: people.users };
        const schedule = current.get('schedule', draft.scheduleId);
        if (schedule === null) return rejected('not-found', 'The schedule of this swap does not exist any more.');
        const holds = (userId: string, span: { startsAt: string; endsAt: string }) => {
          const [from, to] = [Date.parse(span.startsAt > at ? span.startsAt : at), Date.parse(span.endsAt)];
          return from < to && heldMs(planIn(world, schedule, from, to).shifts, userId, from, to) > 0;
        };
        const nameOf = (userId: string) => people.users.get(userId)?.name ?? 'who asked';
        if (!holds(draft.fromUserId, draft.give))
          return conflict(
            swap,
            `The shift is no longer that of ${nameOf(draft.fromUserId)}: the schedule was changed.`,
          );
        if (draft.takeBack !== null && !holds(actor.userId, draft.takeBack))
          return conflict(swap, 'You do not have the shift that is asked for in return.');
      }
      const answered = { ...draft, status, toUserId: actor.userId, answeredAt: at } as const;
      const given = { config: current, people, at, by: actor.userId, origin: swap.origin } as const;
      const prepared = await config.changes.prepare(given, [{ kind: 'swap', id: swapId, draft: answered }]);
      const errors = [...prepared.findings.values()].flat().filter((finding) => finding.level === 'error');
      if (errors.length > 0) return rejected('invalid', errors.map((finding) => finding.text).join(' '));
      const after = await config.changes.write(tx, at, actor.userId, prepared);
      return { outcome: 'applied', version: after.get('swap', swapId)?.version ?? null };
    },
  };

  function conflict(swap: StoredDocument<'swap'>, reason: string): IntentOutcome {
    return { outcome: 'conflict', reason, entity: 'swap', current: config.toPublic(swap, swap.version) };
  }
}

function rejected(code: 'forbidden' | 'not-found' | 'invalid', reason: string): IntentOutcome {
  return { outcome: 'rejected', code, reason };
}
