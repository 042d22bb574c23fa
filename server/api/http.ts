// The HTTP server: what people and their tools talk to. Ingest brings its own plugin and passes none of the hooks here.
import type { Socket } from 'node:net';
import type { AnyTRPCRouter } from '@trpc/server';
import Fastify, { type FastifyInstance } from 'fastify';
import { AppError } from '#server/api/app-error.ts';
import type { Authenticator } from '#server/api/authenticator.ts';
import { answerError, errorAnswer } from '#server/api/error-answer.ts';
import { registerHealth } from '#server/api/health.ts';
import { rememberRoutes } from '#server/api/known-routes.ts';
import type { Metric } from '#server/api/metrics.ts';
import { createOpenStreams } from '#server/api/open-streams.ts';
import { isAllowedOrigin, isLoopbackAddress, isOwnHost, type OriginRules } from '#server/api/origin.ts';
import { createRateLimit } from '#server/api/rate-limit.ts';
import { registerRest } from '#server/api/rest.ts';
import { setSecurityHeaders } from '#server/api/security-headers.ts';
import { registerStatic } from '#server/api/static.ts';
import { registerTrpcHttp } from '#server/api/trpc-http.ts';
import { registerTrpcSocket } from '#server/api/trpc-socket.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface HttpConfig {
  host: string;
  /** 0 takes any free port. */
  port: number;
  publicUrl: string | null;
  /** Origins of other web pages that may call, beside our own and the app's. */
  allowedOrigins: readonly string[];
  /** Addresses or CIDR ranges whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  /** Calls a user (or a stranger's address) may make in a minute. */
  callsPerMinute: number;
}

export interface HttpServerDeps {
  config: HttpConfig;
  version: string;
  router: AnyTRPCRouter;
  auth: Authenticator;
  /** Cookie routes of sign-in: /auth/*. */
  registerAuth(app: FastifyInstance): void | Promise<void>;
  registerIngest(app: FastifyInstance): void | Promise<void>;
  /** What others call without signing in: providers' callbacks, signed pages, calendars, heartbeats. Each proves itself. */
  registerOutside(app: FastifyInstance): void | Promise<void>;
  /** The built renderer, or null. */
  staticDir: string | null;
  notReady(): Promise<readonly string[]>;
  metrics(): Promise<readonly Metric[]>;
  clock: Clock;
  random: Random;
  logger: Logger;
}

export interface HttpServer {
  app: FastifyInstance;
  /** The address it listens at, which a proxy may hide behind the public one. */
  start(): Promise<{ url: string; port: number }>;
  /** Ends streams, lets running requests finish for a few seconds, then closes what is left. */
  stop(): Promise<void>;
}

const headersWithinMs = 10_000;
const requestWithinMs = 30_000;
const stopWithinMs = 5_000;

