// Sends updates to status pages and lists: each reader gets them in their order, at least once, and how it went is told.
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import type { StatusUpdateStore } from '#server/modules/incidents/status-updates/state.ts';
import type { IncidentDigest, OutgoingMessage, SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import type { Carrier, Fault } from '#server/modules/notify/messages/compose.ts';
import type { PlaceOf } from '#server/modules/notify/sending/place.ts';
import {
  afterFailure,
  afterSuccess,
  type Attempted,
  type ClaimedDelivery,
  countedDeliveries,
  failureWords,
} from '#server/modules/updates/delivery-rules.ts';
import type { DeliveryStore } from '#server/modules/updates/delivery-store.ts';
import { updateMail } from '#server/modules/updates/wording.ts';
import type { Clock } from '#server/ports/clock.ts';
import { createLooks } from '#server/database/looks.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface UpdateDeliverer {
  start(): void;
  stop(): Promise<void>;
  /** Sends what is due now; answers how many deliveries it dealt with. */
  runDue(): Promise<number>;
}

export interface DelivererDeps {
  database: Transactor;
  store: DeliveryStore;
  updates: Pick<StatusUpdateStore, 'lock' | 'save'>;
  incidents: Pick<IncidentStore, 'lockByIds' | 'addTimeline'>;
  /** How a channel is reached, or why it is not. */
  through(tx: Tx, channelId: string): Promise<Carrier | Fault>;
  /** What outsiders may know of an incident. */
  digest(tx: Tx, incidentId: string): Promise<IncidentDigest | null>;
  listName(tx: Tx, listId: string): Promise<string>;
  /** Where the incident stands on a status page, and who may open it there. */
  placeOf: PlaceOf;
  /** Notes where it stands. */
  stands(
    tx: Tx,
    message: { incidentId: string; channelId: string; ref: string; shown: string },
    dueAt: string,
  ): Promise<void>;
  /** One call of a provider: ended after its time, and a throw is a failure like any other. */
  timedSend(
    clock: Pick<Clock, 'setTimer'>,
    start: (signal: AbortSignal) => Promise<SendResult>,
    ended?: AbortSignal,
  ): Promise<SendResult>;
  /** Why nothing at all leaves the center now. */
  held(): string | null;
  wake: { on(channel: string, listener: () => void): () => void };
  clock: Clock;
  random: Pick<Random, 'uuid'>;
  logger: Pick<Logger, 'error' | 'warn'>;
}

interface Job {
  claimed: ClaimedDelivery;
  update: StatusUpdate;
  way: Carrier | Fault;
  incident: IncidentDigest;
  listName: string;
  nextDueAt: string | null;
  /** Why it must not leave any more. */
  stopped: string | null;
}

const tickMs = 1_000;
/** Longer than the longest send, which ends after 10 s, and after 5 s more when the rest of it is slow. */
const leaseMs = 30_000;
const mailsAtOnce = 10;
const restrictedMeanwhile =
  'The incident was restricted before it left. Nothing was sent; post another update if they are to know.';

