import type { AlertEvent } from '#server/contract/alert.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertChange, AlertState, AlertStore, ApplyAlertChanges } from '#server/modules/alerts/state.ts';
import type { GroupingDecision } from '#server/modules/grouping/rules.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';

export interface AlertChanges<T = Tx> {
  /** Writes a decision: incidents first, because alerts point at them. Answers the alerts as they are stored. */
  save(tx: T, at: string, decision: GroupingDecision, events: AlertEvent[]): Promise<AlertState[]>;
  /** Groups and saves, for changes that do not come from a source: people, timers, silences. */
  apply: ApplyAlertChanges<T>;
}

export function createAlertChanges<T = Tx>(deps: {
  alerts: Pick<AlertStore<T>, 'save' | 'saveRepeats' | 'addEvents'>;
  incidents: Pick<IncidentStore<T>, 'nextNumbers' | 'save' | 'addGroups' | 'addTimeline'>;
  plan(tx: T, at: string, changes: AlertChange[]): Promise<GroupingDecision>;
  /** Publishes how many alerts these silences suppress now. */
  recount(tx: T, at: string, silenceIds: string[]): Promise<void>;
}): AlertChanges<T> {
  const { alerts, incidents, plan, recount } = deps;

  const changes: AlertChanges<T> = {
    async save(tx, at, decision, events) {
      const unnumbered = decision.incidents.filter((incident) => incident.number === 0).length;
      const numbers = await incidents.nextNumbers(tx, unnumbered);
      const numbered = decision.incidents.map((incident) =>
        incident.number === 0 ? { ...incident, number: numbers.shift() ?? 0 } : incident,
      );
      const states = decision.changes.map(({ before, after }) => ({ ...after, version: (before?.version ?? 0) + 1 }));
      const repeats = new Set(decision.changes.filter(isMereRepeat).map((change) => change.after.id));
      const changed = states.filter((alert) => !repeats.has(alert.id));
      const repeated = states.filter((alert) => repeats.has(alert.id));
      // In this order on the wire: what is made before what points at it.
      await Promise.all([
        incidents.save(tx, at, numbered),
        incidents.addGroups(tx, decision.aliases),
        incidents.addTimeline(tx, decision.timeline),
        alerts.save(tx, at, changed),
        alerts.saveRepeats(tx, at, repeated),
      ]);
      await Promise.all([
        alerts.addEvents(tx, [...events, ...decision.events]),
        recount(tx, at, decision.changes.flatMap(recounted)),
      ]);
      return states;
    },

    async apply(tx, at, list, events) {
      if (list.length === 0 && events.length === 0) return [];
      return changes.save(tx, at, await plan(tx, at, list), events);
    },
  };
  return changes;
}

const movedByRepeat: ReadonlySet<string> = new Set([
  'version',
  'count',
  'lastSeenAt',
  'endsAt',
  'recent',
] satisfies (keyof AlertState)[]);

/** The most frequent change by far, and the cheapest to store. */
function isMereRepeat({ before, after }: AlertChange): boolean {
  if (before === null) return false;
  for (const field in after) {
    if (before[field as keyof AlertState] !== after[field as keyof AlertState] && !movedByRepeat.has(field))
      return false;
  }
  return true;
}

/** Silences whose number of suppressed alerts a change moved. */
function recounted({ before, after }: AlertChange): string[] {
  const was = before?.status === 'firing' ? before.suppressedBy : null;
  const is = after.status === 'firing' ? after.suppressedBy : null;
  return was === is ? [] : [was, is].filter((id) => id !== null);
}
