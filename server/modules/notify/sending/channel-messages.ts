// Keeps messages that stand in a channel as the incident is: changed in place, at most once a second each.
import { createHash } from 'node:crypto';
import type { Transactor, Tx } from '#server/database/transaction.ts';
import { channelMessageStore, type StandingMessage } from '#server/modules/notify/sending/channel-message-store.ts';
import type { IncidentDigest } from '#server/modules/notify/channel-type.ts';
import type { Compose } from '#server/modules/notify/messages/compose.ts';
import { digestStore } from '#server/modules/notify/messages/digest-store.ts';
import { buildMessage, digestFor } from '#server/modules/notify/messages/message.ts';
import { moveAudience } from '#server/modules/notify/store.ts';
import type { AnyChannelType } from '#server/modules/notify/registry.ts';
import type { Sent } from '#server/modules/notify/sending/results.ts';
import { timedSend } from '#server/modules/notify/sending/timed-send.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface ChannelMessages {
  /** Notes a message that was just posted to a channel, if it can be changed later. */
  sent(tx: Tx, at: string, sent: Sent): Promise<void>;
  /** Brings what is stale up to date; answers how many messages were changed. */
  runDue(): Promise<number>;
}

/** The provider keeps a channel for this incident from now on; in the transaction that notes the message. */
export type RoomOpened = (tx: Tx, room: { incidentId: string; channelId: string; room: string }) => Promise<void>;

const spacingMs = 1_000;
/** Providers allow about one change a second; Retry-After tells when it is less. */
const perChannelAndLook = 2;
const triesAfterMs = [15_000, 60_000, 180_000];

/**
 * In the transaction that saves these incidents: what stands about them in channels is out of date, and their pages are
 * seen by whoever may see them now.
 */
export async function noticeIncidents(
  tx: Tx,
  at: string,
  incidents: readonly { id: string; restrictedTo: string[] | null }[],
): Promise<void> {
  if (incidents.length === 0) return;
  const ids = incidents.map((incident) => incident.id);
  await Promise.all([channelMessageStore.markStale(tx, ids), moveAudience(tx, at, incidents)]);
}

export function createChannelMessages(deps: {
  database: Transactor;
  compose: Compose;
  /** First in a transaction: whether due times there and `clock` are of one mind, and stay so until it ends. */
  agrees(tx: Tx): Promise<boolean>;
  publicUrl(): string;
  roomOpened: RoomOpened;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  logger: Logger;
}): ChannelMessages {
  const { database, compose, agrees, publicUrl, clock, random, logger } = deps;
  const iso = (afterMs = 0) => new Date(clock.now() + afterMs).toISOString();

  async function bringUpToDate(standing: StandingMessage): Promise<number> {
    const made = await database.withTransaction(async (tx) => {
      const digest = (await digestStore.digests(tx, [standing.incidentId])).get(standing.incidentId);
      const channel = await compose.through(tx, standing.channelId);
      return digest === undefined || 'fault' in channel ? null : { incident: digestFor(digest, []), channel };
    });
    if (made === null || made.channel.type.update === undefined) return 0;
    const shown = shownBy(made.channel.type, made.incident);
    if (shown === standing.shown) return 0;
    const message = buildMessage({
      id: random.uuid(),
      purpose: 'update',
      contact: null,
      recipient: null,
      incidents: [made.incident],
      link: null,
      replyCode: null,
      late: false,
      publicUrl: publicUrl(),
    });
    const { type, context } = made.channel;
    const began = clock.monotonic();
    const result = await timedSend(clock, (signal) => type.update!({ ...context, signal }, standing.ref, message));
    await database.withTransaction(async (tx) => {
      if (result.outcome === 'accepted') return channelMessageStore.shown(tx, standing, shown);
      const pause = result.permanent ? undefined : triesAfterMs[standing.attempts - 1];
      if (pause !== undefined) {
        const wait = Math.max(pause, Math.min(result.retryAfterMs ?? 0, 300_000));
        await channelMessageStore.retry(tx, standing, Math.round(clock.monotonic() - began) + wait);
      }
      logger.warn('a message in a channel could not be changed', {
        channelId: standing.channelId,
        incidentId: standing.incidentId,
        reason: result.reason,
        again: pause !== undefined,
      });
    });
    return 1;
  }

  return {
    async sent(tx, _at, { claim, prepared, result }) {
      if (prepared === null || result.outcome !== 'accepted' || result.ref === null) return;
      const { channelId, incidentId } = claim.lead;
      if (channelId !== null && result.room !== undefined)
        await deps.roomOpened(tx, { incidentId, channelId, room: result.room });
      const [incident] = prepared.message.incidents;
      if (channelId === null || incident === undefined || prepared.type.update === undefined) return;
      await channelMessageStore.put(
        tx,
        { incidentId, channelId, ref: result.ref, shown: shownBy(prepared.type, incident) },
        iso(spacingMs),
      );
    },

    async runDue() {
      const due = await database.withTransaction(async (tx) =>
        (await agrees(tx)) ? channelMessageStore.take(tx, iso(), iso(spacingMs), perChannelAndLook) : [],
      );
      const done = await Promise.allSettled(due.map(bringUpToDate));
      for (const one of done) {
        if (one.status === 'rejected')
          logger.error('changing a message in a channel failed', { error: String(one.reason) });
      }
      return done.reduce((sum, one) => sum + (one.status === 'fulfilled' ? one.value : 0), 0);
    },
  };
}

function shownBy(type: Pick<AnyChannelType, 'shows'>, incident: IncidentDigest): string {
  return hashOf(type.shows === undefined ? incident : type.shows(incident));
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
