// What holds for each channel of this folder that speaks HTTP, whatever its provider answers.
import { describe, expect, it } from 'vitest';
import type { ChannelType, SendResult } from '#server/modules/notify/channel-type.ts';
import { opsgenieChannel } from '#server/modules/notify/channels/opsgenie/opsgenie.ts';
import { pagerdutyChannel } from '#server/modules/notify/channels/pagerduty/pagerduty.ts';
import { slackChannel } from '#server/modules/notify/channels/slack/slack.ts';
import { slackWebhookChannel } from '#server/modules/notify/channels/slack-webhook/slack-webhook.ts';
import { statuspageChannel } from '#server/modules/notify/channels/statuspage/statuspage.ts';
import { teamsChannel } from '#server/modules/notify/channels/teams/teams.ts';
import { webhookChannel } from '#server/modules/notify/channels/webhook/webhook.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import {
  aDigest,
  aMessage,
  aSendContext,
  fakeProvider,
  hostileText,
  providerNow,
} from '#server/testkit/fake-provider.ts';

const signingSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

interface Subject {
  good: { status?: number; body?: unknown };
  /** Whether a 2xx with any body is taken: the receiver is somebody's own program. */
  anyBody?: boolean;
  setUp(url: string): { settings: Record<string, unknown>; secrets: Record<string, string> };
  channel: ChannelType;
}

function subject<S>(channel: ChannelType<S>, fields: Omit<Subject, 'channel'>): [string, Subject] {
  return [channel.info.kind, { ...fields, channel: channel as unknown as ChannelType }];
}

const subjects: [string, Subject][] = [
  subject(slackChannel, {
    good: { body: { ok: true, channel: 'C1', ts: '1.2' } },
    setUp: (url) => ({
      settings: { channel: 'C1', apiUrl: `${url}/api` },
      secrets: { botToken: 'xoxb-canary-token', signingSecret: 'canary-signing' },
    }),
  }),
  subject(slackWebhookChannel, {
    good: { body: 'ok' },
    setUp: (url) => ({ settings: {}, secrets: { url: `${url}/services/T0/B0/canary` } }),
  }),
  subject(teamsChannel, {
    good: { status: 202 },
    setUp: (url) => ({ settings: {}, secrets: { url: `${url}/workflows/canary?sig=canary-signature` } }),
  }),
  subject(webhookChannel, {
    good: { status: 204 },
    anyBody: true,
    setUp: (url) => ({ settings: { url: `${url}/hook` }, secrets: { signingSecret } }),
  }),
  subject(pagerdutyChannel, {
    good: { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: 'x' } },
    setUp: (url) => ({ settings: { apiUrl: url }, secrets: { routingKey: 'canary-routing-key' } }),
  }),
  subject(opsgenieChannel, {
    good: { status: 202, body: { result: 'Request will be processed', took: 0.1, requestId: 'r-1' } },
    setUp: (url) => ({ settings: { apiUrl: url }, secrets: { apiKey: 'canary-api-key' } }),
  }),
  subject(statuspageChannel, {
    good: { status: 201, body: { id: 'p31zjtct2jer' } },
    setUp: (url) => ({ settings: { pageId: 'page1', apiUrl: `${url}/v1` }, secrets: { apiKey: 'canary-api-key' } }),
  }),
];

