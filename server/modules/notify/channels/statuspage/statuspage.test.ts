import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { statuspageChannel } from '#server/modules/notify/channels/statuspage/statuspage.ts';
import type { IncidentDigest, Publication } from '#server/modules/notify/channel-type.ts';
import { aDigest, aMessage, aSendContext, fakeProvider, type ProviderCall } from '#server/testkit/fake-provider.ts';
import { fakeStatuspage } from '#server/testkit/fake-statuspage.ts';
import { testId } from '#server/testkit/incidents.ts';

// A transcription of fields and limits of Statuspage's API description (postPagesPageIdIncidents, patch…), those for live
// incidents; it was not compared with the original.
const incident = z.strictObject({
  name: z.string().min(1).max(255),
  status: z.enum(['investigating', 'identified', 'monitoring', 'resolved']),
  impact_override: z.enum(['none', 'maintenance', 'minor', 'major', 'critical']).optional(),
  body: z.string().min(1).max(25_000).optional(),
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
const written = (calls: readonly ProviderCall[]) => calls.filter(({ method }) => method !== 'GET');
const placeAt = (ref: string | null, mine = true) => ({
  ref: () => Promise.resolve(ref),
  claim: () => Promise.resolve(mine),
});
const publication = (n: number, text: string, change: Partial<IncidentDigest> = {}) => ({
  id: testId(n),
  text,
  incident: aDigest(change),
});

describe('Statuspage', () => {
  it('opens an incident and keeps its state up to date, without a word of what was posted elsewhere', async () => {
    const provider = await fakeStatuspage();
    const own = context(provider.url, { components: 'c1, c2', deliverNotifications: false });
    const elsewhere = { at: '2026-11-21T13:00:00.000Z', text: 'canary-internal' };
    const sent = await statuspageChannel.send(own, aMessage({ incidents: [aDigest({ lastUpdate: elsewhere })] }));
    expect(sent).toMatchObject({ outcome: 'accepted', ref: 'i1', arrived: true });
    const resolved = aDigest({
      status: 'resolved',
      lastUpdate: elsewhere,
    });
    await statuspageChannel.update?.(own, 'i1', aMessage({ purpose: 'update', incidents: [resolved] }));
    expect(written(provider.calls).map(({ method, path, headers }) => [method, path, headers.authorization])).toEqual([
      ['POST', '/v1/pages/kctbh9vrtdwd/incidents', 'OAuth key-1234'],
      ['PATCH', '/v1/pages/kctbh9vrtdwd/incidents/i1', 'OAuth key-1234'],
    ]);
    const [opened, changed] = written(provider.calls).map(({ json }) => request.parse(json).incident);
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
      components: { c1: 'operational', c2: 'operational' },
    });
    expect(provider.incidents).toMatchObject([{ posts: ['We are looking into it.'], status: 'resolved' }]);
  });

  it.each([
    ['triggered', 'investigating'],
    ['acknowledged', 'investigating'],
    ['mitigated', 'monitoring'],
    ['resolved', 'resolved'],
  ] as const)('shows %s as %s', async (status, shown) => {
    const provider = await fakeStatuspage();
    await statuspageChannel.send(context(provider.url), aMessage({ incidents: [aDigest({ status })] }));
    expect(request.parse(written(provider.calls)[0]?.json).incident.status).toBe(shown);
  });

  it('publishes nothing that came from an alert', async () => {
    const provider = await fakeStatuspage();
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
    await statuspageChannel.update?.(context(provider.url), 'i1', message);
    expect(written(provider.calls)).toHaveLength(2);
    for (const { text, json } of written(provider.calls)) {
      expect(text).not.toContain('canary');
      expect(text).not.toContain('tocsin.example');
      expect(request.parse(json).incident.name).toBe('We are looking into a problem');
    }
  });

  it('publishes a text once, whoever opened the incident there and however often it is asked', async () => {
    const provider = await fakeStatuspage();
    const own = context(provider.url);
    const publish = (ref: string | null, what: Publication) =>
      statuspageChannel.publish?.({ ...own, place: placeAt(ref) }, what);
    expect(await publish(null, publication(91, 'First'))).toMatchObject({ outcome: 'accepted', ref: 'i1' });
    // Its answer was lost: nobody knows where it stands, and it is asked for once more.
    expect(await publish(null, publication(91, 'First'))).toMatchObject({ outcome: 'accepted', ref: 'i1' });
    expect(await publish('i1', publication(92, 'Second'))).toMatchObject({ ref: 'i1' });
    expect(await publish('i1', publication(92, 'Second'))).toMatchObject({ ref: 'i1' });
    // A route that comes later finds it as well.
    expect(await statuspageChannel.send(own, aMessage())).toMatchObject({ ref: 'i1' });
    expect(await publish('i1', publication(93, 'Over', { status: 'resolved' }))).toMatchObject({ ref: 'i1' });
    expect(provider.incidents.map(({ posts, status }) => [posts, status])).toEqual([
      [['First', 'Second', 'Over'], 'resolved'],
    ]);
    for (const { json } of written(provider.calls)) request.parse(json);
    // One that was deleted there is opened anew.
    provider.incidents.length = 0;
    expect(await publish('i1', publication(94, 'Again'))).toMatchObject({ outcome: 'accepted' });
    expect(provider.incidents[0]?.posts).toEqual(['Again']);
  });

  it('opens nothing while another send does, and looks once more when its turn comes', async () => {
    const provider = await fakeStatuspage();
    const own = context(provider.url);
    const waits = await statuspageChannel.send({ ...own, place: placeAt(null, false) }, aMessage());
    expect(waits).toMatchObject({ outcome: 'failed', permanent: false, retryAfterMs: 5_000 });
    expect(provider.incidents).toEqual([]);
    const late = {
      ...placeAt(null),
      async claim() {
        // The other one was quick.
        await statuspageChannel.send(own, aMessage());
        return true;
      },
    };
    const published = await statuspageChannel.publish?.({ ...own, place: late }, publication(91, 'We know'));
    expect(published).toMatchObject({ outcome: 'accepted', ref: 'i1' });
    expect(provider.incidents.map(({ posts }) => posts)).toEqual([['We are looking into it.', 'We know']]);
  });

  it('finds a last word whose answer was lost, though what it opened is over', async () => {
    const provider = await fakeStatuspage();
    const own = { ...context(provider.url), place: placeAt(null) };
    const word = publication(91, 'It was the cache', { status: 'resolved' });
    expect(await statuspageChannel.publish?.(own, word)).toMatchObject({ ref: 'i1' });
    expect(await statuspageChannel.publish?.(own, word)).toMatchObject({ ref: 'i1' });
    expect(provider.incidents.map(({ posts }) => posts)).toEqual([['It was the cache']]);
  });

  it('says of a restricted incident what was written for the page, and nothing else', async () => {
    const settings = statuspageChannel.settings.parse({ pageId: 'p' });
    expect(statuspageChannel.publishedLook?.(settings, publication(91, 'We know', { impact: null }))).toEqual({
      title: 'We are looking into a problem',
      status: 'investigating',
      impact: 'critical',
      body: 'We know',
      notifies: true,
    });
  });

  it('publishes nothing for a test: it reads the page with the key', async () => {
    const provider = await fakeStatuspage();
    expect(
      await statuspageChannel.send(context(provider.url), aMessage({ incidents: [], purpose: 'test' })),
    ).toMatchObject({ outcome: 'accepted' });
    expect(provider.calls.map(({ method, path, text }) => [method, path, text])).toEqual([
      ['GET', '/v1/pages/kctbh9vrtdwd', ''],
    ]);
  });

  it('takes incidents only, and changes only what is an id', async () => {
    const provider = await fakeStatuspage();
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
