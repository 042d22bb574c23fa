// The auditor's thread: a second, small composition root that shares no event loop and no connection with the first.
import { parentPort, workerData } from 'node:worker_threads';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { defaultPagingSettings } from '#server/contract/paging-settings.ts';
import { createDatabase, type DatabaseAddress } from '#server/database/pool.ts';
import type { OutgoingMessage } from '#server/modules/notify/channel-type.ts';
import { channelTypes } from '#server/modules/notify/registry.ts';
import { createAuditor } from '#server/modules/watchdog/auditor.ts';
import type { AuditorStart, FromAuditor, ToAuditor } from '#server/modules/watchdog/thread.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import type { Logger } from '#server/ports/logger.ts';

const { serverId, address, times, beats } = workerData as AuditorStart;
const say = (message: FromAuditor) => parentPort?.postMessage(message);
const log =
  (level: 'debug' | 'info' | 'warn' | 'error') =>
  (message: string, fields: Record<string, unknown> = {}) =>
    say({ type: 'log', level, message, fields });
const logger: Logger = {
  debug: log('debug'),
  info: log('info'),
  warn: log('warn'),
  error: log('error'),
  child: () => logger,
};

const clock = createSystemClock();
const random = createSystemRandom(clock);
const database = createDatabase({
  address: address as DatabaseAddress,
  logger,
  clock,
  random,
  max: 1,
  statementTimeoutMs: 10_000,
});
let facts: ToAuditor = { settings: defaultPagingSettings, fallback: null, publicUrl: '' };
const outgoing = createOutgoing({ allowedPrivate: () => facts.settings.allowedPrivateHosts, clock });

const count = new Int32Array(beats);
let seen = { count: -1, at: clock.monotonic() };

const auditor = createAuditor({
  serverId,
  database,
  times,
  mainSilentMs() {
    const now = Atomics.load(count, 0);
    if (now !== seen.count) seen = { count: now, at: clock.monotonic() };
    return clock.monotonic() - seen.at;
  },
  async tell({ summary, text }) {
    const { fallback, publicUrl } = facts;
    const type =
      fallback === null ? undefined : [...channelTypes.values()].find((one) => one.info.kind === fallback.kind);
    if (fallback === null || type === undefined) throw new Error('there is no fallback channel that could be told');
    const end = new AbortController();
    const cancel = clock.setTimer(10_000, () => end.abort());
    const { channelId, secrets } = fallback;
    const settings = type.settings.parse(fallback.settings);
    const message: OutgoingMessage = { ...plain, id: random.uuid(), summary, text };
    const context = { settings, secrets, channelId, outgoing, publicUrl, now: clock.now(), signal: end.signal };
    const result = await type.send(context, message).finally(cancel);
    if (result.outcome === 'failed') throw new Error(result.reason);
  },
  perSecond: (kind) => channelTypes.get(kind as never)?.pace.perSecond ?? null,
  async ping(url) {
    const { status } = await outgoing.request({ method: 'GET', url });
    if (status >= 400) throw new Error(`it answered ${status}`);
  },
  looked: (look) => say({ type: 'look', look }),
  clock,
  logger,
});

const plain: Omit<OutgoingMessage, 'id' | 'summary' | 'text'> = {
  purpose: 'plain',
  contact: null,
  recipient: null,
  incidents: [],
  link: null,
  appUrl: null,
  replyCode: null,
  code: null,
  late: false,
};

parentPort?.on('message', (told: ToAuditor) => {
  facts = told;
  auditor.orders({ mode: told.settings.mode, deadMan: told.settings.deadMan, fallback: told.fallback !== null });
});
auditor.start();