describe.each(subjects)('%s', (_kind, { channel, good, anyBody, setUp }) => {
  function contextFor(url: string) {
    const { settings, secrets } = setUp(url);
    return aSendContext(channel.settings.parse(settings), secrets);
  }
  async function sendTo(answer: Parameters<typeof fakeProvider>[0], message = aMessage()) {
    const provider = await fakeProvider(answer);
    const result = await channel.send(contextFor(provider.url), message);
    return { result, calls: provider.calls };
  }
  const failure = (result: SendResult) => {
    if (result.outcome !== 'failed') throw new Error(`it was taken: ${JSON.stringify(result)}`);
    return result;
  };

  it('takes what the provider documents as taken', async () => {
    const { result, calls } = await sendTo(() => good);
    expect(result).toMatchObject({ outcome: 'accepted' });
    expect(calls.length).toBeGreaterThan(0);
  });

  it.each([
    ['a page of a proxy', { body: '<html><body>Welcome to the hotel network. No error here.</body></html>' }],
    ['a JSON answer that was cut', { body: '{"ok":tr' }],
    ['JSON of another kind', { body: '[1,2]' }],
    ['more than is read', { body: `{"ok":true,"x":"${'x'.repeat(70_000)}` }],
  ])('counts %s as a failed attempt that is tried again, with its body', async (_what, bad) => {
    const { result } = await sendTo(() => bad);
    const taken = { outcome: 'accepted' };
    const reason = expect.stringMatching(/not what it documents|failed/);
    const refused = { outcome: 'failed', permanent: false, response: bad.body.slice(0, 2_000), reason };
    expect(result).toMatchObject(anyBody === true ? taken : refused);
  });

  it.each([
    [400, true],
    [401, true],
    [403, true],
    [404, true],
    [410, true],
    [422, true],
    [408, false],
    [425, false],
    [429, false],
    [500, false],
    [502, false],
    [503, false],
  ])('reads status %i as permanent: %s', async (status, permanent) => {
    const { result } = await sendTo(() => ({
      status,
      headers: { 'retry-after': '17' },
      body: 'words of the provider',
    }));
    expect(failure(result)).toMatchObject({ permanent, retryAfterMs: 17_000, response: 'words of the provider' });
    expect(failure(result).reason).toContain(String(status));
  });

  it('understands Retry-After as a date', async () => {
    const date = new Date(providerNow + 90_000).toUTCString();
    const { result } = await sendTo(() => ({ status: 503, headers: { 'retry-after': date } }));
    expect(failure(result).retryAfterMs).toBe(90_000);
  });

  it('follows no redirect, and needs no provider to say where it may not go', async () => {
    const { result, calls } = await sendTo(() => ({ status: 302, headers: { location: 'http://169.254.169.254/' } }));
    expect(failure(result)).toMatchObject({ permanent: true, reason: expect.stringContaining('not followed') });
    expect(calls).toHaveLength(1);
    const blocked = await fakeProvider(() => good);
    const context = contextFor(blocked.url);
    const outgoing = createOutgoing({ allowedPrivate: () => [], clock: createSystemClock() });
    expect(failure(await channel.send({ ...context, outgoing }, aMessage()))).toMatchObject({ permanent: true });
    expect(blocked.calls).toHaveLength(0);
  });

  it('tries again what did not get through', async () => {
    expect(failure(await channel.send(contextFor('http://127.0.0.1:1'), aMessage()))).toMatchObject({
      permanent: false,
      reason: expect.stringContaining('refused the connection'),
    });
  });

  it('never repeats its secrets, though the provider does', async () => {
    for (const status of [200, 400, 500]) {
      const { result } = await sendTo((call) => ({
        status,
        body: `you sent ${call.path} ${JSON.stringify(call.headers)} ${call.text}`,
      }));
      const { secrets } = setUp('http://127.0.0.1:1');
      const told = JSON.stringify(result);
      expect(told).not.toContain('canary');
      for (const secret of Object.values(secrets)) expect(told).not.toContain(secret);
    }
  });

  it('says which secret is missing and sends nothing', async () => {
    const provider = await fakeProvider(() => good);
    const { settings } = setUp(provider.url);
    const result = await channel.send(aSendContext(channel.settings.parse(settings), {}), aMessage());
    expect(failure(result)).toMatchObject({ permanent: true, reason: expect.stringMatching(/No .* is set|missing/) });
    expect(provider.calls).toHaveLength(0);
  });

  it('sends a test, and each kind of message, without falling over hostile text', async () => {
    const incident = aDigest({
      title: hostileText,
      impact: hostileText,
      services: [hostileText],
      labels: { [hostileText]: hostileText },
      acknowledgedBy: hostileText,
      status: 'acknowledged',
      lastUpdate: { at: '2026-11-21T13:00:00.000Z', text: hostileText },
      runbookUrl: 'javascript:alert(1)',
      sourceUrl: 'https://grafana.example/d?a=<b>|c',
    });
    const hostile = { summary: hostileText, text: hostileText };
    const many = Array.from({ length: 30 }, (_, i) =>
      aDigest({ number: i, title: `${hostileText} ${'😀'.repeat(200)}` }),
    );
    for (const message of [
      aMessage({ ...hostile, incidents: [], purpose: 'test' }),
      aMessage({ ...hostile, incidents: [incident] }),
      aMessage({ ...hostile, incidents: [incident], purpose: 'page' }),
      aMessage({ ...hostile, incidents: many, purpose: 'page', late: true }),
    ]) {
      const { result, calls } = await sendTo(() => good, message);
      expect(result).toMatchObject({ outcome: 'accepted' });
      for (const { text } of calls) {
        expect(text).not.toContain('\\u0000');
        expect(text).not.toContain('javascript:alert');
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThan(100_000);
      }
    }
  });

  it('describes itself as its form and its documentation need', () => {
    const { info } = channel;
    expect(info.fields.filter(({ type }) => type === 'secret').length).toBeGreaterThan(0);
    expect(info.checkedBy.note.length).toBeGreaterThan(20);
    expect(info.can.update).toBe(channel.update !== undefined);
    const { settings, secrets } = setUp('https://provider.example');
    const names = new Set(info.fields.map(({ name }) => name));
    for (const name of [...Object.keys(settings), ...Object.keys(secrets), ...(channel.secretAddresses ?? [])])
      expect(names).toContain(name);
    for (const address of channel.addresses(channel.settings.parse(settings))) expect(URL.canParse(address)).toBe(true);
  });
});
