import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import { gauge, type Metric, prometheusText } from '#server/api/metrics.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface HealthDeps {
  /** Why the server cannot do its work now; empty when it can. */
  notReady(): Promise<readonly string[]>;
  metrics(): Promise<readonly Metric[]>;
  streams(): number;
  logger: Logger;
}

const noStore = { 'cache-control': 'no-store' } as const;

export function registerHealth(app: FastifyInstance, deps: HealthDeps): void {
  const loopDelay = monitorEventLoopDelay({ resolution: 20 });
  loopDelay.enable();
  app.addHook('onClose', (_app, done) => {
    loopDelay.disable();
    done();
  });

  app.get('/health', (_request, reply) => reply.headers(noStore).send({ status: 'ok' }));

  app.get('/ready', async (_request, reply) => {
    const reasons = await deps.notReady().catch((error: unknown) => {
      deps.logger.warn('readiness could not be asked', {
        reason: error instanceof Error ? error.message : String(error),
      });
      return ['the server could not find out whether it is ready'];
    });
    if (reasons.length === 0) return reply.headers(noStore).send({ status: 'ready' });
    return reply
      .code(503)
      .headers({ ...noStore, 'retry-after': '5' })
      .send({ status: 'not-ready', reasons });
  });

  app.get('/metrics', async (_request, reply) => {
    const memory = process.memoryUsage();
    const own = [
      gauge('process_resident_memory_bytes', 'Resident memory of the server process.', memory.rss),
      gauge('process_heap_bytes', 'Used JavaScript heap of the server process.', memory.heapUsed),
      gauge('process_uptime_seconds', 'Seconds since the server process started.', process.uptime()),
      gauge(
        'tocsin_event_loop_lag_seconds',
        'Event loop delay since the last scrape, 99th percentile.',
        seconds(loopDelay.percentile(99)),
      ),
      gauge('tocsin_open_streams', 'Clients that listen to the change feed or another subscription.', deps.streams()),
    ];
    loopDelay.reset();
    const text = prometheusText([...own, ...(await deps.metrics())]);
    return reply.headers(noStore).type('text/plain; version=0.0.4; charset=utf-8').send(text);
  });
}

function seconds(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0;
}
