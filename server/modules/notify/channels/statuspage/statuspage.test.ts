import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { statuspageChannel } from '#server/modules/notify/channels/statuspage/statuspage.ts';
import { aDigest, aMessage, aSendContext, fakeProvider } from '#server/testkit/fake-provider.ts';
import { testId } from '#server/testkit/incidents.ts';

// A transcription of fields and limits of Statuspage's API description (postPagesPageIdIncidents, patch…), those for live
// incidents; it was not compared with the original.
const incident = z.strictObject({
  name: z.string().min(1).max(255),
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved']),
  impact_override: z.enum(['none', 'maintenance', 'minor', 'major', 'critical']).optional(),
  body: z.string().min(1).max(25_000),
  deliver_notifications: z.boolean().optional(),
  component_ids: z.array(z.string()).optional(),
  components: z
    .record(
      z.string(),
      z.enum(['operational', 'degraded_performance', 'partial_outage', 'major_outage', 'under_maintenance']),
    )
    .optional(),
  metadata: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const request = z.strictObject({ incident });

const context = (url: string, settings: Record<string, unknown> = {}) =>
  aSendContext(statuspageChannel.settings.parse({ pageId: 'kctbh9vrtdwd', apiUrl: `${url}/v1`, ...settings }), {
    apiKey: 'key-1234',
  });
const statuspage = () =>
  fakeProvider(({ method }) => ({ status: method === 'POST' ? 201 : 200, body: { id: 'p31zjtct2jer', name: 'x' } }));

describe('Statuspage', () => {
  it('opens an incident and keeps it up to date', async () => {
    const provider = await statuspage();
    const own = context(provider.url, { components: 'c1, c2', deliverNotifications: false });
    const sent = await statuspageChannel.send(own, aMessage());
    expect(sent).toMatchObject({ outcome: 'accepted', ref: 'p31zjtct2jer', arrived: true });
    const resolved = aDigest({
      status: 'resolved',
      lastUpdate: { at: '2026-11-21T13:05:00.000Z', text: 'All is well.' },
    });
    await statuspageChannel.update?.(own, 'p31zjtct2jer', aMessage({ purpose: 'update', incidents: [resolved] }));
    expect(provider.calls.map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
      ['POST', '/v1/pages/kctbh9vrtdwd/incidents', 'OAuth key-1234'],
      ['PATCH', '/v1/pages/kctbh9vrtdwd/incidents/p31zjtct2jer', 'OAuth key-1234'],
    ]);
    const [opened, changed] = provider.calls.map(({ json }) => request.parse(json).incident);
    expect(opened).toEqual({
      name: 'Nobody can pay',
      status: 'investigating',
      impact_override: 'critical',
      body: 'We are looking into it.',
      deliver_notifications: false,
      component_ids: ['c1', 'c2'],
      components: { c1: 'major_outage', c2: 'major_outage' },
      metadata: { tocsin: { incident: testId(1), message: testId(90) } },
    });
    expect(changed).toMatchObject({
      status: 'resolved',
      body: 'All is well.',
      components: { c1: 'operational', c2: 'operational' },
    });
  });

  it.each([
    ['triggered', 'investigating'],
    ['acknowledged', 'investigating'],
    ['mitigated', 'monitoring'],
    ['resolved', 'resolved'],
  ] as const)('shows %s as %s', async (status, shown) => {
    const provider = await statuspage();
    await statuspageChannel.send(context(provider.url), aMessage({ incidents: [aDigest({ status })] }));
    expect(request.parse(provider.calls[0]?.json).incident.status).toBe(shown);
  });

  it('publishes nothing that came from an alert', async () => {
    const provider = await statuspage();
    const secretive = aDigest({
      title: 'canary-title db-7.internal',
      services: ['canary-service'],
      labels: { host: 'canary-label' },
      runbookUrl: 'https://canary-runbook.example',
      sourceUrl: 'https://canary-source.example',
      acknowledgedBy: 'canary-person',
      impact: null,
    });
    const message = aMessage({
      incidents: [secretive],
      summary: 'canary-summary',
      text: 'canary-text',
      link: 'https://canary-link.example',
    });
    await statuspageChannel.send(context(provider.url), message);
    await statuspageChannel.update?.(context(provider.url), 'p1', message);
    expect(provider.calls).toHaveLength(2);
    for (const { text, json } of provider.calls) {
      expect(text).not.toContain('canary');
      expect(text).not.toContain('tocsin.example');
      expect(request.parse(json).incident.name).toBe('We are looking into a problem');
    }
  });

  it('publishes nothing for a test: it reads the page with the key', async () => {
    const provider = await statuspage();
    expect(
      await statuspageChannel.send(context(provider.url), aMessage({ incidents: [], purpose: 'test' })),
    ).toMatchObject({ outcome: 'accepted' });
    expect(provider.calls.map(({ method, path, text }) => [method, path, text])).toEqual([
      ['GET', '/v1/pages/kctbh9vrtdwd', ''],
    ]);
  });

  it('takes incidents only, and changes only what is an id', async () => {
    const provider = await statuspage();
    expect(await statuspageChannel.send(context(provider.url), aMessage({ incidents: [] }))).toMatchObject({
      permanent: true,
    });
    expect(await statuspageChannel.update?.(context(provider.url), '../components/x', aMessage())).toMatchObject({
      permanent: true,
    });
    expect(() => context(provider.url, { publicTitle: '', apiUrl: '' })).not.toThrow();
    for (const settings of [{ pageId: '../x' }, { components: 'a/b' }])
      expect(() => context(provider.url, settings)).toThrow(z.ZodError);
    expect(provider.calls).toHaveLength(0);
  });

  it('is asked again later when it says that it was asked too often', async () => {
    const provider = await fakeProvider(() => ({ status: 420, body: { error: 'Too many requests' } }));
    expect(await statuspageChannel.send(context(provider.url), aMessage())).toMatchObject({
      permanent: false,
      reason: 'Statuspage answered 420: Too many requests',
    });
  });
});
