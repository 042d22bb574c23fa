// Where an incident stands in a channel that keeps one thing for it, such as a status page, and who may open that thing.
import type { Transactor } from '#server/database/transaction.ts';
import { channelMessageStore } from '#server/modules/notify/sending/channel-message-store.ts';
import type { SendContext } from '#server/modules/notify/channel-type.ts';

/** `sendId` names the send that asks, so that it may ask again after a failure of its own. */
export type PlaceOf = (
  standing: { incidentId: string; channelId: string },
  sendId: string,
) => NonNullable<SendContext<unknown>['place']>;

/** Longer than any send lasts: whoever comes after it sees what was opened, or that nothing was. */
const openingMs = 30_000;

export function createPlaces(database: Transactor): PlaceOf {
  return (standing, sendId) => ({
    ref: () => database.withTransaction((tx) => channelMessageStore.refOf(tx, standing.incidentId, standing.channelId)),
    claim: (gone) =>
      database.withTransaction((tx) => channelMessageStore.claimOpening(tx, { ...standing, sendId, gone }, openingMs)),
  });
}
