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
  // Nothing is listed at the start: after a rebuild the new names are served, and the old ones are not there.
  await app.register(fastifyStatic, {
    root: staticDir,
    serve: false,
    cacheControl: false,
    setHeaders(reply, path) {
      // Names of built assets carry a hash of their content; index.html names them and must be fresh.
      reply.header('cache-control', /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get('/', (_request, reply) => reply.sendFile('index.html'));
  app.get('/index.html', (_request, reply) => reply.sendFile('index.html'));
  // For a tab that begins without the network: docs/offline.md.
  app.get('/sw.js', (_request, reply) => reply.sendFile('sw.js'));
  app.get('/assets.json', (_request, reply) => reply.sendFile('assets.json'));
  app.get('/licences.txt', (_request, reply) => reply.sendFile('licences.txt'));
  app.get('/assets/*', (request, reply) => {
    const { '*': name } = request.params as { '*': string };
    return reply.sendFile(`assets/${name}`);
  });
}
