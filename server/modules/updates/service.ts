import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { UpdatePreview } from '#server/contract/status-update.ts';
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import type { StatusUpdateStore, UpdateOutbox } from '#server/modules/incidents/status-updates/state.ts';
import type { IncidentDigest, PublishedLook } from '#server/modules/notify/channel-type.ts';
import { type PreviewWorld, targetPreview, timelinePreview } from '#server/modules/updates/preview.ts';
import type { Clock } from '#server/ports/clock.ts';

export interface PreviewQuestion {
  incidentId: string;
  /** One that waits for approval; null for one that is being written. */
  updateId: string | null;
  text: string;
  nextInMinutes: number | null;
  statusPages: string[];
  lists: string[];
}

export interface Updates {
  preview(actor: Actor, question: PreviewQuestion): Promise<UpdatePreview>;
}

export function createUpdatesService(deps: {
  database: Transactor;
  updates: Pick<StatusUpdateStore, 'lock' | 'nextNumber'>;
  outbox: Pick<UpdateOutbox, 'targets' | 'approverFrom'>;
  incident(actor: Actor, id: string): Promise<Incident | null>;
  config(tx: Tx): Promise<PagingConfig>;
  people(tx: Tx): Promise<{ users: PreviewWorld['users'] }>;
  digest(tx: Tx, incidentId: string): Promise<IncidentDigest | null>;
  pageLook(config: PagingConfig, channelId: string, publication: PublicationOf): PublishedLook | null;
  approvalNeeded(incident: Pick<Incident, 'severity'>, from: Severity | null, leaves: boolean): string | null;
  clock: Pick<Clock, 'now'>;
}): Updates {
  const { database, updates, outbox, clock } = deps;
  return {
    async preview(actor, question) {
      const incident = await deps.incident(actor, question.incidentId);
      if (incident === null) throw notThere();
      return database.withTransaction(async (tx) => {
        const known = question.updateId === null ? null : await updates.lock(tx, question.updateId);
        if (question.updateId !== null && known?.incidentId !== incident.id) throw notThere();
        const wanted = known ?? question;
        const config = await deps.config(tx);
        const digest = await deps.digest(tx, incident.id);
        if (digest === null) throw notThere();
        const { users } = await deps.people(tx);
        const number = known?.number ?? (await updates.nextNumber(tx, incident.id));
        const update = { id: known?.id ?? incident.id, number, text: wanted.text };
        const minutes = wanted.nextInMinutes ?? incident.updateCadenceMinutes;
        const world: PreviewWorld = {
          incident,
          digest,
          config,
          users,
          update,
          nextDueAt:
            minutes === null || incident.status === 'resolved'
              ? null
              : new Date(clock.now() + minutes * 60_000).toISOString(),
          writer: known === null ? actor.name : (users.get(known.writtenBy)?.name ?? 'somebody who has left'),
          pageLook: (channelId) =>
            deps.pageLook(config, channelId, { id: update.id, text: update.text, incident: digest }),
        };
        const targets = await outbox.targets(tx, wanted);
        return {
          number,
          approval: deps.approvalNeeded(incident, await outbox.approverFrom(tx), targets.length > 0),
          targets: [timelinePreview(world), ...targets.map((target) => targetPreview(target, world))],
        };
      });
    },
  };
}

type PublicationOf = { id: string; text: string; incident: IncidentDigest };

function notThere(): AppError {
  return new AppError('not-found', 'There is no such update, or its incident is not yours to see.');
}
