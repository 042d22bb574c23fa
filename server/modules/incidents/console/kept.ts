import type { ActingDeps } from '#server/modules/incidents/acting.ts';
import type { AskStore } from '#server/modules/incidents/console/ask-store.ts';
import type { ParticipantStore } from '#server/modules/incidents/console/participant-store.ts';
import type { PollStore } from '#server/modules/incidents/console/poll-store.ts';

/** What restricting and merging an incident need to know of its console. */
export function createKeptInConsole(stores: {
  asks: Pick<AskStore, 'waiting' | 'reissue'>;
  polls: Pick<PollStore, 'reissue'>;
  participants: Pick<ParticipantStore, 'reissue'>;
}): ActingDeps['consoleKept'] {
  const { asks, polls, participants } = stores;
  return {
    waitingAsks: (tx, incidentId) => asks.waiting(tx, incidentId),
    async reissue(tx, at, incidentId, before, after) {
      await asks.reissue(tx, at, incidentId, before, after);
      await polls.reissue(tx, at, incidentId, before, after);
      await participants.reissue(tx, at, incidentId, before, after);
    },
  };
}
