// One try of one message, from the claim to the provider's answer.
import { desktop } from '#server/modules/notify/channels/desktop.ts';
import type { SendResult } from '#server/modules/notify/channel-type.ts';
import type { Claim } from '#server/modules/notify/claiming/claims.ts';
import type { Fault, Prepared } from '#server/modules/notify/messages/compose.ts';
import { type LastLook, type Moment, momentOf, msSince } from '#server/modules/notify/claiming/last-look.ts';
import { formsOf, masked } from '#server/modules/notify/messages/masked.ts';
import type { PlaceOf } from '#server/modules/notify/sending/place.ts';
import type { Sent } from '#server/modules/notify/sending/results.ts';
import { failed, timedSend } from '#server/modules/notify/sending/timed-send.ts';
import type { Clock } from '#server/ports/clock.ts';

/** A page must not leave later than 1 s after an acknowledgement: what was claimed longer ago is claimed again. */
const oldestClaimMs = 700;

/**
 * Null: it was claimed too long ago to be sent, or was ended while its connection was made.
 */
export async function attempt(
  clock: Clock,
  claim: Claim,
  prepared: Prepared | Fault | undefined,
  claimedAt: Moment,
  ended: AbortSignal,
  stands: LastLook['stands'],
  placeOf: PlaceOf,
): Promise<Sent | null> {
  const { lead } = claim;
  if (prepared !== undefined && 'fault' in prepared) return notSent(claim, prepared.fault, prepared.permanent);
  if (lead.via === 'desktop') return notSent(claim, desktop.notConnected, false);
  if (prepared === undefined) return notSent(claim, 'the message could not be made', false);
  const { type, context, message } = prepared;
  const began = clock.monotonic();
  if (msSince(claimedAt, clock) > oldestClaimMs) return null;
  let current = claimedAt;
  let withdrawn = false;
  const beforeWrite = async () => {
    if (msSince(current, clock) <= oldestClaimMs) return true;
    const asked = momentOf(clock);
    const goesOn = (await stands(claim)) && msSince(asked, clock) <= oldestClaimMs;
    if (goesOn) current = asked;
    else withdrawn = true;
    return goesOn;
  };
  const { id, channelId, incidentId } = lead;
  const publishes = type.publish !== undefined && channelId !== null;
  const place = publishes ? { place: placeOf({ incidentId, channelId }, id) } : {};
  const result = await timedSend(
    clock,
    (signal, taken) => type.send({ ...context, signal, beforeWrite, taken, ...place }, message),
    ended,
  );
  // Given back: nothing left, so nothing failed either.
  if (withdrawn && result.outcome === 'failed') return null;
  const hidden = [...Object.values(context.secrets), ...(lead.userId === null ? [] : formsOf(lead.address))];
  return { claim, prepared, result: clean(result, hidden), elapsedMs: Math.round(clock.monotonic() - began) };
}

function notSent(claim: Claim, reason: string, permanent: boolean): Sent {
  return { claim, prepared: null, result: { ...failed(reason), permanent }, elapsedMs: 0 };
}

function clean(result: SendResult, hidden: readonly string[]): SendResult {
  const response = masked(result.response, hidden);
  return result.outcome === 'accepted'
    ? { ...result, response }
    : { ...result, response, reason: masked(result.reason, hidden) };
}
