// Buttons, replies, keypresses and signed links: the same intents as every client's, as that person, once a delivery.
import { createHash } from 'node:crypto';
import type { Actor } from '#server/api/context.ts';
import type { Action, IntentResult } from '#server/contract/intent.ts';
import type { User } from '#server/contract/people.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { Intents } from '#server/modules/incidents/intents.ts';
import type { ActFromOutside, OutsideAct } from '#server/modules/notify/inbound/acting.ts';
import type { Clock } from '#server/ports/clock.ts';

export function createActFromOutside(deps: {
  sql: SqlReader;
  people: { read(sql: SqlReader, ids: readonly string[]): Promise<User[]> };
  /** Null when there is none that this reader may see. */
  incident(reader: Actor, incidentId: string): Promise<{ number: number } | null>;
  intents: Pick<Intents, 'submit'>;
  clock: Pick<Clock, 'now'>;
}): ActFromOutside {
  const { sql, people, incident, intents, clock } = deps;

  return async (act) => {
    const [user] = await people.read(sql, [act.userId]);
    if (user === undefined || user.disabled) {
      return { ok: false, text: 'This account is switched off, so nothing was done. Ask an administrator.' };
    }
    const { id: userId, name, role, teamIds } = user;
    const actor: Actor = { userId, name, role, teamIds, sessionId: null, via: act.via };
    const about = await incident(actor, act.incidentId);
    if (about === null) {
      return { ok: false, text: 'There is no such incident, or it is not yours to see. Nothing was done.' };
    }
    if (act.action === 'note' && (act.text ?? '').trim() === '') {
      return { ok: false, text: 'The note was empty, so nothing was written down.' };
    }
    const id = uuidOf(`${act.via} ${act.deliveryId} ${act.action} ${act.incidentId}`);
    const at = new Date(clock.now()).toISOString();
    const action = actionOf(act, uuidOf(`${id} entry`));
    const [result] = await intents.submit(actor, [{ id, at, baseVersion: null, dependsOn: null, action }]);
    return answerOf(act, about.number, result!);
  };
}

function actionOf({ action, incidentId, text }: OutsideAct, entryId: string): Action {
  switch (action) {
    case 'acknowledge':
      return { kind: 'incident.acknowledge', incidentId };
    case 'resolve':
      return { kind: 'incident.resolve', incidentId };
    case 'escalate':
      return { kind: 'escalation.escalate', incidentId, target: null };
    case 'note':
      return { kind: 'incident.note', incidentId, entryId, text: (text ?? '').trim().slice(0, 20_000), at: null };
  }
}

const done: Record<OutsideAct['action'], string> = {
  acknowledge: 'acknowledged. Paging stops.',
  resolve: 'resolved.',
  escalate: 'escalated: the next step is paged now, after the last one the first again.',
  note: 'has your note.',
};

function answerOf(act: OutsideAct, number: number, result: IntentResult): { ok: boolean; text: string } {
  switch (result.outcome) {
    case 'applied':
      return { ok: true, text: `INC-${number} ${done[act.action]}` };
    case 'noop':
      return {
        ok: true,
        text: `INC-${number}: ${result.by === null ? result.reason : `${result.by} did that before you.`}`,
      };
    case 'conflict':
    case 'rejected':
      return { ok: false, text: `INC-${number}: ${result.reason}` };
  }
}

/** Version 8: a UUID made in our own way, so that the same delivery is the same intent. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