export function createUpdateDeliverer(deps: DelivererDeps): UpdateDeliverer {
  const { database, store, updates, incidents, clock, random, logger } = deps;
  const iso = (afterMs = 0) => new Date(clock.now() + afterMs).toISOString();
  let stopping = new AbortController();

  async function prepare(tx: Tx, claimed: ClaimedDelivery): Promise<Job | null> {
    const [incident] = await incidents.lockByIds(tx, [claimed.incidentId]);
    const update = await updates.lock(tx, claimed.updateId);
    const digest = await deps.digest(tx, claimed.incidentId);
    if (incident === undefined || update === null || digest === null) return null;
    return {
      claimed,
      update,
      way: await deps.through(tx, claimed.channelId),
      incident: digest,
      listName: claimed.kind === 'statuspage' ? '' : await deps.listName(tx, claimed.targetId),
      nextDueAt: incident.nextUpdateDueAt,
      stopped: incident.restrictedTo !== null && !update.openly ? restrictedMeanwhile : deps.held(),
    };
  }

  async function carryOut(job: Job): Promise<void> {
    const { claimed, way } = job;
    const fail = (reason: string, permanent: boolean) =>
      settle(
        job,
        afterFailure(claimed, { permanent, retryAfterMs: null, reason, mayHaveLeft: false }, clock.now()),
        null,
      );
    if (job.stopped !== null) return fail(job.stopped, true);
    if ('fault' in way) return fail(way.fault, way.permanent);
    const { type } = way;
    let left = false;
    const send = (signal: AbortSignal): Promise<SendResult> => {
      const context: SendContext<unknown> = {
        ...way.context,
        now: clock.now(),
        signal,
        beforeWrite: async () => (left = await database.withTransaction((tx) => mayLeave(tx, job))),
      };
      if (claimed.kind === 'list') return type.send(context, mailOf(job));
      const { update, incident } = job;
      const place = deps.placeOf(claimed, claimed.id);
      if (type.publish !== undefined)
        return type.publish({ ...context, place }, { id: update.id, text: update.text, incident });
      const reason = 'its channel is no status page';
      return Promise.resolve({ outcome: 'failed', permanent: true, retryAfterMs: null, reason, response: '' });
    };
    const result = await deps.timedSend(clock, send, stopping.signal);
    if (result.outcome === 'accepted') return settle(job, afterSuccess(claimed, iso()), result.ref);
    // A provider that answered has not taken it; silence after it was written may be either.
    const mayHaveLeft = left && result.response === '';
    const { permanent, retryAfterMs } = result;
    // Mail servers name whom they refuse; that is for the list's managers alone.
    const reason = claimed.address === '' ? result.reason : result.reason.replaceAll(claimed.address, 'a reader');
    return settle(job, afterFailure(claimed, { permanent, retryAfterMs, reason, mayHaveLeft }, clock.now()), null);
  }

  /** Asked just before it leaves: it is still ours to send, and nobody restricted the incident meanwhile. */
  async function mayLeave(tx: Tx, { claimed, update }: Job): Promise<boolean> {
    const [incident] = await incidents.lockByIds(tx, [claimed.incidentId]);
    return (incident?.restrictedTo === null || update.openly) && (await store.isOurs(tx, claimed));
  }

  /** Writes down how it went and, with it, what the update says of itself; nothing when the claim is another's by now. */
  async function settle({ claimed }: Job, result: Attempted, ref: string | null): Promise<void> {
    await database.withTransaction(async (tx) => {
      const [incident] = await incidents.lockByIds(tx, [claimed.incidentId]);
      const update = await updates.lock(tx, claimed.updateId);
      if (incident === undefined || update === null || !(await store.settle(tx, claimed, iso(), result))) return;
      if (ref !== null && claimed.kind === 'statuspage') {
        const { incidentId, channelId } = claimed;
        // From here on the page follows the incident, whether a route told it or not.
        await deps.stands(tx, { incidentId, channelId, ref, shown: '' }, iso(tickMs));
      }
      const { deliveries, failed } = countedDeliveries(update, await store.counts(tx, update.id));
      await updates.save(tx, iso(), { ...update, version: update.version + 1, deliveries }, incident.restrictedTo);
      const entries = failed.map((delivery) => entryOf(update, failureWords(update.number, delivery)));
      await incidents.addTimeline(tx, entries);
    });
    if (result.state === 'sent') return;
    const { updateId, channelId } = claimed;
    logger.warn('an update could not be delivered', {
      updateId,
      channelId,
      reason: result.error,
      again: result.state === 'waiting',
    });
  }

  function entryOf(update: StatusUpdate, { text, detail }: { text: string; detail: string | null }): TimelineEntry {
    return {
      id: random.uuid(),
      version: 1,
      incidentId: update.incidentId,
      at: iso(),
      recordedAt: iso(),
      kind: 'publishing',
      source: 'system',
      actorId: null,
      actor: 'Tocsin',
      text,
      detail,
      alertId: null,
      starred: false,
    };
  }

  async function round(): Promise<number> {
    const token = random.uuid();
    const taken = await database.withTransaction((tx) => store.take(tx, iso(), token, leaseMs, mailsAtOnce));
    const done = await Promise.allSettled(
      taken.map(async (claimed) => {
        const job = await database.withTransaction((tx) => prepare(tx, claimed));
        if (job !== null) await carryOut(job);
      }),
    );
    for (const one of done)
      if (one.status === 'rejected') logger.error('delivering an update failed', { error: String(one.reason) });
    return taken.length;
  }

  const looks = createLooks({
    clock,
    everyMs: tickMs,
    look: round,
    failed: (error) =>
      logger.error('updates could not be delivered; they are looked for again in a second', { error: String(error) }),
    onWake: (listener) => deps.wake.on('updates', listener),
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
    async runDue() {
      let total = 0;
      for (;;) {
        const count = await round();
        total += count;
        if (count === 0) return total;
      }
    },
  };
}

function mailOf({ claimed, update, incident, listName, nextDueAt }: Job): OutgoingMessage {
  const { subject, text } = updateMail(update, incident, listName, nextDueAt);
  return {
    // The same mail again has the same name, so that a reader's program can drop it.
    id: claimed.id,
    purpose: 'plain',
    contact: { kind: 'email', address: claimed.address },
    recipient: null,
    incidents: [],
    summary: subject,
    text,
    link: null,
    appUrl: null,
    replyCode: null,
    code: null,
    late: false,
  };
}
