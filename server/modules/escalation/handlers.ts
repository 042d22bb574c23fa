// What people do about paging: an acknowledgement counts and ends pages; somebody escalates by hand.
import type { Actor } from '#server/api/context.ts';
import type { ActionOf } from '#server/contract/intent.ts';
import type { Target } from '#server/contract/policy.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import { noteWish } from '#server/modules/escalation/by-hand.ts';
import type { PagingFactsReader } from '#server/modules/escalation/facts.ts';
import { seenOf } from '#server/modules/escalation/notice.ts';
import type { EscalationStore } from '#server/modules/escalation/state.ts';
import { stopWords } from '#server/modules/escalation/words.ts';
import type { Acting } from '#server/modules/incidents/acting.ts';
import type { IntentContext, IntentHandler } from '#server/modules/incidents/intents.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import type { PageStore } from '#server/modules/notify/state.ts';

export interface PagingHandlerDeps {
  store: EscalationStore;
  pages: Pick<PageStore, 'end'>;
  ledger: LedgerStore;
  incidents: Pick<IncidentStore, 'lockByIds'>;
  acting: Pick<Acting, 'lock'>;
  newTrace(incidentId: string, at: string): Trace<Decisions>;
}

/** The acknowledging handler, which also counts who acknowledged, whatever it answers, and ends pages. */
export function withAcknowledgement(
  acknowledge: IntentHandler<'incident.acknowledge'>,
  deps: PagingHandlerDeps,
): IntentHandler<'incident.acknowledge'> {
  return async (tx, context) => {
    const outcome = await acknowledge(tx, context);
    if (outcome.outcome !== 'applied' && outcome.outcome !== 'noop') return outcome;
    const { incidentId } = context.intent.action;
    const [incident] = await deps.incidents.lockByIds(tx, [incidentId]);
    if (incident !== undefined && incident.status !== 'resolved') {
      await countAcknowledgement(tx, context, incident, outcome.outcome === 'noop', deps);
    }
    return outcome;
  };
}

async function countAcknowledgement(
  tx: Tx,
  { actor, at }: IntentContext<ActionOf<'incident.acknowledge'>>,
  incident: IncidentState,
  again: boolean,
  { store, pages, ledger, newTrace }: PagingHandlerDeps,
): Promise<void> {
  const by = actor.via === undefined ? actor.name : `${actor.name}, ${actor.via}`;
  const state = await store.lock(tx, incident.id);
  const trace = newTrace(incident.id, at);
  const facts = { userId: actor.userId, name: actor.name, via: actor.via ?? null, again };
  trace.observe(
    'acknowledgement',
    facts,
    { title: `${actor.name} acknowledged`, detail: throughWhat(actor) },
    { userId: actor.userId },
  );
  if (state === null) {
    await pages.end(tx, at, [incident.id], { status: 'acknowledged', by, userIds: null });
    await ledger.append(tx, trace.entries);
    return;
  }
  const { status, severity, alertCount } = incident;
  const { seen, run, acknowledgedBy, acknowledgementsNeeded } = state;
  const stop = trace.decide(
    'stop',
    {
      incident: { status, severity, alertCount },
      seen: { status: seen.status, severity: seen.severity, alertCount: seen.alertCount },
      paging: { status: state.status, run, acknowledgedBy, acknowledgementsNeeded },
      pageAgain: 'severity-rises',
      acknowledgement: { userId: actor.userId, name: actor.name },
    },
    stopWords,
    { userId: actor.userId },
  );
  const enough = stop.action === 'stop';
  await pages.end(tx, at, [incident.id], { status: 'acknowledged', by, userIds: enough ? null : [actor.userId] });
  const counted = { ...state, version: state.version + 1, acknowledgedBy: stop.acknowledgedBy, reason: stop.text };
  // Nobody waits for the next step any more; somebody who was asked for by name is still to come.
  const answered = enough && state.forced?.target === null ? state.forced : null;
  if (answered !== null) noteWish(trace, answered, `; ${actor.name} acknowledged before it was paged, so nobody is`);
  const forced = answered === null ? state.forced : null;
  const changed = forced !== null;
  const next = enough
    ? { ...counted, status: 'stopped' as const, nextAt: null, seen: seenOf(incident), changed, forced }
    : counted;
  await store.save(tx, at, [next], new Set([next.id]));
  await ledger.append(tx, trace.entries);
}

function throughWhat({ via }: Actor): string {
  return via === undefined ? 'in the client' : `by ${via}`;
}

export function createEscalateHandler(
  deps: PagingHandlerDeps & {
    config: ConfigReader;
    facts: Pick<PagingFactsReader, 'people'>;
  },
): IntentHandler<'escalation.escalate'> {
  const { store, acting, config, facts } = deps;
  return async (tx, context) => {
    const { incidentId, target } = context.intent.action;
    const incident = await acting.lock(tx, context, incidentId);
    if ('outcome' in incident) return incident;
    if (incident.status === 'resolved' || incident.status === 'mitigated') {
      return invalid(`INC-${incident.number} is ${incident.status}, so nobody is paged for it. Reopen it first.`);
    }
    const fault = target === null ? null : await targetFault(tx, target, incident);
    if (fault !== null) return fault;
    const known = await store.lock(tx, incident.id);
    if (known === null) await store.notice(tx, context.at, [incident]);
    const state = known ?? (await store.lock(tx, incident.id));
    if (state === null) return invalid('Paging of this incident is not set up yet. Try again in a moment.');
    const { userId: by, name: byName, sessionId } = context.actor;
    const via = context.actor.via ?? (sessionId === null ? 'API' : 'client');
    const forced = { by, byName, via, at: context.at, target };
    await store.save(tx, context.at, [{ ...state, forced, changed: true }], new Set());
    return { outcome: 'applied', version: null };
  };

  async function targetFault(tx: Tx, target: Target, incident: IncidentState) {
    const { id, type } = target;
    if (type === 'schedule' || type === 'channel') {
      const document = (await config.current(tx)).get(type, id);
      if (document === null) return invalid(`There is no such ${type}. Choose another one.`);
      if (type === 'channel' && incident.restrictedTo !== null) {
        return invalid('This incident is restricted, and a channel may have other readers. Name a person.');
      }
      return null;
    }
    const { people, teams } = await facts.people(tx);
    if (type === 'team')
      return teams.some((team) => team.id === id) ? null : invalid('There is no such team. Choose another one.');
    const person = people.find((other) => other.id === id);
    if (person === undefined) return invalid('There is no such person. Choose somebody else.');
    if (person.disabled) return invalid(`The account of ${person.name} is disabled. Choose somebody else.`);
    if (incident.restrictedTo?.some((team) => person.teamIds.includes(team)) === false) {
      return invalid(`${person.name} may not see this restricted incident. Choose somebody of its teams.`);
    }
    return null;
  }
}

function invalid(reason: string) {
  return { outcome: 'rejected', code: 'invalid', reason } as const;
}
