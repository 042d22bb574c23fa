import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { AppError } from '#server/api/app-error.ts';
import { acceptedBody, refusal } from '#server/modules/ingest/answers.ts';
import { parseJson, tooLarge, unpack } from '#server/modules/ingest/body.ts';
import { keyOf, keyOfQuery } from '#server/modules/ingest/credentials.ts';
import { type Endpoint, endpoints } from '#server/modules/ingest/endpoints.ts';
import type { BodyLimits } from '#server/modules/ingest/limits.ts';
import type { Ingest, IngestIntegration } from '#server/modules/ingest/service.ts';
import { isObject } from '#server/modules/ingest/text.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface IngestRoutesDeps {
  ingest: Ingest;
  logger: Logger;
  version: string;
}

const json = 'application/json; charset=utf-8';
const otherMethods: HTTPMethods[] = ['GET', 'PUT', 'DELETE', 'PATCH'];
const idempotencyKeyMax = 255;

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose key the request carries, once that is known. */
    ingestIntegration: IngestIntegration | null;
  }
}

/** Adds the ingest addresses to a scope of their own: bodies arrive as bytes, and refusals have their senders' shapes. */
export async function registerIngestRoutes(app: FastifyInstance, deps: IngestRoutesDeps): Promise<void> {
  await app.register(async (scope) => {
    scope.decorateRequest('ingestIntegration', null);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const endpoint of endpoints) await scope.register(async (own) => addEndpoint(own, endpoint, deps));
    addAlertmanagerStatus(scope, deps.version);
  });
}

function addEndpoint(scope: FastifyInstance, endpoint: Endpoint, deps: IngestRoutesDeps): void {
  const { ingest, logger } = deps;
  const limits = endpoint.kind === 'alertmanager' ? ingest.limits.alertmanagerBody : ingest.limits.body;

  scope.setErrorHandler((error: Error & { code?: string }, request, reply) => {
    const known = error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? tooLarge(limits.sentBytes, 'sent') : error;
    if (request.ingestIntegration !== null) ingest.refused(request.ingestIntegration, known);
    const answer = refusal(known, endpoint, request.id);
    if (!answer.known) logger.error('an ingest request failed', { traceId: request.id, route: endpoint.path, error });
    return reply.code(answer.status).headers(answer.headers).type(json).send(answer.body);
  });

  scope.route({
    method: 'POST',
    url: endpoint.path,
    bodyLimit: limits.sentBytes,
    // Before the body is read, so that strangers and wrong types cost little.
    onRequest(request, _reply, done) {
      const { authorization, 'content-type': contentType } = request.headers;
      const key = authorization === undefined ? keyOfQuery(request.query) : keyOf(authorization);
      const wrongType = contentTypeProblem(contentType);
      const keyInBody = endpoint.kind === 'events-v2' && key === null && authorization === undefined;
      if (wrongType !== null) done(wrongType);
      else if (keyInBody) done();
      else admitKey(ingest, endpoint, key, request, done);
    },
    handler: async (request, reply) => take(request, reply, endpoint, limits, ingest),
  });

  scope.route({
    method: otherMethods,
    url: endpoint.path,
    onRequest(request, reply, done) {
      void reply.header('allow', 'POST');
      done(
        new AppError(
          'method-not-allowed',
          `${request.method} is not taken here; alerts are sent with POST. Read them at GET /api/v1/alerts.`,
        ),
      );
    },
    handler: (_request, reply) => reply,
  });
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  endpoint: Endpoint,
  limits: BodyLimits,
  ingest: Ingest,
): Promise<FastifyReply> {
  const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key']);
  const sent = Buffer.isBuffer(request.body) ? request.body : null;
  if (sent === null || sent.length === 0) throw new AppError('malformed', 'The body is empty. Send the alert as JSON.');
  const encoding = request.headers['content-encoding'];
  const plain = encoding === undefined || encoding === 'identity';
  const body = parseJson(plain ? sent : await unpack(sent, encoding, limits.unpackedBytes));
  const integration = request.ingestIntegration ?? (await byRoutingKey(ingest, endpoint, body, request));
  const taken = await ingest.accept(integration, endpoint.format, body, idempotencyKey);
  return reply.code(endpoint.success).type(json).send(acceptedBody(endpoint, taken));
}

