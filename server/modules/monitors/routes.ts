import type { FastifyInstance } from 'fastify';
import { AppError } from '#server/api/app-error.ts';
import type { Monitors } from '#server/modules/monitors/service.ts';

/** Answers 0, or the seconds after which the caller may come again. */
interface Bound {
  take(key: string): number;
  giveBack(key: string): void;
}

const bodyMax = 65_536;

/** GET, HEAD or POST /heartbeats/KEY: whatever a job sends is a beat; a body is not read for anything. */
export async function registerHeartbeats(
  app: FastifyInstance,
  deps: { monitors: Pick<Monitors, 'beat'>; limits: { key: Bound; address: Bound } },
): Promise<void> {
  const { monitors, limits } = deps;
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bodyMax }, (_request, _body, done) =>
      done(null, null),
    );
    scope.route<{ Params: { key: string } }>({
      method: ['GET', 'HEAD', 'POST'],
      url: '/heartbeats/:key',
      bodyLimit: bodyMax,
      exposeHeadRoute: false,
      async handler(request, reply) {
        const { key } = request.params;
        refuse(limits.key.take(key));
        // Counted before the key is looked up, so that guessing costs the guesser more than us; a right key is no guess.
        refuse(limits.address.take(request.ip));
        const found = await monitors.beat(key);
        if (found === null) {
          throw new AppError(
            'not-found',
            'No heartbeat has this address: the key is mistyped or was replaced, or the heartbeat was deleted.',
          );
        }
        limits.address.giveBack(request.ip);
        void reply.header('cache-control', 'no-store');
        return reply.type('application/json; charset=utf-8').send('{"status":"ok"}');
      },
    });
  });
}

function refuse(seconds: number): void {
  if (seconds === 0) return;
  throw new AppError('rate-limited', `This address was called too often. Call it again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });
}
