// When a turn of an incident cannot be decided: whoever can help is paged all the same, and it is tried again.
import { StorableText } from '#server/contract/primitives.ts';
import { severityRank } from '#server/contract/severity.ts';
import type { PagedIncident, PagingWorld } from '#server/modules/escalation/facts.ts';
import { fallBack } from '#server/modules/escalation/fallback.ts';
import { isRunning } from '#server/modules/escalation/notice.ts';
import type { FiringStep, Turning, TurnParts } from '#server/modules/escalation/paging-step.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import type { TurnResult } from '#server/modules/escalation/turn.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { EntryDraft, Trace } from '#server/modules/ledger/trace.ts';

const retryMs = 60_000;

export interface FailedTurn {
  state: EscalationState;
  incident: PagedIncident;
  world: PagingWorld;
  now: string;
  error: unknown;
  /** Asks no decision at all: what was decided for the fallback could not be written either. */
  bare: boolean;
}

/**
 * What it saw and what was wished for stay undone, so that the next try, in a minute, still finds them. The fallback of
 * a run pages once, in the people's own ways where those can be decided.
 */
export function afterFailure(
  { state, incident, world, now, error, bare }: FailedTurn,
  deps: { newTrace(incidentId: string, at: string): Trace<Decisions>; parts: TurnParts },
): TurnResult & { entries: readonly EntryDraft[] } {
  const over = incident.status === 'resolved';
  const pages = incident.status === 'triggered' || isRunning(state);
  const wished = !over && state.forced !== null;
  const rose =
    incident.status === 'acknowledged' && severityRank(incident.severity) < severityRank(state.seen.severity);
  // Whatever it says: it is the reason of pages, and must not be what keeps them from being written.
  const why = StorableText.parse(
    `paging could not be decided: ${error instanceof Error ? error.message : String(error)}`,
  );

  function attempt(decides: boolean) {
    const trace = deps.newTrace(incident.id, now);
    const made = { pages: [], silent: new Set<string>(), notifications: [], timeline: [] };
    const turning: Turning = { incident, world, trace, now, parts: deps.parts, ...made };
    const steps: FiringStep[] = [];
    const fallen = pages || wished || rose ? fallBack(turning, state, why, steps, { decides }) : state;
    return { turning, steps, fallen, entries: trace.entries };
  }
  function decidedOrBare() {
    if (bare) return attempt(false);
    try {
      return attempt(true);
    } catch {
      return attempt(false);
    }
  }

  const { turning, steps, fallen, entries } = decidedOrBare();
  const nextAt = over && !pages ? null : new Date(Date.parse(now) + retryMs).toISOString();
  const status = pages ? ('waiting' as const) : state.status;
  return {
    next: { ...fallen, status, nextAt, changed: false, forced: state.forced, version: state.version + 1 },
    shown: true,
    steps,
    pages: turning.pages,
    notifications: turning.notifications,
    timeline: turning.timeline,
    tell: [],
    service: null,
    entries,
  };
}
