// Status updates, joined: their actions, their way out, what clients keep of them and see before they are sent.
import type { Wake } from '#server/adapters/postgres/wake.ts';
import type { Actor } from '#server/api/context.ts';
import { audiencesOf } from '#server/contract/audience.ts';
import { settingsOf } from '#server/contract/settings.ts';
import type { Database } from '#server/database/pool.ts';
import { type Tx, wakeAfterCommit } from '#server/database/transaction.ts';
import { directoryStore } from '#server/modules/auth/directory-store.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import type { ActingDeps } from '#server/modules/incidents/acting.ts';
import { createUpdateHandlers } from '#server/modules/incidents/status-updates/handlers.ts';
import { approvalNeeded } from '#server/modules/incidents/status-updates/rules.ts';
import type { UpdateOutbox } from '#server/modules/incidents/status-updates/state.ts';
import { readStatusUpdatesForReplica, statusUpdateStore } from '#server/modules/incidents/status-updates/store.ts';
import { readIncident } from '#server/modules/incidents/store.ts';
import { channelMessageStore } from '#server/modules/notify/sending/channel-message-store.ts';
import type { Carrier, Fault } from '#server/modules/notify/messages/compose.ts';
import { digestStore } from '#server/modules/notify/messages/digest-store.ts';
import { digestFor } from '#server/modules/notify/messages/message.ts';
import { createPlaces } from '#server/modules/notify/sending/place.ts';
import type { ChannelTypes } from '#server/modules/notify/registry.ts';
import { timedSend } from '#server/modules/notify/sending/timed-send.ts';
import { settingStore } from '#server/modules/settings/store.ts';
import { createUpdateDeliverer } from '#server/modules/updates/deliver.ts';
import { deliveryStore } from '#server/modules/updates/delivery-store.ts';
import { createUpdatesService } from '#server/modules/updates/service.ts';
import { updateTargets } from '#server/modules/updates/targets.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

/** What paging knows of ways out. */
export interface UpdateWays {
  config(tx: Tx): Promise<PagingConfig>;
  through(tx: Tx, channelId: string): Promise<Carrier | Fault>;
  /** Addresses that a person has proven to be theirs. */
  mailOf(config: PagingConfig, userId: string): readonly string[];
  mode(): 'live' | 'shadow' | 'paused';
  types: ChannelTypes;
}

export const updateReaders = { statusUpdate: readStatusUpdatesForReplica };

/** What restricting an incident has to know of its updates, beside what else is kept of it. */
export function withUpdatesKept(kept: ActingDeps['consoleKept']): ActingDeps['consoleKept'] {
  return {
    ...kept,
    async reissue(tx, at, incidentId, before, after) {
      await kept.reissue(tx, at, incidentId, before, after);
      await statusUpdateStore.reissue(tx, at, incidentId, before, after);
    },
  };
}

export function createStatusUpdates(deps: {
  database: Pick<Database, 'query' | 'withTransaction'>;
  acting: Pick<ActingDeps, 'incidents' | 'timeline' | 'people' | 'random'>;
  ways: UpdateWays;
  wake: Pick<Wake, 'on'>;
  clock: Clock;
  random: Random;
  logger: Logger;
}) {
  const { database, acting, ways, clock, random, logger } = deps;

  function held(): string | null {
    if (ways.mode() === 'live') return null;
    return 'nothing leaves the center while paging is not live. An administrator can change that under Settings, Paging.';
  }

  async function digest(tx: Tx, incidentId: string) {
    const row = (await digestStore.digests(tx, [incidentId])).get(incidentId);
    return row === undefined ? null : digestFor(row, []);
  }

  const outbox: UpdateOutbox = {
    async targets(tx, wanted) {
      if (wanted.statusPages.length + wanted.lists.length === 0) return [];
      const config = await ways.config(tx);
      const { users } = await directoryStore.read(tx);
      const here = (userId: string) => users.get(userId)?.disabled === false;
      const mailOf = (userId: string) => (here(userId) ? ways.mailOf(config, userId) : []);
      return updateTargets(wanted, { config, mailOf, held: held() });
    },
    async queue(tx, at, update, targets) {
      const rows = targets.flatMap(({ kind, id: targetId, channelId, addresses }) =>
        addresses.map((address) => ({ id: random.uuid(), kind, targetId, channelId, address })),
      );
      await deliveryStore.queue(tx, at, update, rows);
      wakeAfterCommit(tx, 'updates');
    },
    async again(tx, at, updateId) {
      await deliveryStore.again(tx, at, updateId);
      wakeAfterCommit(tx, 'updates');
    },
    approverFrom: async (tx) => settingsOf(await settingStore.allIn(tx)).approverFrom,
  };

  return {
    handlers: createUpdateHandlers({ ...acting, updates: statusUpdateStore, outbox }),
    service: createUpdatesService({
      database,
      updates: statusUpdateStore,
      outbox,
      incident: (actor: Actor, id) => readIncident(database, { teamIds: audiencesOf(actor) }, id),
      config: ways.config,
      people: directoryStore.read,
      digest,
      pageLook(config, channelId, publication) {
        const channel = config.get('channel', channelId);
        const type = channel === null ? undefined : ways.types.get(channel.draft.kind);
        const parsed = type?.settings.safeParse(channel?.draft.settings);
        return parsed?.success === true ? (type?.publishedLook?.(parsed.data, publication) ?? null) : null;
      },
      approvalNeeded,
      clock,
    }),
    deliverer: createUpdateDeliverer({
      database,
      store: deliveryStore,
      updates: statusUpdateStore,
      incidents: acting.incidents,
      through: ways.through,
      digest,
      async listName(tx, listId) {
        return (await ways.config(tx)).get('stakeholderList', listId)?.draft.name ?? 'that was deleted since';
      },
      placeOf: createPlaces(database),
      stands: channelMessageStore.put,
      timedSend: (timer, start, ended) => timedSend(timer, start, ended),
      held,
      wake: deps.wake,
      clock,
      random,
      logger,
    }),
  };
}
