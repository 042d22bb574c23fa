// /ws: the same procedures and subscriptions over one WebSocket. The token comes as a connection parameter.
import type { IncomingMessage } from 'node:http';
import websocket from '@fastify/websocket';
import { TRPCError } from '@trpc/server';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import type { FastifyInstance } from 'fastify';
import type { WebSocket, WebSocketServer } from 'ws';
import { callContext, tooManyCalls } from '#server/api/call-context.ts';
import { reportTrpcError, trpcFailure } from '#server/api/trpc-failure.ts';
import { signInFirst, trpcBodyMax, type TrpcMountDeps } from '#server/api/trpc-http.ts';
import type { Clock } from '#server/ports/clock.ts';

/** A socket that has not said who it is by then is closed. */
const signInWithinMs = 10_000;
/** Close codes: 1008 policy violation, 1013 try again later (RFC 6455 and the IANA registry). */
const closeCode = { policy: 1008, tryAgainLater: 1013 } as const;

interface Caller {
  ip: string;
  traceId: string;
  signedIn: () => void;
}

export async function registerTrpcSocket(app: FastifyInstance, deps: TrpcMountDeps & { clock: Clock }): Promise<void> {
  await app.register(websocket, { options: { maxPayload: trpcBodyMax } });
  const callers = new WeakMap<IncomingMessage, Caller>();

  const connect = getWSConnectionHandler({
    // The handler is given each socket; it never looks at the server that the options ask for.
    wss: (app as unknown as { websocketServer: WebSocketServer }).websocketServer,
    router: deps.router,
    keepAlive: { enabled: true, pingMs: 10_000, pongWaitMs: 10_000 },
    onError: ({ error, path, req }) => reportTrpcError(deps.logger, error, path, callers.get(req)?.traceId ?? ''),
    createContext: async ({ req, res: socket, info }) => {
      const caller = callers.get(req);
      if (caller === undefined) throw new TRPCError({ code: 'UNAUTHORIZED', cause: signInFirst() });
      const token = info.connectionParams?.['token'];
      const authorization = token === undefined ? req.headers.authorization : `Bearer ${token}`;
      const { who, context } = await callContext(
        deps,
        { authorization, ip: caller.ip, traceId: caller.traceId, idempotencyKey: undefined },
        { counted: true },
      ).catch((error: unknown) => {
        throw trpcFailure(error);
      });
      if (who === null) throw trpcFailure(signInFirst());
      caller.signedIn();
      const forget = deps.streams.add(who, () => socket.close(closeCode.policy, 'sign in again'));
      socket.once('close', forget);
      countMessages(socket, `user ${who.actor.userId}`);
      return context;
    },
  });

  /** Each message is one call, as each request is over HTTP. */
  function countMessages(socket: WebSocket, key: string): void {
    socket.on('message', () => {
      const wait = deps.calls.take(key);
      if (wait > 0) socket.close(closeCode.tryAgainLater, tooManyCalls(wait).message);
    });
  }

  app.get('/ws', { websocket: true }, (socket, request) => {
    const cancel = deps.clock.setTimer(signInWithinMs, () => socket.close(closeCode.policy, 'no credential came'));
    socket.once('close', cancel);
    callers.set(request.raw, { ip: request.ip, traceId: request.id, signedIn: cancel });
    connect(socket, request.raw);
  });
}
