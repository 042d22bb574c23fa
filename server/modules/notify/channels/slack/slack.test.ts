import { WebClient, type ChatPostMessageArguments } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { slackText } from '#server/modules/notify/channels/slack/blocks.ts';
import { roomName } from '#server/modules/notify/channels/slack/incident-room.ts';
import { slackChannel } from '#server/modules/notify/channels/slack/slack.ts';
import {
  aDigest,
  aMessage,
  aSendContext,
  fakeProvider,
  hostileText,
  type ProviderCall,
} from '#server/testkit/fake-provider.ts';
import { testId } from '#server/testkit/incidents.ts';

const secrets = { botToken: 'xoxb-1', signingSecret: 'shh' };

function slackShaped(errors: Record<string, string> = {}) {
  let ts = 0;
  return fakeProvider(({ path, json }) => {
    const method = path.split('/').at(-1) ?? '';
    const error = errors[method];
    if (error !== undefined) return { body: { ok: false, error } };
    if (method === 'conversations.create') return { body: { ok: true, channel: { id: 'CROOM', name: 'x' } } };
    ts += 1;
    const { channel = '' } = (json ?? {}) as { channel?: string };
    return { body: { ok: true, channel: channel.startsWith('#') ? 'CNAMED' : channel, ts: `1700000000.00000${ts}` } };
  });
}
const context = (url: string, settings: Record<string, unknown> = {}, own: Record<string, string> = secrets) =>
  aSendContext(slackChannel.settings.parse({ channel: 'C0INC', apiUrl: `${url}/api/`, ...settings }), own);
const methods = (calls: ProviderCall[]) => calls.map(({ path }) => path.replace('/api/', ''));

