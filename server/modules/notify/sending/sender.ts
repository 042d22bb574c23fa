// Sends what is due. Claims are short transactions, sending happens outside of them, and a result counts only under the
// token it was claimed with: two servers, or one that was frozen, send nothing twice.
import type { Transactor, Tx } from '#server/database/transaction.ts';
import { attempt } from '#server/modules/notify/sending/attempt.ts';
import {
  type ChannelMessages,
  createChannelMessages,
  type RoomOpened,
} from '#server/modules/notify/sending/channel-messages.ts';
import { desktop } from '#server/modules/notify/channels/desktop.ts';
import { claimStore, type Lane } from '#server/modules/notify/claim-store.ts';
import { type Claim, createTakeDue } from '#server/modules/notify/claiming/claims.ts';
import {
  type Compose,
  type ComposeDeps,
  createCompose,
  type Fault,
  type Prepared,
} from '#server/modules/notify/messages/compose.ts';
import type { HoldBackDeps } from '#server/modules/notify/holding/hold-back.ts';
import { createLanes, type Pace } from '#server/modules/notify/claiming/lanes.ts';
import { createLastLook, type Moment, momentOf } from '#server/modules/notify/claiming/last-look.ts';
import { createPlaces } from '#server/modules/notify/sending/place.ts';
import { createPrepare } from '#server/modules/notify/sending/prepare.ts';
import { createResults } from '#server/modules/notify/sending/results.ts';
import { createSettle, type SettleDeps, type Step } from '#server/modules/notify/settling/settle.ts';
import { publishPages } from '#server/modules/notify/store.ts';
import { createUpkeep, type PagingMode } from '#server/modules/notify/sending/upkeep.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface Sender {
  start(): void;
  /** Waits for what is on its way, and for its results to be written down. */
  stop(): Promise<void>;
  /** Sends everything that is due now and waits for the results; answers how many messages were tried. */
  runDue(): Promise<number>;
  wake(): void;
}

export interface SenderDeps extends SettleDeps, ComposeDeps, HoldBackDeps {
  database: Transactor;
  wake: { on(channel: string, listener: () => void): () => void; signal(channel: string): void };
  mode(): PagingMode | Promise<PagingMode>;
  /** Everybody of this step is held by do-not-disturb: brings the next one forward, unless paging has gone on. */
  stepHeld(tx: Tx, at: string, step: Step): Promise<boolean>;
  /** First in a transaction: whether due times there and `clock` are of one mind, and stay so until it ends. */
  agrees(tx: Tx): Promise<boolean>;
  /** People with a desktop client connected to this server. */
  connectedUsers(): readonly string[];
  /** Keeps what a channel last did where people see it; called at most once a minute while nothing changes. */
  noteChannel(channelId: string, note: { at: string; error: string | null }): Promise<void>;
  roomOpened: RoomOpened;
  clock: Clock;
  random: Random;
  logger: Logger;
  /** For tests; R11 asks for 5 s at most. */
  leaseMs?: number;
  receiptWaitMs?: number;
}

const tickMs = 1_000;

