import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { opsgenieChannel } from '#server/modules/notify/channels/opsgenie/opsgenie.ts';
import {
  aDigest,
  aMessage,
  aSendContext,
  fakeProvider,
  hostileText,
  type ProviderCall,
} from '#server/testkit/fake-provider.ts';
import { testId } from '#server/testkit/incidents.ts';

// Fields of Opsgenie's published API description, with the limits of its documentation of alert fields.
const create = z.strictObject({
  message: z.string().min(1).max(130),
  alias: z.string().max(512).optional(),
  description: z.string().max(15_000).optional(),
  responders: z
    .array(
      z.strictObject({
        type: z.enum(['team', 'user', 'escalation', 'schedule']),
        name: z.string().optional(),
        id: z.string().optional(),
      }),
    )
    .max(50)
    .optional(),
  tags: z.array(z.string().max(50)).max(20).optional(),
  details: z
    .record(z.string(), z.string())
    .refine((details) => JSON.stringify(details).length <= 8_000)
    .optional(),
  entity: z.string().max(512).optional(),
  source: z.string().max(100).optional(),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']).optional(),
  user: z.string().max(100).optional(),
  note: z.string().max(25_000).optional(),
});
const follow = z.strictObject({
  user: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
  note: z.string().max(25_000).optional(),
});

const context = (url: string, settings: Record<string, unknown> = {}) =>
  aSendContext(opsgenieChannel.settings.parse({ apiUrl: url, ...settings }), { apiKey: 'key-1234' });
const opsgenie = () =>
  fakeProvider(() => ({
    status: 202,
    body: { result: 'Request will be processed', took: 0.302, requestId: '43a29c5c' },
  }));

function check(calls: readonly ProviderCall[]) {
  for (const { path, json, method, headers } of calls) {
    expect(method).toBe('POST');
    expect(headers.authorization).toBe('GenieKey key-1234');
    expect(path).toMatch(/^\/v2\/alerts(\/[\w-]+\/(acknowledge|close|notes)\?identifierType=alias)?$/);
    (path === '/v2/alerts' ? create : follow).parse(json);
  }
  return calls.map(({ path }) => path.replace(`/v2/alerts/${testId(1)}/`, '').replace('?identifierType=alias', ''));
}

describe('Opsgenie', () => {
  it('is told of an incident as an alert whose alias is the incident', async () => {
    const provider = await opsgenie();
    const sent = await opsgenieChannel.send(context(provider.url, { team: 'Payments' }), aMessage());
    expect(sent).toMatchObject({ outcome: 'accepted', ref: testId(1), arrived: true });
    expect(check(provider.calls)).toEqual(['/v2/alerts']);
    expect(provider.calls[0]?.json).toMatchObject({
      message: 'INC-42 Checkout answers 500',
      alias: testId(1),
      priority: 'P1',
      entity: 'checkout',
      responders: [{ type: 'team', name: 'Payments' }],
      details: { incident: 'INC-42', alerts: '3', 'label region': 'eu' },
    });
  });

  it.each([
    ['triggered', 'send', ['/v2/alerts']],
    ['acknowledged', 'send', ['/v2/alerts', 'acknowledge']],
    ['resolved', 'send', ['/v2/alerts', 'close']],
    ['triggered', 'update', ['notes']],
    ['acknowledged', 'update', ['acknowledge']],
    ['mitigated', 'update', ['acknowledge', 'notes']],
    ['resolved', 'update', ['close']],
  ] as const)('gets for an incident that is %s (%s): %j', async (status, way, paths) => {
    const provider = await opsgenie();
    const message = aMessage({ incidents: [aDigest({ status, acknowledgedBy: 'Mara' })] });
    if (way === 'send') await opsgenieChannel.send(context(provider.url), message);
    else await opsgenieChannel.update?.(context(provider.url), testId(1), message);
    expect(check(provider.calls)).toEqual(paths);
  });

  it('gets no more than its limits, whatever an alert says', async () => {
    const provider = await opsgenie();
    const long = `${hostileText} ${'😀'.repeat(10_000)}`;
    const labels = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${i} ${long}`, long]));
    const incident = aDigest({
      title: long,
      impact: long,
      services: [long, long],
      labels,
      lastUpdate: { at: '', text: long },
      acknowledgedBy: long,
    });
    for (const status of ['triggered', 'mitigated'] as const) {
      const message = aMessage({ text: long, summary: long, incidents: [{ ...incident, status }] });
      await opsgenieChannel.send(context(provider.url), message);
      await opsgenieChannel.update?.(context(provider.url), 'x', message);
    }
    await opsgenieChannel.send(context(provider.url), aMessage({ incidents: [], summary: long, text: long }));
    expect(check(provider.calls).length).toBeGreaterThan(5);
  });

  it('is paged by a text without an incident; a test is closed at once', async () => {
    const provider = await opsgenie();
    await opsgenieChannel.send(context(provider.url), aMessage({ incidents: [] }));
    await opsgenieChannel.send(context(provider.url), aMessage({ incidents: [], purpose: 'test' }));
    expect(check(provider.calls)).toHaveLength(3);
    expect(provider.calls[0]?.json).toMatchObject({ priority: 'P1', alias: testId(90) });
    expect(provider.calls[2]?.path).toBe(`/v2/alerts/${testId(90)}/close?identifierType=alias`);
  });

  it('has its own words and waiting times passed on', async () => {
    const body = { message: 'You are making too many requests!', took: 0, requestId: 'x' };
    const provider = await fakeProvider(() => ({ status: 429, headers: { 'x-ratelimit-period-in-sec': '60' }, body }));
    expect(await opsgenieChannel.send(context(provider.url), aMessage())).toMatchObject({
      permanent: false,
      retryAfterMs: 60_000,
      reason: 'Opsgenie answered 429: You are making too many requests!',
    });
  });
});
