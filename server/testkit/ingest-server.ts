import Fastify from 'fastify';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { AppError } from '#server/api/app-error.ts';
import { defaultIngestLimits, type IngestLimits } from '#server/modules/ingest/limits.ts';
import { registerIngestRoutes } from '#server/modules/ingest/routes.ts';
import { createIngest, type IngestIntegration } from '#server/modules/ingest/service.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { NewRecord } from '#server/ports/event-log.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

interface Seen {
  id: string;
  accepted: number;
  refused: number;
  error: string | null;
}

/** One integration of each kind; its key is `key-KIND`. */
export const testIntegrations: Record<IngestIntegration['kind'], IngestIntegration> = {
  alertmanager: { id: '00000000-0000-4000-8000-000000000001', kind: 'alertmanager', enabled: true, mapping: null },
  'events-v2': { id: '00000000-0000-4000-8000-000000000002', kind: 'events-v2', enabled: true, mapping: null },
  grafana: { id: '00000000-0000-4000-8000-000000000003', kind: 'grafana', enabled: true, mapping: null },
  generic: { id: '00000000-0000-4000-8000-000000000004', kind: 'generic', enabled: true, mapping: null },
};

/** The ingest addresses over a log in memory, listening on a free port. */
export async function startIngestServer(
  options: {
    limits?: Partial<IngestLimits>;
    clock?: Clock;
    keys?: Record<string, IngestIntegration>;
    port?: number;
    http?: { headersTimeout: number; requestTimeout: number; connectionsCheckingInterval: number };
  } = {},
) {
  const clock = options.clock ?? createSystemClock();
  const logger = createMemoryLogger();
  const records: NewRecord[] = [];
  const seen: Seen[] = [];
  const deliveries = new Set<string>();
  const state = { failWith: null as Error | null, backlog: 0 };
  const keys = new Map(
    Object.entries(
      options.keys ?? Object.fromEntries(Object.values(testIntegrations).map((i) => [`key-${i.kind}`, i])),
    ),
  );

  const ingest = createIngest({
    clock,
    logger,
    random: createSystemRandom(clock),
    limits: { ...defaultIngestLimits, ...options.limits },
    log: {
      async append(_topic, added, deliveryId) {
        if (state.failWith !== null) throw state.failWith;
        if (deliveryId !== undefined && deliveries.has(deliveryId)) return { duplicate: true };
        if (deliveryId !== undefined) deliveries.add(deliveryId);
        for (const record of added) records.push(record);
        return { duplicate: false };
      },
      lag: async () => ({ records: state.backlog, oldestAgeMs: 0 }),
    },
    integrations: {
      byKey(key) {
        if (key === 'key-broken')
          throw new AppError('unavailable', 'The store does not answer.', { retryAfterSeconds: 5 });
        return keys.get(key) ?? null;
      },
      seen: (id, counts) => seen.push({ id, ...counts }),
    },
  });
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    ...(options.http === undefined
      ? {}
      : { http: options.http as object, requestTimeout: options.http.requestTimeout }),
  });
  await registerIngestRoutes(app, { ingest, logger, version: '0.0.0' });
  const url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  return { url, app, ingest, records, seen, state, logger, close: () => app.close() };
}

export interface IngestReply {
  status: number;
  headers: Headers;
  body: Record<string, never> & {
    error?: { code: string; message: string; traceId: string };
    rejected?: { index: number; reason: string }[];
  };
}

export const ingestPaths = {
  alertmanager: '/api/v1/alerts/webhook',
  api: '/api/v2/alerts',
  enqueue: '/v2/enqueue',
  change: '/v2/change/enqueue',
  generic: '/webhooks/generic',
  grafana: '/webhooks/grafana',
};

export async function postTo(
  server: { url: string },
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<IngestReply> {
  const init = { method, headers: { 'content-type': 'application/json', ...headers } };
  const response = await fetch(server.url + path, method === 'GET' ? init : { ...init, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}
