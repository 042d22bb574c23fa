// What every handler of incident actions shares: finding the incident, gathering facts, writing what was decided.
import { type Audience, canSee } from '#server/contract/audience.ts';
import type { Ask } from '#server/contract/console.ts';
import type { TimelineEntry, TimelineKind } from '#server/contract/incident.ts';
import type { ActionKind } from '#server/contract/intent.ts';
import type { Cadence } from '#server/contract/severity.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertStore } from '#server/modules/alerts/state.ts';
import {
  type Decision,
  type EntryDraft,
  type Facts,
  notFound,
  type Rejected,
} from '#server/modules/incidents/decision.ts';
import type { IntentContext, IntentOutcome } from '#server/modules/incidents/intents.ts';
import type { MemberReader } from '#server/modules/incidents/membership.ts';
import type { People } from '#server/modules/incidents/people.ts';
import type { IncidentState, IncidentStore } from '#server/modules/incidents/state.ts';
import type { TaskStore } from '#server/modules/incidents/task-store.ts';
import type { TimelineStore } from '#server/modules/incidents/timeline-store.ts';
import type { Random } from '#server/ports/random.ts';

export interface ActingDeps {
  incidents: IncidentStore & OpenInGroup;
  timeline: TimelineStore;
  tasks: TaskStore;
  alerts: Pick<AlertStore, 'lockByIds' | 'lockByIncidents' | 'save' | 'addEvents'> & MemberReader;
  people: People;
  postmortems: {
    /** After the incident's audience changed: its review once more, to those who may see it now. */
    reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
  };
  /** What the commander's console keeps of an incident. */
  consoleKept: {
    /** What is asked of people here and not answered. */
    waitingAsks(tx: Tx, incidentId: string): Promise<readonly Pick<Ask, 'ownerId' | 'text'>[]>;
    /** After the incident's audience changed: all of it once more, to those who may see it now. */
    reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
  };
  chat: {
    /** After the incident's audience changed: what was said in its room once more, to those who may see it now. */
    reissue(tx: Tx, at: string, incidentId: string, before: Audience, after: Audience): Promise<void>;
  };
  /** Minutes between updates, as they are chosen now. */
  cadence(): Cadence;
  random: Pick<Random, 'uuid'>;
}

export interface OpenInGroup {
  /** The open incident of a group, not locked. */
  openInGroup(tx: Tx, groupKey: string): Promise<{ id: string; number: number } | null>;
}

export interface Acting {
  /** The incident, locked, or why not: one that the actor may not see is not there. */
  lock(tx: Tx, context: IntentContext, incidentId: string): Promise<IncidentState | Rejected>;
  /** Runs a pure decision; who did what last is looked up only when the answer names it. */
  decide<S>(
    tx: Tx,
    context: IntentContext,
    incident: IncidentState | null,
    involved: readonly (string | null)[],
    rule: (facts: Facts) => Decision<S>,
  ): Promise<Decision<S>>;
  /** Entries with their ids, which also order what happens in one millisecond. */
  entriesOf(context: IntentContext, incidentId: string, drafts: readonly EntryDraft[]): TimelineEntry[];
  addEntries(tx: Tx, context: IntentContext, incidentId: string, drafts: readonly EntryDraft[]): Promise<void>;
  /** The answer to anything but `applied`, with a conflict's entry written. */
  refuse(
    tx: Tx,
    context: IntentContext,
    incidentId: string,
    decision: Exclude<Decision<never>, { outcome: 'applied' }>,
    current: { entity: string; body: unknown },
  ): Promise<IntentOutcome>;
  /** False when the client chose an id for an entry that is taken. */
  entryIsNew(tx: Tx, entryId: string): Promise<boolean>;
}

export const idTaken: Rejected = {
  outcome: 'rejected',
  code: 'invalid',
  reason: 'The id chosen for it is taken. Send it again under an id of its own.',
};

