// Incidents as queries and as REST calls; a REST action is an intent like any other.
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import { idempotentId } from '#server/api/idempotent-id.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { Action, ActionOf, IntentResult } from '#server/contract/intent.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { Intents } from '#server/modules/incidents/intents.ts';
import { type IncidentQuery, listIncidents, readIncident } from '#server/modules/incidents/store.ts';
import { readTimeline } from '#server/modules/incidents/timeline-store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export type IncidentItem = Incident & { commander: string | null };

export interface Acted {
  outcome: 'applied' | 'noop';
  /** Of a noop: who did it before, and when. */
  by: string | null;
  at: string | null;
  incident: IncidentItem;
}

export interface Incidents {
  list(reader: Actor, query: IncidentQuery): Promise<{ items: IncidentItem[]; nextCursor: string | null }>;
  get(reader: Actor, incidentId: string): Promise<IncidentItem>;
  timeline(
    reader: Actor,
    incidentId: string,
    page: { limit: number; after: string | null },
  ): Promise<{ items: TimelineEntry[]; nextCursor: string | null }>;
  declare(
    actor: Actor,
    call: Call,
    incident: Omit<ActionOf<'incident.declare'>, 'kind' | 'incidentId'>,
  ): Promise<IncidentItem>;
  act(
    actor: Actor,
    call: Call,
    action: Extract<Action, { kind: `incident.${'acknowledge' | 'mitigate' | 'resolve'}` }>,
  ): Promise<Acted>;
}

export interface Call {
  idempotencyKey: string | null;
  baseVersion: number | null;
}

export function createIncidents(deps: {
  database: SqlReader;
  intents: Intents;
  names(userIds: string[]): Promise<ReadonlyMap<string, string>>;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}): Incidents {
  const { database, intents, names, clock, random } = deps;

  async function withCommanders(incidents: Incident[]): Promise<IncidentItem[]> {
    const ids = incidents.map(commanderOf).filter((id) => id !== null);
    const known = ids.length === 0 ? new Map<string, string>() : await names([...new Set(ids)]);
    return incidents.map((incident) => {
      const id = commanderOf(incident);
      return { ...incident, commander: id === null ? null : (known.get(id) ?? 'somebody who has left') };
    });
  }

  async function get(reader: Actor, incidentId: string): Promise<IncidentItem> {
    const incident = await readIncident(database, reader, incidentId);
    if (incident === null) throw notFound();
    const [item] = await withCommanders([incident]);
    return item!;
  }

  async function submit(actor: Actor, call: Call, action: Action & { incidentId: string }): Promise<IntentResult> {
    const id = idempotentId(actor.userId, call.idempotencyKey, `${action.kind} ${action.incidentId}`) ?? random.uuid();
    const at = new Date(clock.now()).toISOString();
    const intent = { id, at, baseVersion: call.baseVersion, dependsOn: null, action };
    const [result] = await intents.submit(actor, [intent]);
    return result!;
  }

  return {
    async list(reader, query) {
      const { items, nextCursor } = await listIncidents(database, reader, query);
      return { items: await withCommanders(items), nextCursor };
    },

    get,

    async timeline(reader, incidentId, page) {
      const found = await readTimeline(database, reader, incidentId, page);
      if (found === null) throw notFound();
      return found;
    },

    async declare(actor, call, incident) {
      const incidentId = idempotentId(actor.userId, call.idempotencyKey, 'incident') ?? random.uuid();
      refuse(await submit(actor, call, { kind: 'incident.declare', incidentId, ...incident }));
      return get(actor, incidentId);
    },

    async act(actor, call, action) {
      const result = refuse(await submit(actor, call, action));
      const incident = await get(actor, action.incidentId);
      if (result.outcome === 'noop') return { outcome: 'noop', by: result.by, at: result.at, incident };
      return { outcome: 'applied', by: null, at: null, incident };
    },
  };
}

function refuse(result: IntentResult): Extract<IntentResult, { outcome: 'applied' | 'noop' }> {
  if (result.outcome === 'rejected') {
    throw new AppError(result.code === 'unknown-action' ? 'invalid' : result.code, result.reason);
  }
  if (result.outcome === 'conflict') {
    throw new AppError('conflict', `${result.reason}. The answer carries the incident as it is now.`, {
      current: result.current,
    });
  }
  return result;
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no incident with this id, or it is not yours to see.');
}

function commanderOf(incident: Incident): string | null {
  return incident.roles.find((slot) => slot.role === 'commander')?.userId ?? null;
}
