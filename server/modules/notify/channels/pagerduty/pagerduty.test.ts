import { Agent, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { event as officialEvent } from '@pagerduty/pdjs';
import { describe, expect, it } from 'vitest';
import { pagerdutyChannel } from '#server/modules/notify/channels/pagerduty/pagerduty.ts';
import { aDigest, aMessage, aSendContext, fakeProvider } from '#server/testkit/fake-provider.ts';
import { testId } from '#server/testkit/incidents.ts';
import { startIngestServer } from '#server/testkit/ingest-server.ts';
import { testCertificate } from '#server/testkit/test-certificate.ts';

type OfficialData = Parameters<typeof officialEvent>[0]['data'];

const context = (url: string, routingKey = 'R0UT1NGK3Y') =>
  aSendContext(pagerdutyChannel.settings.parse({ apiUrl: url }), { routingKey });
const pagerduty = () => fakeProvider(() => ({ status: 202, body: { status: 'success', message: 'Event processed' } }));

describe('PagerDuty', () => {
  it('is told of an incident as a trigger with the incident as its key', async () => {
    const provider = await pagerduty();
    const sent = await pagerdutyChannel.send(context(provider.url), aMessage());
    expect(sent).toMatchObject({ outcome: 'accepted', ref: testId(1), arrived: true });
    expect(provider.calls).toHaveLength(1);
    expect(provider.calls[0]).toMatchObject({
      method: 'POST',
      path: '/v2/enqueue',
      json: {
        routing_key: 'R0UT1NGK3Y',
        event_action: 'trigger',
        dedup_key: testId(1),
        client: 'Tocsin',
        client_url: 'https://tocsin.example/#/incidents/42',
        links: [{ href: 'https://runbooks.example/checkout', text: 'Runbook' }],
        payload: {
          summary: 'INC-42 Checkout answers 500',
          source: 'checkout',
          severity: 'critical',
          component: 'checkout',
        },
      },
    });
  });

  it.each([
    ['triggered', 'announce', ['trigger']],
    ['acknowledged', 'announce', ['trigger', 'acknowledge']],
    ['resolved', 'announce', ['trigger', 'resolve']],
    ['triggered', 'update', ['trigger']],
    ['acknowledged', 'update', ['acknowledge']],
    ['mitigated', 'update', ['acknowledge']],
    ['resolved', 'update', ['resolve']],
  ] as const)('gets for an incident that is %s (%s): %j', async (status, purpose, actions) => {
    const provider = await pagerduty();
    const message = aMessage({ purpose, incidents: [aDigest({ status })] });
    if (purpose === 'update') await pagerdutyChannel.update?.(context(provider.url), testId(1), message);
    else await pagerdutyChannel.send(context(provider.url), message);
    expect(provider.calls.map(({ json }) => (json as { event_action: string }).event_action)).toEqual(actions);
    for (const { json } of provider.calls) expect(json).toMatchObject({ dedup_key: testId(1) });
  });

  it('is paged by a text without an incident; a test is taken back at once', async () => {
    const provider = await pagerduty();
    await pagerdutyChannel.send(context(provider.url), aMessage({ incidents: [], summary: 'Paging is stuck' }));
    await pagerdutyChannel.send(context(provider.url), aMessage({ incidents: [], purpose: 'test', summary: 'A test' }));
    expect(provider.calls.map(({ json }) => json)).toMatchObject([
      { event_action: 'trigger', dedup_key: testId(90), payload: { summary: 'Paging is stuck', severity: 'critical' } },
      { event_action: 'trigger', payload: { summary: 'A test', severity: 'info' } },
      { event_action: 'resolve', dedup_key: testId(90) },
    ]);
  });

  it('has its own words of a refusal passed on', async () => {
    const body = {
      status: 'invalid event',
      message: 'Event object is invalid',
      errors: ["'severity' is invalid", 'x'],
    };
    const provider = await fakeProvider(() => ({ status: 400, body }));
    expect(await pagerdutyChannel.send(context(provider.url), aMessage())).toMatchObject({
      permanent: true,
      reason: "PagerDuty answered 400: 'severity' is invalid; x",
    });
  });

  it('gets of us what its official client sends: address, type of content, and events of its types', async () => {
    const provider = await pagerduty();
    const many = [aDigest({ status: 'resolved' }), aDigest({ id: testId(2), severity: 'info', services: [] })];
    await pagerdutyChannel.send(context(provider.url), aMessage({ incidents: many }));

    const seen: { path: string; type: string; text: string }[] = [];
    const official = createServer(testCertificate, (request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString('utf8')));
      request.on('end', () => {
        seen.push({ path: request.url ?? '', type: request.headers['content-type'] ?? '', text });
        response.writeHead(202).end('{"status":"success"}');
      });
    });
    await new Promise<void>((resolve) => official.listen(0, '127.0.0.1', resolve));
    const agent = new Agent({ ca: testCertificate.cert, servername: 'named.test' });
    try {
      for (const { json } of provider.calls) {
        const server = `127.0.0.1:${(official.address() as AddressInfo).port}`;
        // Its types do not know the option that its fetch takes for our certificate.
        const options = { data: json as OfficialData, server, agent };
        const answer = await officialEvent(options);
        expect(answer.data).toEqual({ status: 'success' });
      }
    } finally {
      agent.destroy();
      official.closeAllConnections();
      await new Promise((resolve) => official.close(resolve));
    }
    expect(provider.calls.map(({ path, headers, text }) => ({ path, type: headers['content-type'], text }))).toEqual(
      seen,
    );
  });

  it('may as well be another center of ours', async () => {
    const center = await startIngestServer();
    try {
      const message = aMessage({ incidents: [aDigest(), aDigest({ id: testId(2), status: 'acknowledged' })] });
      const sent = await pagerdutyChannel.send(context(center.url, 'key-events-v2'), message);
      expect(sent).toMatchObject({ outcome: 'accepted' });
      expect(center.records).toHaveLength(3);
      expect(await pagerdutyChannel.send(context(center.url, 'unknown'), message)).toMatchObject({ permanent: true });
    } finally {
      await center.close();
    }
  });

  it('lives at the address of its region', () => {
    expect(pagerdutyChannel.settings.parse({})).toEqual({ region: 'us', apiUrl: '' });
    expect(pagerdutyChannel.settings.safeParse({ region: 'mars' }).success).toBe(false);
  });
});
