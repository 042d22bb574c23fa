// What one turn of paging works on, and what it has done so far.
import type { PagedIncident, PagingWorld } from '#server/modules/escalation/facts.ts';
import type { FiringStep, Turning, TurnParts } from '#server/modules/escalation/paging-step.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { causesOf } from '#server/modules/routing/inhibit.ts';

export interface PagingFacts {
  incident: PagedIncident;
  world: PagingWorld;
  /** Counters of round-robin steps by step id; raised as turns are taken. */
  turns: Map<string, number>;
}

export interface TurnDeps extends TurnParts {
  decisions: Pick<Decisions, 'stop' | 'hold' | 'step'>;
  causesOf: typeof causesOf;
}

export interface Work {
  facts: PagingFacts;
  turning: Turning;
  deps: TurnDeps;
  /** A run began in this turn. */
  begun: boolean;
  /** "escalated by hand by Ada via Slack": the next step fires now, whatever the delay and whatever holds it. */
  byHand: string | null;
  steps: FiringStep[];
  tell: string[];
  service: string | null;
  /** Steps asked one after the other that told nobody, those passed over among them. */
  unanswered: number;
  /** When the next step would have been due, had the last one told somebody. */
  usualAt: string | null;
}

/** How many pages of this turn, from that one on, tell somebody now: what do-not-disturb holds does not. */
export function toldSince({ turning: { pages, silent } }: Work, from: number): number {
  return pages.slice(from).filter((page) => !silent.has(page.id)).length;
}

export function plus(at: string, ms: number): string {
  return ms === 0 ? at : new Date(Date.parse(at) + ms).toISOString();
}