describe('a message in Slack', () => {
  it('is posted with the token, carries buttons with the incident, and is changed in place', async () => {
    const slack = await slackShaped();
    const sent = await slackChannel.send(context(slack.url), aMessage());
    expect(sent).toMatchObject({ outcome: 'accepted', ref: 'C0INC:1700000000.000001', arrived: true });
    const [posted] = slack.calls;
    expect(posted).toMatchObject({
      method: 'POST',
      path: '/api/chat.postMessage',
      headers: { authorization: 'Bearer xoxb-1', 'content-type': 'application/json; charset=utf-8' },
      json: {
        channel: 'C0INC',
        text: 'SEV1 INC-42 Checkout answers 500',
        link_names: false,
        parse: 'none',
        unfurl_links: false,
        metadata: { event_type: 'tocsin_message', event_payload: { message_id: testId(90) } },
      },
    });
    const buttons = {
      type: 'actions',
      elements: [
        { action_id: 'tocsin.acknowledge', value: testId(1) },
        { action_id: 'tocsin.escalate', value: testId(1) },
        { action_id: 'tocsin.open', url: 'https://tocsin.example/#/incidents/42' },
      ],
    };
    expect(posted?.json).toMatchObject({ blocks: [{ type: 'header' }, {}, {}, buttons] });

    const ref = sent.outcome === 'accepted' ? (sent.ref ?? '') : '';
    const done = aMessage({
      purpose: 'update',
      incidents: [aDigest({ status: 'acknowledged', acknowledgedBy: 'Mara' })],
    });
    expect(await slackChannel.update?.(context(slack.url), ref, done)).toMatchObject({ outcome: 'accepted', ref });
    expect(slack.calls[1]).toMatchObject({
      path: '/api/chat.update',
      json: { channel: 'C0INC', ts: '1700000000.000001' },
    });
    expect(slack.calls[1]?.text).toContain('acknowledged by Mara');
    expect(slack.calls[1]?.text).not.toContain('tocsin.acknowledge');
  });

  it('is, call by call, what the official client sends', async () => {
    const slack = await slackShaped();
    const message = aMessage({ incidents: [aDigest({ title: 'a <b> & "c" ü' })] });
    await slackChannel.send(context(slack.url, { channelPerIncident: true, inviteMembers: 'U012AB3CD' }), message);
    await slackChannel.update?.(context(slack.url), 'C0INC:1700000000.000001', message);
    const ours = slack.calls.splice(0);
    const client = new WebClient('xoxb-1', { slackApiUrl: `${slack.url}/api/`, retryConfig: { retries: 0 } });
    for (const { path, json } of ours) await client.apiCall(path.replace('/api/', ''), json as Record<string, unknown>);
    expect(methods(slack.calls)).toEqual(methods(ours));
    expect(new Set(methods(ours))).toEqual(
      new Set([
        'chat.postMessage',
        'chat.update',
        'conversations.create',
        'conversations.setTopic',
        'conversations.invite',
      ]),
    );
    for (const [i, call] of slack.calls.entries()) {
      expect(call.headers.authorization).toBe('Bearer xoxb-1');
      const form = Object.fromEntries(new URLSearchParams(call.text));
      const flat = Object.entries(ours[i]?.json as Record<string, unknown>).map(([name, value]) => [
        name,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]);
      expect(form).toEqual(Object.fromEntries(flat));
    }
  });

  it('has the types of the official client', () => {
    const typed: ChatPostMessageArguments = { channel: 'C', ...slackText(aMessage(), { buttons: true }) };
    expect(typed.channel).toBe('C');
  });

  it('goes to a person by member id, with a code when it verifies, and other addresses are refused', async () => {
    const slack = await slackShaped();
    const contact = { kind: 'slack' as const, address: 'U012AB3CD' };
    await slackChannel.send(
      context(slack.url),
      aMessage({ contact, purpose: 'verify', code: '482913', incidents: [] }),
    );
    expect(slack.calls[0]?.json).toMatchObject({ channel: 'U012AB3CD' });
    expect(slack.calls[0]?.text).toContain('482913');
    for (const wrong of ['', '@mara', 'C012', 'u012ab3cd', 'U'])
      expect(slackChannel.addressFault?.('slack', wrong)).toMatch(/member id/);
    expect(slackChannel.addressFault?.('slack', 'U012AB3CD')).toBeNull();
  });

  it('leaves the buttons out when presses could not be trusted', async () => {
    const slack = await slackShaped();
    await slackChannel.send(context(slack.url, {}, { botToken: 'xoxb-1' }), aMessage());
    expect(slack.calls[0]?.text).not.toContain('tocsin.acknowledge');
    expect(slack.calls[0]?.text).toContain('tocsin.open');
  });

  it('lists several incidents, each with its own button, within the limits of Slack', () => {
    const incidents = Array.from({ length: 25 }, (_, i) =>
      aDigest({ id: testId(i), number: i, title: 'x'.repeat(300) }),
    );
    const { blocks } = slackText(aMessage({ incidents, summary: '25 incidents on 3 services' }), { buttons: true });
    expect(blocks.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(blocks)).toContain('and 15 more');
    expect(blocks.filter((block) => 'accessory' in block)).toHaveLength(10);
  });

  it('lets text of an alert neither mention, nor link, nor break out', () => {
    const incident = aDigest({
      title: hostileText,
      impact: hostileText,
      services: [hostileText],
      sourceUrl: 'https://a.example/?x=<|>"',
    });
    for (const purpose of ['page', 'announce', 'update'] as const) {
      const message = aMessage({
        purpose,
        incidents: [incident, ...(purpose === 'page' ? [incident] : [])],
        summary: hostileText,
        text: hostileText,
      });
      const { text, blocks } = slackText(message, { buttons: true });
      expect(text).not.toMatch(/<[!@#h]/);
      for (const block of textsOf(blocks)) {
        if (block.type === 'plain_text') continue;
        // The only angle brackets are those of our own two links.
        expect(block.text.replace(/<https:\/\/[^<>|]*\|(Runbook|Source)>/g, '')).not.toMatch(/[<>]/);
        // Theirs are the one block that Slack may read addresses in.
        expect(block.verbatim === true || /Runbook|Source/.test(block.text)).toBe(true);
      }
    }
  });

  it.each([
    ['invalid_auth', true],
    ['channel_not_found', true],
    ['not_in_channel', true],
    ['is_archived', true],
    ['missing_scope', true],
    ['invalid_blocks', true],
    ['ratelimited', false],
    ['internal_error', false],
    ['fatal_error', false],
    ['service_unavailable', false],
    ['something_new', false],
  ])('reads the refusal %s as permanent: %s', async (error, permanent) => {
    const slack = await slackShaped({ 'chat.postMessage': error, 'chat.update': error });
    const wanted = { outcome: 'failed', permanent, reason: expect.stringContaining(error) };
    expect(await slackChannel.send(context(slack.url), aMessage())).toMatchObject(wanted);
    expect(await slackChannel.update?.(context(slack.url), 'C:1', aMessage())).toMatchObject(wanted);
  });

  it('waits as long as Slack asks for', async () => {
    const slack = await fakeProvider(() => ({
      status: 429,
      headers: { 'retry-after': '30' },
      body: { ok: false, error: 'ratelimited' },
    }));
    expect(await slackChannel.send(context(slack.url), aMessage())).toMatchObject({
      permanent: false,
      retryAfterMs: 30_000,
    });
  });
});

describe('a channel per incident', () => {
  const settings = { channelPerIncident: true, inviteMembers: 'U012AB3CD, U045EF6GH' };

  it('is opened after the message is out, with topic, people and the message, and both are kept up to date', async () => {
    const slack = await slackShaped();
    const sent = await slackChannel.send(context(slack.url, settings), aMessage());
    expect(methods(slack.calls)).toEqual([
      'chat.postMessage',
      'conversations.create',
      'conversations.setTopic',
      'conversations.invite',
      'chat.postMessage',
      'chat.update',
    ]);
    expect(slack.calls[1]?.json).toEqual({ name: 'inc-42-checkout-answers-500', is_private: false });
    expect(slack.calls[2]?.json).toEqual({ channel: 'CROOM', topic: 'SEV1 · INC-42 Checkout answers 500' });
    expect(slack.calls[3]?.json).toEqual({ channel: 'CROOM', users: 'U012AB3CD,U045EF6GH' });
    expect(slack.calls[5]?.text).toContain('<#CROOM>');
    expect(sent).toMatchObject({ ref: 'C0INC:1700000000.000001|CROOM:1700000000.000004', room: 'CROOM' });

    slack.calls.length = 0;
    const ref = sent.outcome === 'accepted' ? (sent.ref ?? '') : '';
    await slackChannel.update?.(context(slack.url, settings), ref, aMessage({ purpose: 'update' }));
    expect(slack.calls.map(({ json }) => (json as { channel: string }).channel)).toEqual(['C0INC', 'CROOM']);
  });

  it('is found again when an earlier attempt made it', async () => {
    const slack = await slackShaped({ 'conversations.create': 'name_taken' });
    const sent = await slackChannel.send(context(slack.url, settings), aMessage());
    expect(slack.calls[2]?.json).toMatchObject({ channel: '#inc-42-checkout-answers-500' });
    expect(sent).toMatchObject({ ref: expect.stringContaining('|CNAMED:'), room: 'CNAMED' });
  });

  it('is no part of the message: that is safe before the room is begun, and is asked for once', async () => {
    const slack = await slackShaped();
    const told: { calls: number; ref: string | null }[] = [];
    let asked = 0;
    await slackChannel.send(
      {
        ...context(slack.url, settings),
        taken: ({ ref }) => void told.push({ calls: slack.calls.length, ref }),
        beforeWrite: () => (asked += 1) > 0,
      },
      aMessage(),
    );
    expect(told).toEqual([{ calls: 1, ref: 'C0INC:1700000000.000001' }]);
    expect(asked).toBe(1);
    expect(slack.calls).toHaveLength(6);
  });

  it('never makes a message that is out count as failed', async () => {
    for (const error of ['restricted_action', 'missing_scope', 'internal_error']) {
      const slack = await slackShaped({ 'conversations.create': error });
      const sent = await slackChannel.send(context(slack.url, settings), aMessage());
      expect(sent).toMatchObject({
        outcome: 'accepted',
        ref: 'C0INC:1700000000.000001',
        response: expect.stringContaining(error),
      });
    }
  });

  it('is for one incident told to the channel, not for people or bundles', async () => {
    const slack = await slackShaped();
    const contact = { kind: 'slack' as const, address: 'U012AB3CD' };
    await slackChannel.send(context(slack.url, settings), aMessage({ purpose: 'page', contact }));
    await slackChannel.send(
      context(slack.url, settings),
      aMessage({ incidents: [aDigest(), aDigest({ id: testId(2) })] }),
    );
    await slackChannel.send(context(slack.url, settings), aMessage({ incidents: [], purpose: 'test' }));
    expect(methods(slack.calls)).toEqual(['chat.postMessage', 'chat.postMessage', 'chat.postMessage']);
  });

  it.each([
    ['Datenbank „größer“ als erlaubt!', 'inc-7-datenbank-gro-er-als-erlaubt'],
    ['数据库', 'inc-7'],
    ['--- ../etc <!channel>', 'inc-7-etc-channel'],
    ['x'.repeat(300), `inc-7-${'x'.repeat(50)}`],
  ])('is named as Slack allows (%s)', (title, name) => {
    expect(roomName({ number: 7, title })).toBe(name);
  });
});

interface TextObject {
  type: 'mrkdwn' | 'plain_text';
  text: string;
  verbatim?: boolean;
}
function textsOf(value: unknown): TextObject[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  const own = (type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string' ? [value as TextObject] : [];
  return [...own, ...Object.values(value).flatMap(textsOf)];
}
