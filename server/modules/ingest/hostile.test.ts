import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileMapping } from '#server/expressions/mapping.ts';
import { AlertSignal } from '#server/contract/signal.ts';
import { mayDoEither, mustParse, mustRefuse, naughtyTexts } from '#server/modules/ingest/json-cases.ts';
import { beyondLimits, defaultIngestLimits } from '#server/modules/ingest/limits.ts';
import { normaliseRecord, sources } from '#server/modules/ingest/sources/registry.ts';
import { startIngestServer, testIntegrations } from '#server/testkit/ingest-server.ts';

const paths = [
  '/api/v1/alerts/webhook',
  '/api/v2/alerts',
  '/v2/enqueue',
  '/v2/change/enqueue',
  '/webhooks/generic',
  '/webhooks/grafana',
];
const kinds = ['alertmanager', 'alertmanager', 'events-v2', 'events-v2', 'generic', 'grafana'];
const headersFor = (path: string) => ({
  authorization: `Bearer key-${kinds[paths.indexOf(path)]}`,
  'content-type': 'application/json',
});

let server: Awaited<ReturnType<typeof startIngestServer>>;
beforeAll(async () => {
  server = await startIngestServer({ limits: { perMinute: null } });
});
afterAll(() => server.close());

async function send(
  path: string,
  body: Uint8Array<ArrayBuffer> | string,
): Promise<{ status: number; code: string | undefined }> {
  const response = await fetch(server.url + path, { method: 'POST', headers: headersFor(path), body });
  const answer = (await response.json()) as { error?: { code: string } };
  return { status: response.status, code: answer.error?.code };
}

const bytes = (latin1: string) => new Uint8Array(Buffer.from(latin1, 'latin1'));
const shown = (text: string) => JSON.stringify(text.slice(0, 30));

describe('JSON by its grammar', () => {
  it.each(mustRefuse.map((text) => [shown(text), text]))('400 malformed: %s', async (_name, text) => {
    for (const path of ['/webhooks/generic', '/api/v2/alerts']) {
      expect(await send(path, bytes(text))).toEqual({ status: 400, code: 'malformed' });
    }
  });

  it.each(mustParse.map((text) => [shown(text), text]))('parsed: %s', async (_name, text) => {
    expect((await send('/webhooks/generic', bytes(text))).code).not.toBe('malformed');
    // Inside an alert it does no harm to the alert.
    const wrapped = `{"title":"wrapped","extra":${text}}`;
    expect((await send('/webhooks/generic', bytes(wrapped))).status).toBe(202);
  });

  it.each(mayDoEither.map((text) => [shown(text), text]))('taken or refused: %s', async (_name, text) => {
    for (const path of paths) expect([200, 202, 400, 413]).toContain((await send(path, bytes(text))).status);
  });
});

