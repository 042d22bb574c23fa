import { expect, it } from 'vitest';
import { createPagingConfig } from '#server/modules/config/paging-config.ts';
import { afterFailure } from '#server/modules/escalation/after-failure.ts';
import type { PagedIncident, PagingWorld } from '#server/modules/escalation/facts.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { noticed } from '#server/modules/escalation/notice.ts';
import { createTrace } from '#server/modules/ledger/trace.ts';
import { addressOf } from '#server/modules/notify/planning/address-of.ts';
import { decisions } from '#server/paging/decisions.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import { people } from '#server/testkit/paging-sim/paging-config.ts';

const now = '2026-11-21T12:00:00.000Z';
const incident = { ...anIncident({ id: testId(1) }), worst: null } as unknown as PagedIncident;
const world: PagingWorld = {
  config: createPagingConfig(1, []),
  people: new Map(people.map((person) => [person.id, person])),
  teams: new Map(),
  silences: [],
  open: [],
  mode: 'live',
  fallbackChannelId: testId(710),
};
let ids = 0;
const newId = () => testId((ids += 1));
const parts = { lookupInput: () => null, addressOf, newId };
function fail(state: EscalationState, decides: boolean) {
  const broken = {
    ...decisions,
    plan: () => {
      throw new Error('no plan today');
    },
  };
  const newTrace = (incidentId: string, at: string) =>
    createTrace({ decisions: decides ? decisions : broken, incidentId, at, newId });
  return afterFailure({ state, incident, world, now, error: new Error('boom'), bare: false }, { newTrace, parts });
}
const first = noticed(null, anIncident({ id: testId(1) }), now).next;

it('goes bare where not even the fallback can be decided: desktops, and the channel by its id', () => {
  const { notifications, entries, next } = fail(first, false);
  expect(notifications.map(({ via, channelId, userId, address }) => [via, channelId, userId, address])).toEqual([
    ['desktop', null, people[0]!.id, people[0]!.id],
    ['webhook', testId(710), null, testId(710)],
  ]);
  // Nothing of the try that failed is left.
  expect(entries.map((entry) => entry.title)).toEqual(['Paging fell back: paging could not be decided: boom']);
  expect(next).toMatchObject({ status: 'waiting', nextAt: '2026-11-21T12:01:00.000Z', changed: false });
});

it('pages once a run, keeps the wish, and looks again each minute', () => {
  const forced = { by: testId(2), byName: 'Bo', at: now, target: null };
  const once = fail({ ...first, forced }, true);
  expect(once.pages[0]).toMatchObject({ userId: people[0]!.id, status: 'open' });
  const again = fail(once.next, true);
  expect([again.pages, again.timeline, again.entries]).toEqual([[], [], []]);
  expect(again.next).toMatchObject({ forced, nextAt: '2026-11-21T12:01:00.000Z' });
});
