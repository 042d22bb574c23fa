import type { PagingTrial, TrialPage, TrialSample } from '#server/contract/paging-trial.ts';
import type { PastIncident, TrialOutcome } from '#server/modules/routing/time-machine.ts';

const samplesMax = 50;
const pagesShown = 20;

type Compared = Pick<PagingTrial, 'pagesBefore' | 'pagesAfter' | 'added' | 'removed' | 'missed' | 'people' | 'samples'>;

/** What differs between two replays of the same incidents. */
export function compareTrials(
  incidents: readonly PastIncident[],
  before: ReadonlyMap<string, TrialOutcome>,
  after: ReadonlyMap<string, TrialOutcome>,
): Compared {
  const people = new Map<string, { before: number; after: number }>();
  const count = (pages: readonly TrialPage[], side: 'before' | 'after') => {
    for (const { userId } of pages) {
      if (userId === null) continue;
      const known = people.get(userId) ?? { before: 0, after: 0 };
      known[side] += 1;
      people.set(userId, known);
    }
  };
  const result = { pagesBefore: 0, pagesAfter: 0, added: 0, removed: 0, missed: 0 };
  const different: { incident: PastIncident; was: TrialOutcome; would: TrialOutcome; missed: boolean }[] = [];
  for (const incident of incidents) {
    const [was, would] = [before.get(incident.id) ?? none, after.get(incident.id) ?? none];
    result.pagesBefore += was.pages.length;
    result.pagesAfter += would.pages.length;
    count(was.pages, 'before');
    count(would.pages, 'after');
    if (isSame(was.pages, would.pages)) continue;
    result.added += surplus(would.pages, was.pages);
    result.removed += surplus(was.pages, would.pages);
    const missed = pagesSomebody(was.pages) && !pagesSomebody(would.pages);
    if (missed) result.missed += 1;
    different.push({ incident, was, would, missed });
  }
  return {
    ...result,
    people: [...people]
      .map(([userId, counts]) => ({ userId, ...counts }))
      .toSorted(
        (a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.userId < b.userId ? -1 : 1),
      ),
    samples: different
      .toReversed()
      .toSorted((a, b) => Number(b.missed) - Number(a.missed))
      .slice(0, samplesMax)
      .map(({ incident, was, would }) => sampleOf(incident, was, would)),
  };
}

export function sampleOf(incident: PastIncident, was: TrialOutcome, would: TrialOutcome): TrialSample {
  return {
    incidentId: incident.id,
    number: incident.number,
    title: incident.title,
    severity: incident.severity,
    startedAt: incident.startedAt,
    before: was.pages.slice(0, pagesShown),
    after: would.pages.slice(0, pagesShown),
    reasonBefore: was.reason,
    reasonAfter: would.reason,
  };
}

/** The same people and channels at the same times; which step named them does not matter. */
export function isSame(a: readonly TrialPage[], b: readonly TrialPage[]): boolean {
  return a.length === b.length && a.every((page, place) => page.at === b[place]?.at && whom(page) === whom(b[place]));
}

const none: TrialOutcome = { pages: [], reason: 'not replayed' };

function pagesSomebody(pages: readonly TrialPage[]): boolean {
  return pages.some((page) => page.userId !== null);
}

/** Pages of `a` beyond those that `b` has for the same one. */
function surplus(a: readonly TrialPage[], b: readonly TrialPage[]): number {
  const left = new Map<string, number>();
  for (const page of b) left.set(whom(page), (left.get(whom(page)) ?? 0) + 1);
  let more = 0;
  for (const page of a) {
    const count = left.get(whom(page)) ?? 0;
    if (count === 0) more += 1;
    else left.set(whom(page), count - 1);
  }
  return more;
}

function whom(page: TrialPage): string {
  return page.userId ?? page.channelId ?? '';
}