describe('hostile values', () => {
  it.each(naughtyTexts.map((text) => [shown(text), text]))(
    'takes %s anywhere in an alert, clean',
    async (_name, text) => {
      server.records.length = 0;
      const labels = { [text]: text, alertname: `x${text}` };
      const alert = { status: 'firing', labels, annotations: { [text]: text }, generatorURL: text };
      const event = {
        event_action: 'trigger',
        dedup_key: `k${text}`.slice(0, 200),
        payload: { summary: `s${text}`, source: 'x', severity: 'info', custom_details: labels },
        client_url: text,
      };
      const statuses = [
        await send(
          '/webhooks/generic',
          JSON.stringify({ title: `t${text}`, service: text, labels, [text]: text, url: text }),
        ),
        await send('/api/v2/alerts', JSON.stringify([alert])),
        await send('/api/v1/alerts/webhook', JSON.stringify({ alerts: [alert] })),
        await send('/webhooks/grafana', JSON.stringify({ alerts: [alert] })),
        await send('/v2/enqueue', JSON.stringify(event)),
      ].map((reply) => reply.status);
      expect(statuses).toEqual([202, 200, 202, 202, 202]);
      expect(server.records).toHaveLength(5);
      for (const record of server.records) {
        expect(isStorable(record.key)).toBe(true);
        const normalised = normaliseRecord(record);
        expect(normalised.ok && AlertSignal.safeParse(normalised.signal).success).toBe(true);
        expect(normalised.ok && everyText(normalised.signal).every(isStorable)).toBe(true);
      }
    },
  );

  it('takes no JSON for anything but 200, 202 or 400', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), likelyBody(), async (path, body) => {
        expect([200, 202, 400]).toContain((await send(path, JSON.stringify(body) ?? 'null')).status);
      }),
      { numRuns: 150 },
    );
  });

  it('takes no bytes for anything but 200, 202 or 400', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...paths),
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        async (path, raw) => {
          expect([200, 202, 400]).toContain((await send(path, new Uint8Array(raw))).status);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('normalises whatever it checked, to storable text within its bounds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(sources)), likelyItem(), (source, made) => {
        // As it arrives. (Node 24 reads a name that is one escaped character, like "\\n", as a backslash: once, not twice.)
        const item: unknown = JSON.parse(JSON.stringify(made));
        const envelope = {
          integrationId: testIntegrations.generic.id,
          source: source.kind,
          receivedAt: 1_790_000_000_000,
        };
        const checked = source.check(item, envelope);
        const normalised = source.normalise(item, envelope);
        expect(normalised.ok).toBe(checked.ok);
        if (!normalised.ok || !checked.ok) return;
        expect(everyText(normalised.signal).every(isStorable)).toBe(true);
        if (normalised.signal.kind !== 'alert') return;
        expect(normalised.signal.dedupKey).toBe(checked.dedupKey);
        expect(normalised.signal.dedupKey.length).toBeLessThanOrEqual(255);
        expect(normalised.signal.title.length).toBeGreaterThan(0);
        expect(normalised.signal.title.length).toBeLessThanOrEqual(300);
        expect(source.normalise(JSON.parse(JSON.stringify(item)), envelope)).toEqual(normalised);
      }),
      { numRuns: 3_000 },
    );
  });

  it('mappings answer for any body', () => {
    const compiled = compileMapping({
      items: '',
      title: 'body.title',
      severity: 'body.a.b',
      service: 'body.x + body.y',
      status: 'body.status == "up"',

      dedupKey: 'string(body.id)',
      labels: 'body.labels',
      annotations: '{"a": body.a}',
      sourceUrl: 'body[0]',
      runbookUrl: '',
    });
    if (!compiled.ok) throw new Error('the mapping does not compile');
    fc.assert(
      fc.property(likelyItem(), (item) => {
        for (const field of [
          'title',
          'severity',
          'service',
          'status',
          'dedupKey',
          'labels',
          'annotations',
          'sourceUrl',
        ] as const) {
          const result = compiled.mapping.evaluate(field, item);
          expect(result.ok ? JSON.stringify(result.value) : result.reason).not.toBe('');
        }
      }),
    );
  });

  it('looks at no more of an item than the limits say', () => {
    const { item: limits } = defaultIngestLimits;
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(beyondLimits(deep, limits)).toContain('32 levels');
    expect(beyondLimits({ list: Array.from({ length: 10_001 }, () => 0) }, limits)).toContain('10000 elements');
    expect(beyondLimits({ list: Array.from({ length: 10_000 }, () => 0) }, limits)).toBeNull();
  });

  it('refuses a number that JSON cannot write again', async () => {
    const reply = await send('/webhooks/generic', '{"title":"x","labels":{"load":1e400}}');
    expect(reply.status).toBe(400);
    expect((await send('/webhooks/generic', '{"title":"x","labels":{"load":1e300}}')).status).toBe(202);
  });
});

describe('slow senders', () => {
  it('408 when the headers or the body do not come in time, and others are served meanwhile', async () => {
    const slow = await startIngestServer({
      http: { headersTimeout: 300, requestTimeout: 600, connectionsCheckingInterval: 50 },
    });
    const port = Number(new URL(slow.url).port);
    const head =
      'POST /webhooks/generic HTTP/1.1\r\nhost: x\r\nauthorization: Bearer key-generic\r\ncontent-type: application/json\r\n';
    const waiting = [
      drip(port, 'POST /webhooks/generic HTTP/1.1\r\nx: '),
      drip(port, `${head}content-length: 100\r\n\r\n{"title":`),
    ];
    const response = await fetch(`${slow.url}/webhooks/generic`, {
      method: 'POST',
      headers: headersFor('/webhooks/generic'),
      body: '{"title":"x"}',
    });
    expect(response.status).toBe(202);
    for (const answer of await Promise.all(waiting)) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    await slow.close();
  });
});

/** Sends the start and then nothing more; resolves with what came back when the other side closed. */
function drip(port: number, start: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(start));
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function everyText(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => [key, ...everyText(entry)]);
}

function likelyText() {
  const words = [
    'trigger',
    'resolve',
    'firing',
    'resolved',
    'critical',
    'info',
    '2026-11-21T16:00:00Z',
    '0001-01-01T00:00:00Z',
    'https://x.example',
  ];
  return fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom(...naughtyTexts),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
}

/** Objects with the names that sources look for, and anything in them. */
function likelyItem() {
  const names = [
    'title',
    'status',
    'labels',
    'annotations',
    'startsAt',
    'endsAt',
    'severity',
    'service',
    'dedupKey',
    'id',
    'firing',
  ];
  const eventNames = [
    'event_action',
    'dedup_key',
    'payload',
    'links',
    'images',
    'client_url',
    'summary',
    'source',
    'custom_details',
    'timestamp',
  ];
  const other = ['values', 'panelURL', 'generatorURL', '__proto__', 'constructor', 'description', 'x'];
  const { item } = fc.letrec<{ item: unknown; value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      likelyText(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      tie('item'),
      fc.array(tie('item'), { maxLength: 3 }),
    ),
    item: fc.dictionary(fc.oneof(fc.constantFrom(...names, ...eventNames, ...other), likelyText()), tie('value'), {
      maxKeys: 8,
    }),
  }));
  return fc.oneof({ weight: 9, arbitrary: item }, { weight: 1, arbitrary: fc.jsonValue() });
}

function likelyBody() {
  return fc.oneof(
    likelyItem(),
    fc.array(likelyItem(), { maxLength: 4 }),
    fc.record({ alerts: fc.array(likelyItem(), { maxLength: 4 }) }),
  );
}
