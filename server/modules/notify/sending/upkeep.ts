// What sending needs once a second: whose desktop is there, what may not go now, and claims whose server went away.
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import { desktop } from '#server/modules/notify/channels/desktop.ts';
import { claimStore } from '#server/modules/notify/claim-store.ts';
import { nextWayAfterMs } from '#server/modules/notify/settling/decide-delivery.ts';
import { createHeldSteps } from '#server/modules/notify/holding/do-not-disturb.ts';
import type { Ended, Settle } from '#server/modules/notify/settling/settle.ts';
import { settleStore } from '#server/modules/notify/settling/settle-store.ts';
import { publishPages } from '#server/modules/notify/store.ts';
import type { Clock } from '#server/ports/clock.ts';

export type PagingMode = 'live' | 'shadow' | 'paused';

export interface Upkeep {
  /** Channels to which something is due, also such as were deleted; and whether a claim was taken back. */
  run(mode: PagingMode): Promise<{ lanes: (string | null)[]; again: boolean }>;
}

const presenceEveryMs = 5_000;
const holds = {
  paused: { status: 'pending', note: 'Paging is paused; this goes out when it goes on.' },
  shadow: { status: 'shadow', note: 'Shadow mode: written down, not sent.' },
} as const;

export function createUpkeep(
  deps: Parameters<typeof createHeldSteps>[0] & {
    database: Transactor;
    config: ConfigReader<Tx>;
    /** After a commit that brought a step forward. */
    wake: { signal(channel: string): void };
    settle: Settle;
    /** First in a transaction: whether due times there and `clock` are of one mind, and stay so until it ends. */
    agrees(tx: Tx): Promise<boolean>;
    serverId: string;
    connectedUsers(): readonly string[];
    clock: Clock;
  },
): Upkeep {
  const { database, settle, agrees, serverId, connectedUsers, clock } = deps;
  const bringHeldForward = createHeldSteps(deps);
  let reported = { users: '', at: -Infinity };
  const iso = () => new Date(clock.now()).toISOString();

  async function reportPresence(): Promise<void> {
    const users = [...new Set(connectedUsers())].toSorted();
    const key = users.join();
    if (key === reported.users && (key === '' || clock.monotonic() - reported.at < presenceEveryMs)) return;
    await database.withTransaction((tx) => claimStore.reportPresence(tx, serverId, users, 3 * presenceEveryMs));
    reported = { users: key, at: clock.monotonic() };
  }

  /**
   * Claims whose server went away, and desktops that said nothing. And who waits in the queue of a channel that takes no
   * more, because it is slow or hangs: their next way starts (R4).
   */
  async function takeBack(mode: PagingMode): Promise<boolean> {
    return database.withTransaction(async (tx) => {
      // Leases are told by the database's clock: when it was set ahead, all of them look as if they had run out.
      if (!(await agrees(tx))) return false;
      const at = iso();
      const before = new Date(Date.parse(at) - nextWayAfterMs).toISOString();
      const expired = await claimStore.expired(tx, 500);
      const stuck = mode === 'live' ? await claimStore.stuck(tx, at, before, 500) : [];
      return (await settle(tx, at, [...expired.map(endedOf), ...stuck.map(heldUp)])).again;
    });
  }

  /** In every mode: whom do-not-disturb holds, nobody waits for. */
  async function goPastHeld(): Promise<void> {
    const steps = await database.withTransaction(async (tx) =>
      (await agrees(tx)) ? bringHeldForward(tx, iso(), await deps.config.current(tx)) : 0,
    );
    if (steps > 0) deps.wake.signal('paging');
  }

  return {
    async run(mode) {
      await reportPresence();
      const lanes = await database.withTransaction(async (tx) => {
        const at = iso();
        if (mode !== 'live') await publishPages(tx, at, await settleStore.markDue(tx, at, holds[mode]));
        await claimStore.freeLeftBehind(tx);
        return claimStore.dueLanes(tx, at);
      });
      await goPastHeld();
      return { lanes, again: await takeBack(mode) };
    },
  };
}

function heldUp({ id, dueAt }: { id: string; dueAt: string }): Ended {
  return {
    notificationId: id,
    guard: 'waiting',
    outcome: { result: 'held', until: dueAt },
    seen: null,
    reason: 'its channel has more to send than it takes',
    response: '',
    ref: null,
    elapsedMs: null,
  };
}

function endedOf({ id, via }: { id: string; via: string }): Ended {
  const known = {
    notificationId: id,
    guard: 'lease',
    seen: 'attempt',
    response: '',
    ref: null,
    elapsedMs: null,
  } as const;
  return via === 'desktop'
    ? { ...known, outcome: { result: 'failed', permanent: false, retryAfterMs: null }, reason: desktop.notShown }
    : { ...known, outcome: { result: 'lost' }, reason: 'its server went away while sending' };
}
