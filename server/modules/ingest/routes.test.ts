import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/api/app-error.ts';
import { compileMapping } from '#server/expressions/mapping.ts';
import {
  ingestPaths as paths,
  postTo as post,
  startIngestServer,
  testIntegrations,
} from '#server/testkit/ingest-server.ts';

type Server = Awaited<ReturnType<typeof startIngestServer>>;
const auth = (kind: string) => ({ authorization: `Bearer key-${kind}` });
const alert = { title: 'Checkout is slow', service: 'checkout', severity: 'sev3' };
const event = {
  routing_key: 'key-events-v2',
  event_action: 'trigger',
  payload: { summary: 's', source: 'x', severity: 'error' },
};

let server: Server;
beforeAll(async () => {
  server = await startIngestServer();
});
afterAll(() => server.close());
afterEach(() => {
  server.records.length = 0;
  server.seen.length = 0;
  server.state.failWith = null;
});

describe('what is taken', () => {
  it('answers 202 with what was accepted, after it is in the log', async () => {
    const reply = await post(server, paths.generic, JSON.stringify(alert), auth('generic'));
    expect(reply.status).toBe(202);
    expect(reply.body).toEqual({ status: 'accepted', accepted: 1, rejected: [], duplicate: false });
    expect(server.records).toHaveLength(1);
    const [record] = server.records;
    expect(record).toMatchObject({ type: 'generic' });
    expect(JSON.parse(record?.payload ?? '')).toEqual({
      integrationId: testIntegrations.generic.id,
      source: 'generic',
      item: alert,
    });
    expect(server.seen).toEqual([{ id: testIntegrations.generic.id, accepted: 1, refused: 0, error: null }]);
  });

  it('takes the good items of a batch and names each bad one', async () => {
    const reply = await post(
      server,
      paths.generic,
      JSON.stringify([alert, 42, { ...alert, title: 'Two' }, {}]),
      auth('generic'),
    );
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({
      accepted: 2,
      rejected: [{ index: 1 }, { index: 3, reason: expect.stringContaining('title') }],
    });
    expect(server.records).toHaveLength(2);
    const none = await post(server, paths.generic, JSON.stringify([42, {}]), auth('generic'));
    expect(none.status).toBe(400);
    expect(none.body.error?.code).toBe('invalid');
    expect(none.body.rejected?.map((r) => r.index)).toEqual([0, 1]);
    expect(server.records).toHaveLength(2);
  });

  it('speaks each protocol', async () => {
    const labelled = { status: 'firing', labels: { alertname: 'A' }, annotations: {} };
    const webhook = JSON.stringify({ version: '4', alerts: [labelled] });
    expect((await post(server, paths.alertmanager, webhook, auth('alertmanager'))).status).toBe(202);
    expect((await post(server, paths.api, JSON.stringify([labelled]), auth('alertmanager'))).status).toBe(200);
    expect((await post(server, paths.grafana, webhook, auth('grafana'))).status).toBe(202);
    expect(server.records.map((r) => r.type)).toEqual(['alertmanager', 'alertmanager-api', 'grafana']);
    expect(new Set(server.records.slice(0, 2).map((r) => r.key)).size).toBe(1);
  });

  it("answers Events v2 as PagerDuty's clients expect", async () => {
    const named = await post(server, paths.enqueue, JSON.stringify({ ...event, dedup_key: 'k1' }));
    expect([named.status, named.body]).toEqual([
      202,
      { status: 'success', message: 'Event processed', dedup_key: 'k1' },
    ]);
    const unnamed = await post(server, paths.enqueue, JSON.stringify(event));
    expect(unnamed.body).toMatchObject({ status: 'success', dedup_key: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const change = await post(
      server,
      paths.change,
      JSON.stringify({ routing_key: 'key-events-v2', payload: { summary: 'Deploy' } }),
    );
    expect([change.status, change.body]).toEqual([202, { status: 'success', message: 'Change event processed' }]);
    const invalid = await post(
      server,
      paths.enqueue,
      JSON.stringify({ routing_key: 'key-events-v2', event_action: 'resolve' }),
    );
    expect(invalid.status).toBe(400);
    expect(invalid.body).toMatchObject({
      status: 'invalid event',
      message: 'Event object is invalid',
      errors: ["'dedup_key' is missing or blank"],
      error: { code: 'invalid' },
    });
    const broken = await post(server, paths.enqueue, '{');
    expect(broken.body).toMatchObject({ status: 'Unrecognized object', errors: ['JSON parse error'] });
    expect(JSON.stringify(server.records)).not.toContain('key-events-v2');
  });

  it('takes the key as bearer, as basic password or user, and as ?key=', async () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const body = JSON.stringify(alert);
    expect((await post(server, `${paths.generic}?key=key-generic`, body)).status).toBe(202);
    expect((await post(server, paths.generic, body, basic('tocsin:key-generic'))).status).toBe(202);
    expect((await post(server, paths.generic, body, basic('key-generic:'))).status).toBe(202);
    expect(
      (await post(server, paths.enqueue, JSON.stringify({ ...event, routing_key: undefined }), auth('events-v2')))
        .status,
    ).toBe(202);
  });

  it('unpacks gzip and deflate', async () => {
    const packed = new Uint8Array(gzipSync(JSON.stringify(alert)));
    const reply = await post(server, paths.generic, packed, { ...auth('generic'), 'content-encoding': 'gzip' });
    expect(reply.status).toBe(202);
  });

  it('has no effect the second time for a delivery with an identity', async () => {
    const headers = { ...auth('generic'), 'idempotency-key': 'delivery-1' };
    const body = JSON.stringify([alert, alert]);
    const [first, again] = [
      await post(server, paths.generic, body, headers),
      await post(server, paths.generic, body, headers),
    ];
    expect(first.body).toMatchObject({ accepted: 2, duplicate: false });
    expect([again.status, again.body]).toMatchObject([202, { duplicate: true }]);
    expect(server.records).toHaveLength(2);
    // Ids come from the delivery, so that the consumer's inbox would drop a second copy too.
    expect(new Set(server.records.map((r) => r.id)).size).toBe(2);
    for (const { id } of server.records)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const events = { ...auth('events-v2'), 'idempotency-key': 'delivery-1' };
    const keys = [
      await post(server, paths.enqueue, JSON.stringify(event), events),
      await post(server, paths.enqueue, JSON.stringify(event), events),
    ];
    expect(keys[1]?.body).toEqual({ ...keys[0]?.body, duplicate: true });
  });

  it('maps any JSON with the expressions of the integration', async () => {
    const compiled = compileMapping({
      items: 'body.events',
      title: 'body.what + " on " + body.where',
      severity: 'body.bad ? "critical" : "info"',
      service: 'body.?svc.orValue("unknown")',
      status: 'body.on',
      dedupKey: 'string(body.n)',
      labels: '{"where": body.where}',
      annotations: '',
      sourceUrl: '',
      runbookUrl: '',
    });
    if (!compiled.ok) throw new Error('the mapping does not compile');
    const mapped = { ...testIntegrations.generic, mapping: compiled.mapping };
    const other = await startIngestServer({ keys: { mapped } });
    const body = {
      events: [
        { what: 'Fire', where: 'lab', bad: true, on: true, n: 7 },
        { where: 'lab' },
        { what: 'Fire', where: 'lab', bad: false, on: false, n: 7 },
      ],
    };
    const reply = await post(other, paths.generic, JSON.stringify(body), { authorization: 'Bearer mapped' });
    expect(reply.body).toMatchObject({
      accepted: 2,
      rejected: [{ index: 1, reason: expect.stringContaining('title: There is no field "what"') }],
    });
    expect(other.records.map((r) => (JSON.parse(r.payload) as { item: unknown }).item)).toEqual([
      {
        title: 'Fire on lab',
        severity: 'critical',
        service: 'unknown',
        firing: true,
        dedupKey: '7',
        labels: { where: 'lab' },
      },
      {
        title: 'Fire on lab',
        severity: 'info',
        service: 'unknown',
        firing: false,
        dedupKey: '7',
        labels: { where: 'lab' },
      },
    ]);
    expect((await post(other, paths.generic, '{}', { authorization: 'Bearer mapped' })).status).toBe(400);
    await other.close();
  });

  it('lets amtool ask for the status first', async () => {
    const reply = await post(server, '/api/v2/status', '', {}, 'GET');
    expect([reply.status, Object.keys(reply.body)]).toEqual([200, ['cluster', 'config', 'uptime', 'versionInfo']]);
  });
});

describe('what is refused', () => {
  const body = JSON.stringify(alert);

  it('401 without a key, with a wrong one, or one of another kind; the body is not looked at', async () => {
    const none = await post(server, paths.generic, body);
    expect([none.status, none.body.error?.code]).toEqual([401, 'unauthenticated']);
    expect(none.headers.get('www-authenticate')).toContain('Bearer');
    expect((await post(server, paths.generic, '{', { authorization: 'Bearer nope' })).status).toBe(401);
    expect((await post(server, paths.generic, '{', { authorization: 'Digest x' })).status).toBe(401);
    expect((await post(server, paths.enqueue, JSON.stringify({ ...event, routing_key: 'nope' }))).status).toBe(401);
    expect((await post(server, paths.enqueue, JSON.stringify({ ...event, routing_key: undefined }))).status).toBe(401);
    const foreign = await post(server, paths.enqueue, JSON.stringify({ ...event, routing_key: 'key-alertmanager' }));
    expect([foreign.status, foreign.body.error?.message]).toEqual([401, expect.stringContaining('kind alertmanager')]);
    expect(server.records).toHaveLength(0);
  });

  it('403 for an integration that is switched off', async () => {
    const off = await startIngestServer({ keys: { off: { ...testIntegrations.generic, enabled: false } } });
    expect((await post(off, paths.generic, body, { authorization: 'Bearer off' })).status).toBe(403);
    await off.close();
  });

  it('405 for other methods, naming the right one', async () => {
    for (const path of Object.values(paths)) {
      for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
        const reply = await post(server, path, method === 'GET' ? '' : body, auth('generic'), method);
        expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST']);
      }
    }
  });

  it('415 for what is clearly not JSON', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      'image/png',
      'application/json; charset=utf-16',
      'nonsense',
    ];
    for (const type of types)
      expect((await post(server, paths.generic, body, { ...auth('generic'), 'content-type': type })).status).toBe(415);
    for (const type of [
      'application/json; charset=UTF-8',
      'text/json',
      'application/problem+json',
      'APPLICATION/JSON',
    ]) {
      expect((await post(server, paths.generic, body, { ...auth('generic'), 'content-type': type })).status).toBe(202);
    }
    const encoded = await post(server, paths.generic, body, { ...auth('generic'), 'content-encoding': 'br' });
    expect(encoded.status).toBe(415);
  });

  it('400 for an Idempotency-Key that is too long, and for nothing at all', async () => {
    expect(
      (await post(server, paths.generic, body, { ...auth('generic'), 'idempotency-key': 'x'.repeat(256) })).status,
    ).toBe(400);
    expect((await post(server, paths.generic, '', auth('generic'))).status).toBe(400);
    const broken = await post(server, paths.generic, 'not gzip', { ...auth('generic'), 'content-encoding': 'gzip' });
    expect([broken.status, broken.body.error?.code]).toEqual([400, 'malformed']);
  });

  it('503 with Retry-After when the log cannot take it, 507 when the disk is full; a surprise is logged, not shown', async () => {
    server.state.failWith = new AppError('overloaded', 'Too much waits.', { retryAfterSeconds: 7 });
    const full = await post(server, paths.generic, body, auth('generic'));
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '7']);
    server.state.failWith = new AppError('disk-full', 'The disk is full.');
    expect((await post(server, paths.generic, body, auth('generic'))).status).toBe(507);
    server.state.failWith = new Error('connection terminated: password is hunter2');
    const surprise = await post(server, paths.generic, body, auth('generic'));
    expect([surprise.status, surprise.headers.get('retry-after')]).toEqual([503, '5']);
    expect(JSON.stringify(surprise.body)).not.toContain('hunter2');
    expect((await post(server, paths.generic, body, { authorization: 'Bearer key-broken' })).status).toBe(503);
  });

  it('shows refusals of a known key on its integration', async () => {
    await post(server, paths.generic, '{', auth('generic'));
    await post(server, paths.generic, JSON.stringify([1, 2]), auth('generic'));
    await post(server, paths.generic, '{', { authorization: 'Bearer nope' });
    expect(server.seen.map((s) => [s.accepted, s.refused, typeof s.error])).toEqual([
      [0, 1, 'string'],
      [0, 2, 'string'],
    ]);
  });
});
