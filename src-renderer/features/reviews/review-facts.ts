// What is left to do after incidents: reviews to write, read and close, follow-ups to finish. Pure.
import type { Incident } from '#server/contract/incident.ts';
import type { FollowUp, Postmortem, ReviewItem, ReviewState } from '#server/contract/postmortem.ts';
import { t } from '../../language/words.ts';

export type ReviewOf = Omit<ReviewItem, 'review'> & {
  /** Null while none was begun. */
  review: Postmortem | null;
};

export interface OpenFollowUp {
  followUp: FollowUp;
  incident: ReviewItem['incident'];
  overdue: boolean;
}

export const reviewStateWords: Readonly<Record<ReviewState, string>> = {
  draft: t`Draft`,
  'in-review': t`In review`,
  done: t`Done`,
};

export function stateOf(review: Pick<Postmortem, 'state'> | null): ReviewState {
  return review?.state ?? 'draft';
}

/** Closed incidents, and open ones whose review was begun; what this machine holds is newer than what was asked. */
export function reviewsOf(
  incidents: Iterable<Incident>,
  reviews: Iterable<Postmortem>,
  asked: readonly ReviewItem[],
): ReviewOf[] {
  const byIncident = new Map<string, Postmortem>();
  for (const review of reviews) byIncident.set(review.incidentId, review);
  const found = new Map<string, ReviewOf>();
  for (const { incident, review } of asked) {
    const held = byIncident.get(incident.id);
    found.set(incident.id, { incident, review: held !== undefined && held.version > review.version ? held : review });
  }
  for (const incident of incidents) {
    const review = byIncident.get(incident.id) ?? null;
    if (incident.mergedInto !== null || (incident.status !== 'resolved' && review === null)) found.delete(incident.id);
    else found.set(incident.id, { incident, review });
  }
  return [...found.values()].toSorted((a, b) => compare(endOf(b), endOf(a)) || compare(b.incident.id, a.incident.id));
}

/** Overdue ones first, then by the day they are due; without a day last. */
export function openFollowUps(rows: readonly ReviewOf[], nowMs: number): OpenFollowUp[] {
  return rows
    .flatMap(({ incident, review }) =>
      (review?.followUps ?? [])
        .filter((followUp) => followUp.doneAt === null)
        .map((followUp) => ({ followUp, incident, overdue: isOverdue(followUp, nowMs) })),
    )
    .toSorted((a, b) => compare(a.followUp.dueAt ?? '9', b.followUp.dueAt ?? '9'));
}

export function isOverdue({ dueAt, doneAt }: Pick<FollowUp, 'dueAt' | 'doneAt'>, nowMs: number): boolean {
  return doneAt === null && dueAt !== null && Date.parse(dueAt) < nowMs;
}

export function followUpCounts(review: Postmortem | null, nowMs: number) {
  const all = review?.followUps ?? [];
  return {
    all: all.length,
    done: all.filter(({ doneAt }) => doneAt !== null).length,
    overdue: all.filter((followUp) => isOverdue(followUp, nowMs)).length,
  };
}

function endOf({ incident }: ReviewOf): string {
  return incident.resolvedAt ?? incident.startedAt;
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
