// Rooms, joined: the chat of people in an incident, and its mirror in the channel that Slack keeps for it.
import type { Wake } from '#server/adapters/postgres/wake.ts';
import type { Database } from '#server/database/pool.ts';
import { type Tx, wakeAfterCommit } from '#server/database/transaction.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { createChatHandlers, withPromotion } from '#server/modules/chat-room/handlers.ts';
import { createInbound } from '#server/modules/chat-room/inbound.ts';
import { createMirror, type MirrorDeps } from '#server/modules/chat-room/mirror.ts';
import { mirrorStore } from '#server/modules/chat-room/mirror-store.ts';
import { createMirrorQueue } from '#server/modules/chat-room/queue.ts';
import { chatStore, publicMessage } from '#server/modules/chat-room/store.ts';
import type { Acting } from '#server/modules/incidents/acting.ts';
import type { IntentHandler } from '#server/modules/incidents/intents.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { slackChat } from '#server/modules/notify/channels/slack/chat.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

/** What paging knows of channels and of people's accounts there. */
export interface SlackWays {
  open: MirrorDeps['open'];
  /** Whether this channel mirrors rooms. */
  mirrors(tx: Tx, channelId: string): Promise<boolean>;
  userBySlackId(tx: Tx, slackId: string): Promise<string | null>;
}

export type Rooms = ReturnType<typeof createRooms>;

const namesKept = 1_000;
const nameKeptMs = 3_600_000;

export function createRooms(deps: {
  database: Pick<Database, 'withTransaction'>;
  wake: Wake;
  slack: SlackWays;
  clock: Clock;
  random: Random;
  logger: Logger;
}) {
  const { database, slack, clock, random, logger, wake } = deps;

  async function lockIncident(tx: Tx, incidentId: string) {
    const [incident] = await incidentStore.lockByIds(tx, [incidentId]);
    return incident ?? null;
  }

  const names = new Map<string, { name: string | null; at: number }>();
  async function memberName(channelId: string, slackId: string): Promise<string | null> {
    const key = `${channelId} ${slackId}`;
    const known = names.get(key);
    if (known !== undefined && clock.now() - known.at < nameKeptMs) return known.name;
    const way = await database.withTransaction((tx) => slack.open(tx, channelId));
    const name =
      'fault' in way
        ? null
        : await slackChat.memberName({ ...way.context, signal: new AbortController().signal }, slackId);
    names.delete(key);
    names.set(key, { name, at: clock.now() });
    if (names.size > namesKept) names.delete(names.keys().next().value ?? '');
    return name;
  }

  const queue = createMirrorQueue({
    store: mirrorStore,
    chat: chatStore,
    lockIncident,
    mirrors: slack.mirrors,
    wake: (tx) => wakeAfterCommit(tx, 'chat'),
  });
  const mirror = createMirror({
    database,
    chat: chatStore,
    store: mirrorStore,
    lockIncident,
    catchUp: queue.catchUp,
    open: slack.open,
    provider: slackChat,
    wake,
    clock,
    random,
    logger,
  });

  return {
    opened: (tx: Tx, { incidentId, ...room }: { incidentId: string; channelId: string; room: string }) =>
      queue.opened(tx, incidentId, room),
    heard: createInbound({
      database,
      chat: chatStore,
      store: mirrorStore,
      lockIncident,
      mirrors: slack.mirrors,
      userBySlackId: slack.userBySlackId,
      people: (tx, ids) => peopleStore.read(tx, ids),
      memberName,
      clock,
      random,
    }),
    handlers: (acting: Acting) => createChatHandlers({ acting, chat: chatStore, mirror: queue, publicMessage }),
    withPromotion: (add: IntentHandler<'task.add'>, acting: Pick<Acting, 'lock'>) =>
      withPromotion(add, { chat: chatStore }, acting.lock),
    mirror,
  };
}