export async function createHttpServer(deps: HttpServerDeps): Promise<HttpServer> {
  const { config, clock, logger } = deps;
  const rules: OriginRules = {
    loopback: isLoopbackAddress(config.host),
    publicUrl: config.publicUrl,
    allowedOrigins: config.allowedOrigins,
  };
  const streams = createOpenStreams({ clock, logger });
  const calls = createRateLimit({ clock, limit: config.callsPerMinute, windowMs: 60_000 });
  const boot = Buffer.from(deps.random.bytes(6)).toString('hex');
  let requests = 0;
  let url = '';

  const app = Fastify({
    logger: false,
    // One prefix a start and a count: unique without a random draw for every accepted alert.
    genReqId: () => `${boot}-${(requests += 1).toString(36)}`,
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    requestTimeout: requestWithinMs,
    // Batched calls carry the names of all their procedures in one path segment.
    routerOptions: { maxParamLength: 8_000 },
    frameworkErrors: (error, request, reply) => answerError(error, request, reply, logger),
    clientErrorHandler,
    http: {
      headersTimeout: headersWithinMs,
      requestTimeout: requestWithinMs,
      connectionsCheckingInterval: 1_000,
      // Elsewhere an upgrade header is ignored, as HTTP allows.
      shouldUpgradeCallback: (request: { url?: string }) => /^\/ws(\?|$)/.test(request.url ?? ''),
    } as object,
  });
  const routes = rememberRoutes(app);
  // Node forgets the sockets of WebSockets, which would keep the server from closing.
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, logger));
  app.setNotFoundHandler((request, reply) => {
    const methods = routes.methodsFor(pathOf(request.url));
    // A pattern such as /assets/* takes the method, and still there may be nothing at the address.
    if (methods.includes(request.method) || methods.every((method) => method === 'OPTIONS')) {
      throw new AppError(
        'not-found',
        `There is nothing at ${pathOf(request.url).slice(0, 200)}. The addresses are listed in /api/v1/openapi.json.`,
      );
    }
    void reply.header('allow', methods.join(', '));
    throw new AppError('method-not-allowed', `${request.method} is not taken here; ${methods.join(', ')} are.`);
  });

  await app.register(async (ingest) => deps.registerIngest(ingest));
  await app.register(async (outside) => deps.registerOutside(outside));

  await app.register(async (guarded) => {
    guarded.addHook('onRequest', (request, reply, done) => {
      setSecurityHeaders(reply, request.headers.host);
      const refused = refusal(request.headers.host, request.headers.origin, rules);
      // An upgrade that is answered plainly leaves its socket to nobody.
      if (refused !== undefined && request.headers.upgrade !== undefined)
        reply.raw.once('finish', () => request.raw.socket.end());
      done(refused);
    });
    registerHealth(guarded, { ...deps, streams: () => streams.size() });
    await registerStatic(guarded, deps.staticDir);

    await guarded.register(async (api) => {
      api.addHook('onRequest', (request, reply, done) => {
        allowCrossOrigin(request.headers.origin, reply);
        void reply.header('cache-control', 'no-store');
        done();
      });
      const mount = { router: deps.router, auth: deps.auth, calls, streams, logger, clock };
      await api.register(async (scope) => registerTrpcHttp(scope, mount));
      await api.register(async (scope) => registerTrpcSocket(scope, mount));
      await api.register(async (scope) =>
        registerRest(scope, { ...mount, baseUrl: () => config.publicUrl ?? url, version: deps.version }),
      );
      await api.register(async (scope) => deps.registerAuth(scope));
      for (const path of ['/trpc/*', '/api/*', '/auth/*']) {
        api.options(path, (_request, reply) => reply.code(204).send());
      }
    });
  });

  return {
    app,
    async start() {
      await app.listen({ host: config.host, port: config.port });
      streams.start();
      const address = app.server.address();
      const port = typeof address === 'object' && address !== null ? address.port : config.port;
      const name = config.host.includes(':')
        ? `[${config.host}]`
        : config.host === '0.0.0.0'
          ? '127.0.0.1'
          : config.host;
      url = `http://${name}:${port}`;
      return { url, port };
    },
    async stop() {
      const cancel = clock.setTimer(stopWithinMs, () => {
        for (const socket of sockets) socket.destroy();
      });
      streams.closeAll();
      await app.close();
      cancel();
    },
  };
}

function refusal(host: string | undefined, origin: string | undefined, rules: OriginRules): Error | undefined {
  if (!isOwnHost(host, rules)) {
    return new AppError(
      'forbidden',
      'This server was reached under a name that is not its own. Use localhost, or set TOCSIN_PUBLIC_URL.',
    );
  }
  if (!isAllowedOrigin(origin, host, rules)) {
    return new AppError(
      'forbidden',
      'Pages of this origin may not call this server. An administrator can allow it in the configuration.',
    );
  }
  return undefined;
}

/** Only origins that passed the guard come here. No credentials: the sign-in cookie is for our own pages alone. */
function allowCrossOrigin(
  origin: string | undefined,
  reply: { headers(values: Record<string, string>): unknown },
): void {
  void reply.headers({ vary: 'origin' });
  if (origin === undefined) return;
  void reply.headers({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
    'access-control-allow-headers': 'authorization, content-type, idempotency-key, last-event-id, trpc-accept',
    'access-control-expose-headers': 'retry-after',
    'access-control-max-age': '600',
  });
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/** Requests that never became one: too slow, too large in the headers, or not HTTP. */
function clientErrorHandler(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, code, message] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408', 'Request Timeout', 'timeout', 'The request took too long to arrive. Send it again.']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? ['431', 'Request Header Fields Too Large', 'malformed', 'The headers are larger than this server takes.']
        : ['400', 'Bad Request', 'malformed', 'This is not an HTTP request that can be read.'];
  const body = JSON.stringify(errorAnswer(code ?? '', message ?? '', 'none'));
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
