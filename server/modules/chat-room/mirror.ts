// Sends what is written in a room to the incident's channel elsewhere: in order, once, and again after a failure.
import type { Transactor, Tx } from '#server/database/transaction.ts';
import {
  blindAttempts,
  type Claimed,
  mirrorState,
  mirrorStep,
  type MirrorStep,
  retryAt,
} from '#server/modules/chat-room/mirror-rules.ts';
import type { MirrorStore } from '#server/modules/chat-room/mirror-store.ts';
import type { ChatState, ChatStore, RoomElsewhere, RoomIncident } from '#server/modules/chat-room/state.ts';
import type { SendContext } from '#server/modules/notify/channel-type.ts';
import type { ChatAnswer, SlackChat } from '#server/modules/notify/channels/slack/chat.ts';
import type { Clock } from '#server/ports/clock.ts';
import { createLooks } from '#server/database/looks.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface Mirror {
  start(): void;
  stop(): Promise<void>;
  /** Sends what is due now; answers how many messages it dealt with. */
  runDue(): Promise<number>;
}

export interface MirrorDeps {
  database: Transactor;
  chat: ChatStore;
  store: MirrorStore;
  /** The incident, locked before its messages are. */
  lockIncident(tx: Tx, incidentId: string): Promise<RoomIncident | null>;
  /** What was said before a room was opened goes there too. */
  catchUp(tx: Tx, at: string, room: RoomElsewhere & { incidentId: string }): Promise<void>;
  /** How the channel is reached, or why it is not. */
  open(tx: Tx, channelId: string): Promise<{ context: ProviderContext } | { fault: string; permanent: boolean }>;
  provider: SlackChat;
  wake: { on(channel: string, listener: () => void): () => void };
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  logger: Logger;
}
type ProviderContext = Omit<SendContext<{ apiUrl: string }>, 'signal' | 'beforeWrite' | 'taken'>;

interface Job {
  claimed: Claimed;
  message: ChatState;
  step: MirrorStep;
  thread: string | null;
  way: { context: ProviderContext } | { fault: string; permanent: boolean };
}

const tickMs = 1_000;
const roomsAtOnce = 20;
/** Longer than any call lasts: 10 s for the look and 10 s for the message. */
const leaseMs = 30_000;
/** A provider takes about one message a second and room. */
const paceMs = 1_000;
/** How far back a message is looked for: clocks differ. */
const lookBackMs = 300_000;