export function createSender(deps: SenderDeps): Sender {
  const { database, clock, random, logger, types } = deps;
  const leaseMs = deps.leaseMs ?? 5_000;
  const serverId = random.uuid();
  const settle = createSettle(deps);
  const upkeep = createUpkeep({ ...deps, settle, serverId });
  const lanes = createLanes(clock);
  const takeDue = createTakeDue({
    ...deps,
    settle,
    serverId,
    leaseMs,
    receiptWaitMs: deps.receiptWaitMs ?? desktop.receiptWaitMs,
  });
  const compose: Compose = createCompose(deps);
  const prepare = createPrepare({ ...deps, compose });
  const channelMessages: ChannelMessages = createChannelMessages({ ...deps, compose });
  const results = createResults({ ...deps, settle, sent: (sent, tx, at) => channelMessages.sent(tx, at, sent), kick });
  const lastLook = createLastLook(deps);
  const placeOf = createPlaces(database);
  const underWay = new Map<Claim, { abort: AbortController; done: Promise<void> }>();
  let extraLanes: (string | null)[] = [];
  let updating: Promise<unknown> | null = null;
  let stopped = true;
  let again = false;
  let looping: Promise<void> | null = null;
  let cancelTick = () => {};
  let cancelRefill = () => {};
  let cancelRenewal: (() => void) | null = null;
  let endWake = () => {};

  const iso = () => new Date(clock.now()).toISOString();

  function kick(): void {
    if (stopped) return;
    again = true;
    looping ??= loop().finally(() => {
      looping = null;
      // Asked for again between the last look and now.
      if (again) kick();
    });
  }

  async function loop(): Promise<void> {
    while (again && !stopped) {
      again = false;
      try {
        while ((await round()) > 0 && !stopped);
      } catch (error) {
        logger.error('sending pages failed; it goes on in a second', { error: String(error) });
        return;
      }
    }
  }

  /** Claims once and starts to send; answers how many messages were claimed. */
  async function round(): Promise<number> {
    if ((await deps.mode()) !== 'live') return 0;
    let claimedAt = momentOf(clock);
    const taken = await database.withTransaction(async (tx) => {
      const [agreed, paces] = await Promise.all([deps.agrees(tx), pacesOf(tx)]);
      if (!agreed) return { claims: [], again: false, paces };
      const open: Lane[] = [...paces].map(([channelId, pace]) => ({ channelId, room: lanes.room(channelId, pace) }));
      const result = await takeDue(
        tx,
        iso(),
        open.filter((lane) => lane.room > 0),
      );
      // The page stays locked until the commit that follows, so no acknowledgement can be older than this.
      claimedAt = momentOf(clock);
      return { ...result, paces };
    });
    if (taken.again) again = true;
    const { claims, paces } = taken;
    const toSend = claims.filter((claim) => !claim.shownByClients);
    const { whole, faulty, back, messages } = await prepare(toSend);
    for (const { lead } of [...whole, ...faulty.map((one) => one.claim)]) {
      lanes.take(lead.channelId, paces.get(lead.channelId) ?? null);
    }
    const wait = lanes.nextRefillMs();
    cancelRefill();
    if (wait !== null && !stopped) cancelRefill = clock.setTimer(wait, kick);
    const since = await lastLook.since(whole, claimedAt);
    for (const { claim, reason } of faulty) begin(claim, { fault: reason, permanent: true }, claimedAt);
    for (const claim of whole) begin(claim, messages.get(claim.lead.id), since(claim));
    for (const claim of back) await giveBack(claim);
    return claims.length;
  }

  async function pacesOf(tx: Tx): Promise<Map<string | null, Pace | null>> {
    const channels = (await deps.config.current(tx)).list('channel').items;
    const paces = new Map<string | null, Pace | null>([[null, null]]);
    for (const channelId of extraLanes) paces.set(channelId, null);
    for (const { id, draft } of channels) paces.set(id, types.get(draft.kind)?.pace ?? null);
    return paces;
  }

  function begin(claim: Claim, prepared: Prepared | Fault | undefined, claimedAt: Moment): void {
    const abort = new AbortController();
    const done = attempt(clock, claim, prepared, claimedAt, abort.signal, lastLook.stands, placeOf)
      .then((sent) => (sent === null ? giveBack(claim) : results.add(sent)))
      .catch((error: unknown) => logger.error('an attempt ended without a result', { error: String(error) }))
      .finally(() => {
        underWay.delete(claim);
        lanes.done(claim.lead.channelId);
        again = true;
        kick();
      });
    underWay.set(claim, { abort, done });
    renewLater();
  }

  async function giveBack(claim: Claim): Promise<void> {
    await database.withTransaction(async (tx) => {
      await claimStore.release(tx, claim.tokens);
      await publishPages(tx, iso(), [...new Set([claim.lead, ...claim.members].map((one) => one.pageId))]);
    });
  }

  function renewLater(): void {
    cancelRenewal ??= clock.setTimer(leaseMs / 3, () => {
      cancelRenewal = null;
      void renew().finally(() => {
        if (underWay.size > 0 || results.waiting() > 0) renewLater();
      });
    });
  }

  async function renew(): Promise<void> {
    const claims = [...underWay.keys()];
    const tokens = [...claims, ...results.claims()].flatMap((claim) => claim.tokens);
    if (tokens.length === 0) return;
    try {
      const ours = await database.withTransaction((tx) => claimStore.renew(tx, tokens, leaseMs));
      // Another server has it by now: the less of ours still leaves, the better.
      for (const claim of claims) if (!ours.has(claim.lead.id)) underWay.get(claim)?.abort.abort();
    } catch (error) {
      logger.warn('leases of messages under way could not be renewed', { error: String(error) });
    }
  }

  /** What does not belong to sending itself, once a second. */
  async function upkeepOnce(): Promise<void> {
    const mode = await deps.mode();
    const found = await upkeep.run(mode);
    extraLanes = found.lanes;
    again ||= found.again;
    if (mode !== 'live') return;
    // Not waited for: a provider that hangs must not hold up what comes after it.
    updating ??= channelMessages.runDue().then(
      () => (updating = null),
      (error: unknown) => {
        updating = null;
        logger.error('messages in channels were not brought up to date; it is tried again', { error: String(error) });
      },
    );
  }

  async function tick(): Promise<void> {
    try {
      await upkeepOnce();
    } catch (error) {
      logger.error('upkeep of pages failed; it runs again in a second', { error: String(error) });
    }
    kick();
  }

  let ticking: Promise<void> = Promise.resolve();
  function schedule(): void {
    cancelTick = clock.setTimer(tickMs, () => {
      ticking = tick().then(() => {
        if (!stopped) schedule();
      });
    });
  }

  async function settleDown(): Promise<void> {
    while (underWay.size > 0) await Promise.all([...underWay.values()].map((one) => one.done));
    await results.flushed();
    await updating;
  }

  return {
    start() {
      stopped = false;
      endWake = deps.wake.on('notify', kick);
      schedule();
      kick();
    },
    async stop() {
      stopped = true;
      endWake();
      cancelTick();
      cancelRefill();
      await ticking;
      await looping;
      await settleDown();
      cancelRenewal?.();
      cancelRenewal = null;
    },
    async runDue() {
      let tried = 0;
      await upkeepOnce();
      for (;;) {
        const count = await round();
        await settleDown();
        if (count === 0) return tried;
        tried += count;
      }
    },
    wake: kick,
  };
}
