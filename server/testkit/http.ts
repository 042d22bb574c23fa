import type { AnyTRPCRouter } from '@trpc/server';
import type { FastifyInstance } from 'fastify';
import type { Authenticated } from '#server/api/authenticator.ts';
import type { Actor } from '#server/api/context.ts';
import { createHttpServer, type HttpConfig, type HttpServer } from '#server/api/http.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createMemoryLogger, type MemoryLogger } from '#server/testkit/logger.ts';

export interface TestHttp {
  server: HttpServer;
  url: string;
  logger: MemoryLogger;
}

export const testActor: Actor = {
  userId: '00000000-0000-7000-8000-000000000001',
  name: 'Ada',
  role: 'responder',
  teamIds: [],
  sessionId: null,
};

/** The shipped HTTP server on a free port, with people it knows by token. */
export async function startTestHttp(options: {
  router: AnyTRPCRouter;
  people?: Record<string, Authenticated>;
  config?: Partial<HttpConfig>;
  staticDir?: string;
  notReady?: () => Promise<string[]>;
  registerIngest?: (app: FastifyInstance) => void;
  registerOutside?: (app: FastifyInstance) => void | Promise<void>;
  registerAuth?: (app: FastifyInstance) => void | Promise<void>;
}): Promise<TestHttp> {
  const clock = createSystemClock();
  const logger = createMemoryLogger();
  const people = options.people ?? { ada: { actor: testActor, current: async () => testActor } };
  const server = await createHttpServer({
    config: {
      host: '127.0.0.1',
      port: 0,
      publicUrl: null,
      allowedOrigins: [],
      trustedProxies: [],
      callsPerMinute: 600,
      ...options.config,
    },
    version: '0.0.0',
    router: options.router,
    auth: { authenticate: async (bearer) => (Object.hasOwn(people, bearer) ? (people[bearer] ?? null) : null) },
    registerAuth: options.registerAuth ?? (() => {}),
    registerIngest: options.registerIngest ?? (() => {}),
    registerOutside: options.registerOutside ?? (() => {}),
    staticDir: options.staticDir ?? null,
    notReady: options.notReady ?? (async () => []),
    metrics: async () => [],
    clock,
    random: createSystemRandom(clock),
    logger,
  });
  const { port } = await server.start();
  return { server, url: `http://127.0.0.1:${port}`, logger };
}
