// What the pure rules of incidents take and answer.
import type { Actor } from '#server/api/context.ts';
import type { GuardedField, TimelineEntry, TimelineKind } from '#server/contract/incident.ts';
import type { Person } from '#server/modules/incidents/people.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

/** Everything a decision depends on beside the state itself. */
export interface Facts {
  actor: Pick<Actor, 'userId' | 'name' | 'role' | 'teamIds'>;
  /** Now, by the server. */
  at: string;
  /** When the person acted; never later than `at`. */
  actedAt: string;
  /** Version on the person's screen; null skips the check for conflicts. */
  baseVersion: number | null;
  person(userId: string): Person | null;
  /** Who made the newest entry of a kind, and when. */
  lastChange(kind: TimelineKind): { actor: string; at: string } | null;
}

/** A timeline entry before it has its id; what is not said is the acting person's, at the time he acted. */
export type EntryDraft = Pick<TimelineEntry, 'kind' | 'text'> &
  Partial<Pick<TimelineEntry, 'id' | 'at' | 'detail' | 'incidentId' | 'data'>>;

export interface Applied<S> {
  outcome: 'applied';
  next: S;
  entries: EntryDraft[];
}
/** Already so. */
export interface Noop {
  outcome: 'noop';
  by: string | null;
  at: string | null;
  reason: string;
}
/** Somebody changed the same thing. The attempt goes on the timeline too. */
export interface Conflict {
  outcome: 'conflict';
  reason: string;
  entries: EntryDraft[];
}
export interface Rejected {
  outcome: 'rejected';
  code: 'forbidden' | 'not-found' | 'invalid';
  reason: string;
}
export type Decision<S> = Applied<S> | Noop | Conflict | Rejected;

export function applied<S>(next: S, ...entries: EntryDraft[]): Applied<S> {
  return { outcome: 'applied', next, entries };
}

export function noop(reason: string, last: { actor: string | null; at: string | null } | null = null): Noop {
  return { outcome: 'noop', by: last?.actor ?? null, at: last?.at ?? null, reason };
}

/** `attempt` begins with the person's name; `kept` says what stays as it is. */
export function conflict(attempt: string, kept: string): Conflict {
  return {
    outcome: 'conflict',
    reason: capitalised(kept),
    entries: [{ kind: 'conflict', text: `${attempt}; ${kept}` }],
  };
}

export function invalid(reason: string): Rejected {
  return { outcome: 'rejected', code: 'invalid', reason };
}

export function forbidden(reason: string): Rejected {
  return { outcome: 'rejected', code: 'forbidden', reason };
}

export function notFound(reason: string): Rejected {
  return { outcome: 'rejected', code: 'not-found', reason };
}

/** The next version of an incident, remembering which guarded fields it changed. */
export function changed(
  incident: IncidentState,
  patch: Partial<IncidentState>,
  ...fields: GuardedField[]
): IncidentState {
  const version = incident.version + 1;
  const touched = Object.fromEntries(fields.map((field) => [field, version]));
  return { ...incident, ...patch, version, fieldVersions: { ...incident.fieldVersions, ...touched } };
}

/** True when the field changed after the version that the person saw. */
export function isStale(
  state: { fieldVersions: Record<string, number> },
  field: string,
  { baseVersion }: Pick<Facts, 'baseVersion'>,
): boolean {
  return baseVersion !== null && (state.fieldVersions[field] ?? 0) > baseVersion;
}

export function nameOf(facts: Pick<Facts, 'person'>, userId: string | null): string {
  if (userId === null) return 'nobody';
  return facts.person(userId)?.name ?? 'somebody who has left';
}

export function latest(...instants: (string | null)[]): string {
  return instants.reduce<string>((last, instant) => (instant !== null && instant > last ? instant : last), '');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
