// /api/v1: the procedures that carry an `openapi` mark, as plain HTTP. Nothing is written twice: routes, inputs and the
// document all come from the procedures.
import type { AnyTRPCProcedure, AnyTRPCRouter } from '@trpc/server';
import type { FastifyInstance } from 'fastify';
import { generateOpenApiDocument, type OpenApiRouter } from 'trpc-to-openapi';
import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import type { Authenticator } from '#server/api/authenticator.ts';
import { callContext } from '#server/api/call-context.ts';
import { maxNesting, nestsDeeperThan } from '#server/api/nesting.ts';
import type { RateLimit } from '#server/api/rate-limit.ts';
import { fromQuery } from '#server/api/rest-query.ts';
import { createCallerFactory, type Meta } from '#server/api/trpc.ts';

export interface RestDeps {
  router: AnyTRPCRouter;
  auth: Authenticator;
  calls: RateLimit;
  /** Where clients reach the server, for the document. */
  baseUrl: () => string;
  version: string;
}

const bodyMax = 1_048_576;

export function registerRest(app: FastifyInstance, deps: RestDeps): void {
  const createCaller = createCallerFactory(deps.router);
  let document: string | null = null;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: bodyMax }, (_request, body, done) => {
    parseJson(body as string, done);
  });

  // A file as it is, with the other fields in the query: /config/plan?prune=true.
  const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml'];
  app.addContentTypeParser(yamlTypes, { parseAs: 'string', bodyLimit: bodyMax }, (request, body, done) => {
    done(null, { ...(request.query as Record<string, unknown>), yaml: body });
  });

  app.get('/api/v1/openapi.json', (_request, reply) => {
    document ??= JSON.stringify(
      generateOpenApiDocument(deps.router as unknown as OpenApiRouter, {
        title: 'Tocsin',
        version: deps.version,
        baseUrl: `${deps.baseUrl()}/api/v1`,
      }),
    );
    return reply.type('application/json; charset=utf-8').send(document);
  });

  for (const [path, procedure] of restProcedures(deps.router)) {
    const openapi = metaOf(procedure).openapi;
    if (openapi === undefined) continue;
    const input = (procedure._def as unknown as { inputs: unknown[] }).inputs[0];
    const takesBody = openapi.method !== 'GET' && openapi.method !== 'DELETE';

    app.route({
      method: openapi.method,
      url: `/api/v1${openapi.path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      bodyLimit: metaOf(procedure).bodyMax ?? bodyMax,
      handler: async (request, reply) => {
        const key = request.headers['idempotency-key'];
        const { context } = await callContext(
          deps,
          {
            authorization: request.headers.authorization,
            ip: request.ip,
            traceId: request.id,
            idempotencyKey: Array.isArray(key) ? key[0] : key,
          },
          { counted: true },
        );
        const given = takesBody ? bodyOf(request.body) : fromQuery(input, request.query as Record<string, unknown>);
        const params = fromQuery(input, request.params as Record<string, unknown>);
        const value = await call(
          createCaller(context),
          path,
          input === undefined ? undefined : { ...given, ...params },
        );
        const { text } = metaOf(procedure);
        if (text !== undefined) return reply.type(`${text}; charset=utf-8`).send(String(value));
        return reply.type('application/json; charset=utf-8').send(JSON.stringify(value ?? {}));
      },
    });
  }
}

export function metaOf(procedure: AnyTRPCProcedure): Partial<Meta> {
  return (procedure._def.meta ?? {}) as Partial<Meta>;
}

function restProcedures(router: AnyTRPCRouter): [string, AnyTRPCProcedure][] {
  return Object.entries(router._def.procedures as Record<string, AnyTRPCProcedure>).filter(
    ([, procedure]) => metaOf(procedure).openapi !== undefined && procedure._def.type !== 'subscription',
  );
}

async function call(caller: unknown, path: string, input: unknown): Promise<unknown> {
  const found = path.split('.').reduce<unknown>((place, name) => (place as Record<string, unknown>)[name], caller);
  return (found as (input: unknown) => Promise<unknown>)(input);
}

const Body = z.record(z.string(), z.unknown());

function bodyOf(body: unknown): Record<string, unknown> {
  if (body === undefined) return {};
  const parsed = Body.safeParse(body);
  if (!parsed.success) throw new AppError('malformed', 'The body must be one JSON object.');
  return parsed.data;
}

function parseJson(text: string, done: (error: Error | null, body?: unknown) => void): void {
  if (nestsDeeperThan(text, maxNesting)) {
    done(new AppError('malformed', `The JSON nests deeper than ${maxNesting} levels. Send it flatter.`));
    return;
  }
  if (text.trim() === '') {
    done(null, undefined);
    return;
  }
  try {
    done(null, JSON.parse(text));
  } catch {
    done(new AppError('malformed', 'The body is not valid JSON. Mend it and send it again.'));
  }
}
