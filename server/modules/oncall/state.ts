import type { Shift } from '#server/contract/schedule.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';

/** What the calendar arithmetic needs of a schedule: a stored one, or a draft that is being edited. */
export type PlannedSchedule = Pick<StoredDocument<'schedule'>, 'id' | 'draft'>;

/** An event of somebody else's calendar. `userId` is null when its summary names nobody who is known. */
export interface CalendarEvent {
  /** Stable across readings: the event's own id and the start of this occurrence. */
  key: string;
  userId: string | null;
  summary: string;
  startsAt: string;
  endsAt: string;
}

/** Everything beside the schedule itself that says who is on call. Plain values: the ledger keeps them. */
export interface ScheduleFacts {
  readonly overrides: readonly StoredDocument<'override'>[];
  readonly timeOffs: readonly StoredDocument<'timeOff'>[];
  readonly swaps: readonly StoredDocument<'swap'>[];
  /** Events of the calendar layers, by layer. */
  readonly calendars: readonly { layerId: string; events: readonly CalendarEvent[] }[];
  /** People of this schedule who are disabled, or whom nobody knows. */
  readonly disabledUserIds: readonly string[];
}

/** A shift with what only the server asks for. */
export interface OnCallShift extends Shift {
  /** Whose turn it is, when somebody stands in for them. */
  standsInFor: string | null;
  /** Which turn of its layer, or which event, it is: the same under every reading of the same schedule. */
  turn: string;
}

/** A shift that nobody has, or somebody who cannot have it. */
export interface EmptyTurn {
  layerId: string;
  layer: string;
  startsAt: string;
  endsAt: string;
  why: 'nobody' | 'disabled' | 'away' | 'unmatched';
  userIds: string[];
  summary: string | null;
}

/** Calendars of others as they were last read. Asking never waits. */
export interface Calendars {
  /** Null: not read yet. */
  read(url: string): { events: readonly CalendarEvent[]; fetchedAt: string | null; error: string | null } | null;
}
