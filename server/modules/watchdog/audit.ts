// What the auditor makes of what it sees. Pure. docs/watchdog.md says the times in words.

export const auditTimes = {
  /** Between two looks. */
  lookEveryMs: 15_000,
  /** What was due so long ago and is not done is overdue (R3 allows 2 s). */
  overdueMs: 30_000,
  /** The main thread has not moved for so long. */
  stallMs: 20_000,
  /** While a stall lasts, the fallback is told again so often. */
  againMs: 600_000,
} as const;
export type AuditTimes = { [K in keyof typeof auditTimes]: number };

/** What the database has to say. */
export interface Due {
  steps: number;
  notifications: number;
  claims: number;
  monitors: number;
  oldestDue: string | null;
  /** Age of the oldest accepted record that the pipeline has not read. */
  unreadMs: number;
  /** Channels that send as fast as their kind allows, with what waits longer than it should. */
  queues: { name: string; kind: string | null; waiting: number }[];
  /** Incidents whose change paging has yet to look at, with the version that it saw last. */
  changed: { id: string; seen: number }[];
  /** Dead letters that nobody has replayed or discarded. */
  deadLetters: number;
}

/** Since when paging has not looked at a change, in ms of the auditor's clock. */
export type Unseen = ReadonlyMap<string, { seen: number; since: number }>;

/**
 * A change has no due time: it is overdue when paging has looked at nothing of its incident for so long. In a storm an
 * incident can be marked as changed at every look, and be looked at between them all the same.
 */
export function unseenChanges(before: Unseen, changed: Due['changed'], nowMs: number): Unseen {
  return new Map(
    changed.map(({ id, seen }) => {
      const known = before.get(id);
      return [id, known?.seen === seen ? known : { seen, since: nowMs }];
    }),
  );
}

/** A long queue is no stall: its channel sends as fast as it may, and people's next ways start meanwhile. */
export function queuesInWords(queues: Due['queues'], perSecond: (kind: string) => number | null): string[] {
  return queues.map(({ name, kind, waiting }) => {
    const pace = kind === null ? null : perSecond(kind);
    const wait = waiting === 1 ? 'One message waits' : `${waiting} messages wait`;
    return `${wait} for the channel ${name}${pace === null ? '' : `, which takes ${pace} a second`}`;
  });
}

/** Paging moves, and what these asked for never came to it: a fault of its own, apart from a stall. */
export function parkedInWords(deadLetters: number): string | null {
  if (deadLetters === 0) return null;
  return deadLetters === 1
    ? 'One accepted record could not be processed and was put aside as a dead letter: if it was an alert, it has paged nobody'
    : `${deadLetters} accepted records could not be processed and were put aside as dead letters: alerts among them have paged nobody`;
}

export interface AuditFacts {
  /** Null: the database gave no answer. */
  due: (Omit<Due, 'queues' | 'changed' | 'deadLetters'> & { unseen: number }) | null;
  databaseError: string;
  /** Since the main thread last moved, by a clock that does not count the machine's sleep. */
  mainSilentMs: number;
}

/** What is wrong, in words. Overdue is counted by the store, with `overdueMs`. */
export function faultsOf(facts: AuditFacts, times: AuditTimes): string[] {
  const faults: string[] = [];
  const { due, mainSilentMs } = facts;
  if (mainSilentMs > times.stallMs) faults.push(`the server has not moved for ${Math.round(mainSilentMs / 1_000)} s`);
  if (due === null) return [...faults, `the database does not answer the auditor: ${facts.databaseError}`];
  const overdue = (count: number, one: string, many: string) => {
    if (count > 0) faults.push(`${count === 1 ? `one ${one} is` : `${count} ${many} are`} overdue`);
  };
  overdue(due.steps, 'escalation step', 'escalation steps');
  overdue(due.unseen, 'change of an incident', 'changes of incidents');
  overdue(due.notifications, 'notification', 'notifications');
  overdue(due.claims, 'notification that a server took to send', 'notifications that a server took to send');
  overdue(due.monitors, 'heartbeat check', 'heartbeat checks');
  if (due.unreadMs > times.overdueMs)
    faults.push(`accepted alerts have waited ${Math.round(due.unreadMs / 1_000)} s to be processed`);
  return faults;
}

export interface AlarmState {
  /** Looks in a row that found something. */
  bad: number;
  /** Milliseconds on the auditor's clock at which the fallback was last told; null while nothing is wrong. */
  toldAt: number | null;
}

export type Alarm = 'tell' | 'all-clear' | null;

/**
 * A fault is told when two looks in a row saw one: after a sleep or a restart everything is overdue for a moment, and
 * is caught up with within seconds.
 */
export function decideAlarm(
  state: AlarmState,
  faults: readonly string[],
  nowMs: number,
  times: AuditTimes,
): { state: AlarmState; alarm: Alarm } {
  if (faults.length === 0)
    return { state: { bad: 0, toldAt: null }, alarm: state.toldAt === null ? null : 'all-clear' };
  const bad = state.bad + 1;
  const again = state.toldAt !== null && nowMs - state.toldAt >= times.againMs;
  if (bad >= 2 && (state.toldAt === null || again)) return { state: { bad, toldAt: nowMs }, alarm: 'tell' };
  return { state: { ...state, bad }, alarm: null };
}
