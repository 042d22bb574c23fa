// Who was reachable when a page was planned may not be when it goes out: accounts are closed, numbers change hands.
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigReader, StoredDocument } from '#server/modules/config/state.ts';
import type { Claim } from '#server/modules/notify/claiming/claims.ts';
import { digestStore } from '#server/modules/notify/messages/digest-store.ts';
import type { NotificationState } from '#server/modules/notify/state.ts';

/** By the id of a notification, in words: why it must not go where it was planned to. */
export async function unreachable(
  tx: Tx,
  config: ConfigReader<Tx>,
  claims: readonly Claim[],
): Promise<Map<string, string>> {
  const toPeople = claims.flatMap(({ lead, members }) => [lead, ...members]).filter((one) => one.userId !== null);
  if (toPeople.length === 0) return new Map();
  const [people, current] = await Promise.all([
    digestStore.people(tx, [...new Set(toPeople.map((one) => one.userId!))]),
    config.current(tx),
  ]);
  return new Map(
    toPeople.flatMap((one) => {
      const person = people.get(one.userId!);
      const reason = faultOf(one, person ?? null, current.get('responder', one.userId!));
      return reason === null ? [] : [[one.id, reason] as const];
    }),
  );
}

export function faultOf(
  { via, methodId, address }: Pick<NotificationState, 'via' | 'methodId' | 'address'>,
  person: { disabled: boolean } | null,
  responder: StoredDocument<'responder'> | null,
): string | null {
  if (person === null) return 'this person has left';
  if (person.disabled) return 'the account of this person was switched off';
  if (via === 'desktop') return null;
  const method = responder?.draft.contactMethods.find((one) => one.id === methodId);
  if (responder === null || method === undefined || method.kind !== via) {
    return 'the person took this contact method away after the page was planned';
  }
  if (!method.enabled) return 'the person switched this contact method off after the page was planned';
  if (method.address !== address) return 'the person changed this address after the page was planned';
  if (responder.state.verified[method.id]?.address !== address) return 'this address is no longer verified';
  return null;
}

export interface Split {
  /** Can go, without what can not. */
  whole: Claim[];
  faulty: { claim: Claim; reason: string }[];
  /** Told together with one that can not go: due again by themselves. */
  back: Claim[];
}

/** Each notification that cannot go becomes a claim of its own, so that it fails alone. */
export function split(claims: readonly Claim[], faults: ReadonlyMap<string, string>): Split {
  const result: Split = { whole: [], faulty: [], back: [] };
  for (const claim of claims) {
    const parts = [claim.lead, ...claim.members];
    const healthy = parts.filter((one) => !faults.has(one.id));
    for (const one of parts) {
      const reason = faults.get(one.id);
      if (reason !== undefined) result.faulty.push({ claim: part(claim, one, []), reason });
    }
    const [first, ...others] = healthy;
    if (first === undefined) continue;
    if (first === claim.lead)
      result.whole.push(others.length === claim.members.length ? claim : part(claim, first, others));
    else result.back.push(part(claim, first, others));
  }
  return result;
}

function part(claim: Claim, lead: NotificationState, members: NotificationState[]): Claim {
  const ids = new Set([lead.id, ...members.map((member) => member.id)]);
  return { ...claim, lead, members, tokens: claim.tokens.filter((token) => ids.has(token.id)) };
}
