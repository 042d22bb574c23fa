// What a new center begins with: whoever set it up is paged, so that no alert of the first hour goes unseen.
import type { DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import { firstState } from '#server/modules/config/paging-config.ts';
import { configStore, type ConfigWrite } from '#server/modules/config/store.ts';

/**
 * Makes the route that takes what no other takes, if there is none. With `firstPerson` it comes with a policy that pages
 * that person until somebody acknowledges; without, it pages nobody and says so.
 */
export async function ensureBuiltInRoute(
  tx: Tx,
  given: { reader: ConfigReader; newId: () => string; at: string; firstPerson: string | null },
): Promise<void> {
  await configStore.lock(tx);
  const config = await given.reader.current(tx);
  const routes = config.list('route').items;
  // The one that is there may not be readable now: what no route takes is the administrators' then.
  const hidden = config.unreadable?.some((document) => document.kind === 'route') === true;
  if (hidden || routes.some((route) => route.state.builtIn)) return;
  const writes: ConfigWrite[] = [];
  let policyId: string | null = null;
  if (given.firstPerson !== null && config.list('policy').items.length === 0) {
    policyId = given.newId();
    writes.push({
      ...written,
      kind: 'policy',
      id: policyId,
      draft: firstPolicy(given.firstPerson, given.newId()),
      state: {},
    });
  }
  const draft: DraftOf<'route'> = {
    name: 'Everything else',
    enabled: true,
    condition: 'true',
    policyId,
    priority: 'by-severity',
    channelIds: [],
    service: '',
    holdSeconds: 0,
  };
  writes.push({
    ...written,
    kind: 'route',
    id: given.newId(),
    draft,
    state: { ...firstState('route'), position: routes.length, builtIn: true },
    findings: policyId === null ? [pagesNobody] : [],
  });
  await configStore.write(tx, given.at, { save: writes });
}

const written = { findings: [] as Finding[], origin: 'ui', by: null } as const;

const pagesNobody: Finding = {
  level: 'warning',
  code: 'catch-all-pages-nobody',
  text: 'Nobody is paged by the catch-all: an incident that no other route takes stays unseen. Choose a policy.',
  from: null,
  to: null,
};

function firstPolicy(userId: string, stepId: string): DraftOf<'policy'> {
  return {
    name: 'First responder',
    description: 'Made at the first start, so that somebody is paged. Change it, or route to a policy of your own.',
    teamId: null,
    steps: [
      {
        id: stepId,
        targets: [{ type: 'user', id: userId }],
        roundRobin: false,
        delayMinutes: 5,
        when: { severities: [], hours: 'any' },
        priority: 'by-route',
      },
    ],
    repeat: 3,
    acknowledgementsNeeded: 1,
    pageAgain: 'severity-rises',
    workingHours: null,
  };
}