export function createActing(deps: Pick<ActingDeps, 'incidents' | 'timeline' | 'people' | 'random'>): Acting {
  const { incidents, timeline, people, random } = deps;

  async function gather(tx: Tx, context: IntentContext, involved: readonly (string | null)[]): Promise<Facts> {
    const ids = [...new Set(involved.filter((id) => id !== null))];
    const known = new Map((ids.length === 0 ? [] : await people.read(tx, ids)).map((person) => [person.id, person]));
    return {
      actor: context.actor,
      at: context.at,
      actedAt: context.actedAt,
      baseVersion: context.intent.baseVersion,
      person: (id) => known.get(id) ?? null,
      lastChange: () => null,
    };
  }

  function entriesOf(context: IntentContext, incidentId: string, drafts: readonly EntryDraft[]) {
    return drafts.map((draft): TimelineEntry => {
      return {
        id: draft.id ?? random.uuid(),
        version: 1,
        incidentId: draft.incidentId ?? incidentId,
        at: draft.at ?? context.actedAt,
        recordedAt: context.at,
        kind: draft.kind,
        source: 'person',
        actorId: context.actor.userId,
        actor: context.actor.name,
        text: draft.text,
        detail: draft.detail ?? null,
        alertId: null,
        starred: false,
        data: draft.data ?? null,
      };
    });
  }

  async function addEntries(tx: Tx, context: IntentContext, incidentId: string, drafts: readonly EntryDraft[]) {
    await incidents.addTimeline(tx, entriesOf(context, incidentId, drafts));
  }

  /** The newest entry of the kind that an action of this kind leaves behind: who was first, and when. */
  async function lastChangeLike(tx: Tx, kind: ActionKind, incidentId: string): Promise<TimelineEntry | null> {
    const wanted = entryKindOf(kind);
    return (await timeline.latest(tx, incidentId)).find((entry) => entry.kind === wanted) ?? null;
  }

  return {
    async lock(tx, { actor }, incidentId) {
      const [incident] = await incidents.lockByIds(tx, [incidentId]);
      if (incident !== undefined && canSee(incident.restrictedTo, actor.teamIds)) return incident;
      return notFound('There is no incident with this id, or it is not yours to see.');
    },

    async decide(tx, context, incident, involved, rule) {
      const facts = await gather(tx, context, involved);
      const decision = rule(facts);
      if (incident === null || (decision.outcome !== 'noop' && decision.outcome !== 'conflict')) return decision;
      const newest = new Map((await timeline.latest(tx, incident.id)).map((entry) => [entry.kind, entry]));
      return rule({ ...facts, lastChange: (kind) => newest.get(kind) ?? null });
    },

    entriesOf,

    addEntries,

    async refuse(tx, context, incidentId, decision, current) {
      switch (decision.outcome) {
        case 'noop':
        case 'rejected':
          return decision;
        case 'conflict': {
          const theirs = await lastChangeLike(tx, context.intent.action.kind, incidentId);
          await addEntries(tx, context, incidentId, decision.entries);
          return {
            outcome: 'conflict',
            reason: decision.reason,
            entity: current.entity,
            current: current.body,
            by: theirs?.actor ?? null,
            at: theirs?.at ?? null,
          };
        }
      }
    },

    async entryIsNew(tx, entryId) {
      return !(await timeline.idTaken(tx, entryId));
    },
  };
}

function entryKindOf(kind: ActionKind): TimelineKind {
  if (kind.endsWith('-role')) return 'role';
  if (kind.startsWith('task.')) return 'task';
  if (kind === 'incident.set-severity') return 'severity';
  if (kind === 'incident.restrict') return 'restriction';
  return kind === 'incident.set-title' || kind === 'incident.set-impact' ? 'edit' : 'status';
}

/** People whose names or teams a decision about this incident may need. */
export function peopleOf(incident: IncidentState): (string | null)[] {
  const inRoles = incident.roles.flatMap((slot) => [slot.userId, slot.offer?.to ?? null, slot.offer?.by ?? null]);
  return [incident.acknowledgedBy, ...inRoles];
}
