import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#server/api/app-error.ts';

/** Serves the built renderer. Its routes are in the hash, so index.html at / is all the fallback it needs. */
export async function registerStatic(app: FastifyInstance, staticDir: string | null): Promise<void> {
  if (staticDir === null || !existsSync(join(staticDir, 'index.html'))) {
    app.get('/', () => {
      throw new AppError(
        'not-found',
        'The web client has not been built here. `npm start` builds it; the API works without.',
      );
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: staticDir,
    wildcard: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders(reply, path) {
      // Names of built assets carry a hash of their content; index.html names them and must be fresh.
      reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