export function createMirror(deps: MirrorDeps): Mirror {
  const { database, chat, store, provider, clock, random, logger } = deps;
  const iso = (afterMs = 0) => new Date(clock.now() + afterMs).toISOString();
  let stopping = new AbortController();

  async function prepare(tx: Tx, claimed: Claimed): Promise<Job | null> {
    const incident = await deps.lockIncident(tx, claimed.incidentId);
    const message = await chat.lock(tx, claimed.messageId);
    if (message === null || incident === null) return null;
    const thread = message.replyTo === null ? null : await store.threadOf(tx, message.replyTo, claimed.channelId);
    const way = await deps.open(tx, claimed.channelId);
    return { claimed, message, step: mirrorStep(claimed, message, incident), thread, way };
  }

  async function carryOut(job: Job): Promise<void> {
    const { claimed, message, way } = job;
    if (job.step.do === 'drop') return end(job, (tx) => store.drop(tx, claimed));
    if (job.step.do === 'keep') return settle(job, { state: 'sent', unknown: 0 });
    if ('fault' in way) {
      return fail(job, { certain: true, permanent: way.permanent, retryAfterMs: null, reason: way.fault });
    }
    const context = { ...way.context, now: clock.now(), signal: stopping.signal };
    const fenced = { ...context, beforeWrite: () => database.withTransaction((tx) => mayLeave(tx, job)) };
    const line = { id: message.id, author: message.author, text: message.text };
    if (job.step.do === 'find') {
      const sinceMs = Date.parse(message.recordedAt) - lookBackMs;
      const found = await provider.find(context, claimed.room, job.thread, { id: message.id, sinceMs });
      if (found.ok && found.value !== null) {
        // What stands there may be an older text: once more round, as a change.
        return settle(job, { state: 'waiting', unknown: 0, place: { ts: found.value.ts, thread: job.thread } });
      }
      if (found.ok && message.deletedAt !== null) return end(job, (tx) => store.drop(tx, claimed));
      if (!found.ok && !found.certain) return fail(job, found, claimed.unknown);
      if (!found.ok && (claimed.unknown >= blindAttempts || message.deletedAt !== null)) {
        const reason = `Whether it is there is not known, and the room cannot be read: ${found.reason}`;
        return fail(job, { ...found, permanent: true, reason });
      }
      // Not there, or nobody can tell and it was tried once.
      return posted(job, await provider.post(fenced, claimed.room, job.thread, line), found.ok ? 0 : claimed.unknown);
    }
    if (job.step.do === 'post') {
      return posted(job, await provider.post(fenced, claimed.room, job.thread, line), claimed.unknown);
    }
    const place = { room: claimed.room, ts: claimed.providerTs ?? '' };
    const answer =
      job.step.do === 'remove' ? await provider.remove(fenced, place) : await provider.change(fenced, place, line);
    return answer.ok ? settle(job, { state: 'sent', unknown: 0 }) : fail(job, answer, 0);
  }

  /** Asked just before the bytes leave: it is still ours to send, and nobody restricted the incident meanwhile. */
  async function mayLeave(tx: Tx, { claimed, step }: Job): Promise<boolean> {
    const incident = await deps.lockIncident(tx, claimed.incidentId);
    return (incident?.restrictedTo === null || step.do === 'remove') && (await store.isOurs(tx, claimed));
  }

  function posted(job: Job, answer: ChatAnswer<{ ts: string }>, unknown: number): Promise<void> {
    if (answer.ok) {
      return settle(job, { state: 'sent', unknown: 0, place: { ts: answer.value.ts, thread: job.thread } });
    }
    return fail(job, answer, answer.certain ? 0 : unknown + 1);
  }

  function fail(job: Job, failure: Omit<Extract<ChatAnswer<never>, { ok: false }>, 'ok'>, unknown = 0): Promise<void> {
    const dueAt = retryAt(job.claimed, failure, clock.now());
    logger.warn('a message of a room could not be mirrored', {
      channelId: job.claimed.channelId,
      messageId: job.claimed.messageId,
      reason: failure.reason,
      again: dueAt !== null,
    });
    const error = failure.reason;
    return settle(
      job,
      dueAt === null ? { state: 'failed', unknown, error } : { state: 'waiting', unknown, error, dueAt },
    );
  }

  function settle(
    job: Job,
    result: {
      state: 'waiting' | 'sent' | 'failed';
      unknown: number;
      dueAt?: string;
      place?: { ts: string; thread: string | null };
      error?: string;
    },
  ): Promise<void> {
    return end(job, async (tx) => {
      const { dueAt = iso(), place = null, error = null } = result;
      const ours = await store.settle(tx, job.claimed, { ...result, dueAt, place, error });
      if (ours) await store.pace(tx, job.claimed, iso(paceMs));
      return ours;
    });
  }

  /** Writes an end down and, with it, what the message says of itself; nothing when the claim is another's by now. */
  async function end({ message: { incidentId, id } }: Job, write: (tx: Tx) => Promise<boolean>): Promise<void> {
    await database.withTransaction(async (tx) => {
      const incident = await deps.lockIncident(tx, incidentId);
      const message = await chat.lock(tx, id);
      if (!(await write(tx)) || incident === null || message === null) return;
      const mirror = mirrorState(await store.states(tx, id));
      if (mirror === message.mirror) return;
      await chat.save(tx, iso(), { ...message, version: message.version + 1, mirror }, incident.restrictedTo);
    });
  }

  async function round(): Promise<number> {
    const behind = await database.withTransaction((tx) => store.behind(tx, roomsAtOnce));
    for (const room of behind) await database.withTransaction((tx) => deps.catchUp(tx, iso(), room));
    const token = random.uuid();
    const taken = await database.withTransaction((tx) => store.take(tx, iso(), token, leaseMs));
    const done = await Promise.allSettled(
      taken.map(async (claimed) => {
        const job = await database.withTransaction((tx) => prepare(tx, claimed));
        if (job !== null) await carryOut(job);
      }),
    );
    for (const one of done)
      if (one.status === 'rejected') logger.error('mirroring a message failed', { error: String(one.reason) });
    return taken.length;
  }

  async function runDue(): Promise<number> {
    let total = 0;
    for (;;) {
      const count = await round();
      total += count;
      if (count === 0 || stopping.signal.aborted) return total;
    }
  }

  const looks = createLooks({
    clock,
    everyMs: tickMs,
    look: runDue,
    failed: (error) =>
      logger.error('the mirror of rooms could not look; it looks again in a second', { error: String(error) }),
    onWake: (listener) => deps.wake.on('chat', listener),
  });

  return {
    start() {
      stopping = new AbortController();
      looks.start();
    },
    stop() {
      stopping.abort();
      return looks.stop();
    },
    runDue,
  };
}
