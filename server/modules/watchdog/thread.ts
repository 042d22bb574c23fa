// The main thread's side of the auditor: starts its thread, keeps telling it that this one moves, starts it again when it
// is gone.
import { Worker } from 'node:worker_threads';
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { AuditLook } from '#server/contract/watchdog.ts';
import type { AuditTimes } from '#server/modules/watchdog/audit.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** The fallback channel, resolved: what its kind's `send` needs. */
export interface FallbackChannel {
  channelId: string;
  kind: string;
  settings: Record<string, string | number | boolean>;
  secrets: Record<string, string>;
}

export interface ToAuditor {
  settings: PagingSettings;
  fallback: FallbackChannel | null;
  publicUrl: string;
}
export type FromAuditor =
  | { type: 'look'; look: AuditLook }
  | { type: 'log'; level: 'debug' | 'info' | 'warn' | 'error'; message: string; fields: Record<string, unknown> };

export interface AuditorStart {
  serverId: string;
  /** For `createDatabase`. */
  address: unknown;
  times: AuditTimes;
  /** Counts while the main thread moves. */
  beats: SharedArrayBuffer;
}

export interface AuditorThread {
  start(): void;
  stop(): Promise<void>;
  /** Passes on what changed. */
  refresh(): void;
  lastLook(): AuditLook | null;
}

/** Several in the time after which silence is a stall. */
const beatsAStall = 5;
const refreshMs = 10_000;
const againMs = 5_000;
/** A thread that has not looked for so many of its turns hangs. */
const silentLooks = 6;

export function createAuditorThread(deps: {
  /** `server/auditor.ts`. */
  program: URL;
  serverId: string;
  address: unknown;
  times: AuditTimes;
  facts(): Promise<ToAuditor>;
  clock: Clock;
  logger: Logger;
}): AuditorThread {
  const { clock, logger, times } = deps;
  const beats = new SharedArrayBuffer(4);
  const count = new Int32Array(beats);
  const cancels = new Map<string, () => void>();
  let worker: Worker | null = null;
  let told = '';
  let look: AuditLook | null = null;
  let lookedAt = 0;
  let stopped = true;

  function every(name: string, ms: number, work: () => void): void {
    cancels.set(
      name,
      clock.setTimer(ms, () => {
        work();
        if (!stopped) every(name, ms, work);
      }),
    );
  }

  function launch(): void {
    const workerData: AuditorStart = { serverId: deps.serverId, address: deps.address, times, beats };
    const started = new Worker(deps.program, { workerData, name: 'auditor' });
    worker = started;
    told = '';
    lookedAt = clock.monotonic();
    // The process ends when all else has; the auditor alone does not keep it.
    started.unref();
    started.on('message', (message: FromAuditor) => {
      if (message.type === 'log') logger[message.level](message.message, { part: 'auditor', ...message.fields });
      else {
        look = message.look;
        lookedAt = clock.monotonic();
      }
    });
    started.on('error', (error: unknown) => logger.error('the auditor failed', { error: String(error) }));
    started.once('exit', (code) => {
      if (worker !== started) return;
      worker = null;
      if (stopped) return;
      logger.error('the auditor has ended and is started again', { code });
      cancels.set('again', clock.setTimer(againMs, launch));
    });
    refresh();
  }

  function refresh(): void {
    const to = worker;
    if (to === null) return;
    deps
      .facts()
      .then((facts) => {
        const text = JSON.stringify(facts);
        if (worker !== to || text === told) return;
        told = text;
        to.postMessage(facts);
      })
      .catch((error: unknown) =>
        logger.warn('the auditor could not be told of the settings', { error: String(error) }),
      );
  }

  function watch(): void {
    refresh();
    if (worker === null || clock.monotonic() - lookedAt < silentLooks * times.lookEveryMs) return;
    logger.error('the auditor has not looked for a while and is started again', {});
    void worker.terminate();
  }

  return {
    start() {
      stopped = false;
      launch();
      every('beat', times.stallMs / beatsAStall, () => void Atomics.add(count, 0, 1));
      every('watch', refreshMs, watch);
    },
    async stop() {
      stopped = true;
      for (const cancel of cancels.values()) cancel();
      const running = worker;
      worker = null;
      await running?.terminate();
    },
    refresh,
    lastLook: () => look,
  };
}