function admitKey(
  ingest: Ingest,
  endpoint: Endpoint,
  key: string | null,
  request: FastifyRequest,
  done: (error?: Error) => void,
): void {
  const settle = (integration: IngestIntegration | null): void => {
    try {
      request.ingestIntegration = checkIntegration(integration, endpoint);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  };
  if (key === null) {
    done(
      new AppError(
        'unauthenticated',
        `No integration key came with this. Send it as “Authorization: Bearer KEY” or as ?key=KEY${endpoint.kind === 'events-v2' ? ', or as routing_key' : ''}.`,
      ),
    );
    return;
  }
  const found = ingest.authenticate(key);
  if (found instanceof Promise) found.then(settle, done);
  else settle(found);
}

async function byRoutingKey(
  ingest: Ingest,
  endpoint: Endpoint,
  body: unknown,
  request: FastifyRequest,
): Promise<IngestIntegration> {
  const key = isObject(body) ? body['routing_key'] : undefined;
  if (typeof key !== 'string' || key === '') {
    throw new AppError(
      'unauthenticated',
      "'routing_key' is missing or blank. It is the key of an Events v2 integration.",
    );
  }
  const integration = checkIntegration(await ingest.authenticate(key), endpoint);
  request.ingestIntegration = integration;
  return integration;
}

function checkIntegration(integration: IngestIntegration | null, endpoint: Endpoint): IngestIntegration {
  if (integration === null) {
    throw new AppError(
      'unauthenticated',
      'This key is not known: it is mistyped, was replaced, or its integration was deleted. Keys are made under Integrations.',
    );
  }
  if (integration.kind !== endpoint.kind) {
    throw new AppError(
      'unauthenticated',
      `This key belongs to an integration of kind ${integration.kind}; this address takes keys of kind ${endpoint.kind}.`,
    );
  }
  if (!integration.enabled) {
    throw new AppError('forbidden', 'This integration is switched off. A manager can switch it on under Integrations.');
  }
  return integration;
}

/** Nothing said, JSON, or something that is written as JSON. */
function contentTypeProblem(value: string | undefined): AppError | null {
  if (value === undefined || value === 'application/json') return null;
  const [type = '', ...parameters] = value.toLowerCase().split(';');
  const charset = parameters.map((p) => p.trim()).find((p) => p.startsWith('charset='));
  const readable = /^\s*(application\/json|text\/json|application\/[\w.-]+\+json)\s*$/.test(type);
  if (readable && (charset === undefined || /^charset="?(utf-?8|us-ascii)"?$/.test(charset))) return null;
  return new AppError(
    'unsupported-media-type',
    `Content-Type “${value.slice(0, 100)}” is not taken here. Send JSON in UTF-8, with “Content-Type: application/json”.`,
  );
}

function readIdempotencyKey(value: string | string[] | undefined): string | null {
  const key = Array.isArray(value) ? value[0] : value;
  if (key === undefined || key === '') return null;
  if (key.length <= idempotencyKeyMax) return key;
  throw new AppError('invalid', `The Idempotency-Key has ${key.length} characters; ${idempotencyKeyMax} are allowed.`);
}

/** amtool asks for this before it sends; it tells nothing that is not public. */
function addAlertmanagerStatus(scope: FastifyInstance, version: string): void {
  const status = JSON.stringify({
    cluster: { status: 'disabled', peers: [] },
    config: { original: '' },
    uptime: '1970-01-01T00:00:00.000Z',
    versionInfo: {
      branch: '',
      buildDate: '',
      buildUser: '',
      goVersion: '',
      revision: '',
      version: `tocsin ${version}`,
    },
  });
  scope.get('/api/v2/status', (_request, reply) => reply.type(json).send(status));
}
