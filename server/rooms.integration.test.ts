// A room and its Slack channel through the whole server: from the route that tells the channel to the words on both sides.
import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ChatMessage } from '#server/contract/chat.ts';
import { defaultPagingSettings } from '#server/contract/paging-settings.ts';
import { startTestApp } from '#server/testkit/app.ts';
import { fakeSlack } from '#server/testkit/fake-slack.ts';
import { fromNow, newId, policyDraft, until } from '#server/testkit/restricted-scene.ts';

const signingSecret = 'shh-room';

test('a room is mirrored from the moment its channel is opened, both ways, and its events are signed', async () => {
  const slack = await fakeSlack(() => Date.parse(fromNow(0)));
  const app = await startTestApp();
  try {
    const admin = await app.person('admin');
    const { rest } = app;
    const settings = { ...defaultPagingSettings, allowedPrivateHosts: ['127.0.0.1'] };
    await app.call(admin.bearer, 'mutation', 'watchdog.set', settings);
    const [channelId, policyId, routeId] = [newId(), newId(), newId()];
    const channel = {
      kind: 'channel',
      draft: {
        name: 'Ops',
        kind: 'slack',
        enabled: true,
        settings: { channel: 'C0OPS', channelPerIncident: true, mirrorChat: true, apiUrl: slack.apiUrl },
        secrets: { botToken: 'xoxb-1', signingSecret },
      },
    };
    const route = { name: 'All', enabled: true, condition: 'true', policyId, priority: 'important', holdSeconds: 0 };
    const documents = [
      [channelId, channel],
      [policyId, { kind: 'policy', draft: policyDraft([{ type: 'channel', id: channelId }]) }],
      [routeId, { kind: 'route', draft: { ...route, channelIds: [] } }],
    ] as const;
    for (const [documentId, document] of documents) {
      const action = { kind: 'config.save', documentId, document };
      const intent = { id: newId(), at: fromNow(0), baseVersion: null, dependsOn: null, action };
      const { text } = await app.call(admin.bearer, 'mutation', 'intents.submit', { intents: [intent] });
      expect(text).toContain('"applied"');
    }
    const { id } = await rest<{ id: string }>(admin.bearer, 'POST', '/api/v1/incidents', {
      title: 'Checkout fails',
      severity: 'sev2',
    });
    const path = `/api/v1/incidents/${id}/messages`;
    await rest(admin.bearer, 'POST', path, { text: 'before there was a channel, perhaps' });
    await until(
      async () => slack.messages.filter(({ channel: at, text }) => at === 'CROOM' && text.startsWith('admin')),
      (found) => found.length === 1,
    );

    const callback = (body: string, signature: string, timestamp: string) =>
      fetch(`${app.url}/callbacks/slack/${channelId}`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': signature,
        },
      });
    const { event } = slack.write('CROOM', 'UKIM', 'from the other side');
    const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev9', api_app_id: 'ATOCSIN', event });
    const timestamp = String(Math.floor(Date.parse(fromNow(0)) / 1_000));
    const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    expect((await callback(body, `${signature.slice(0, -1)}x`, timestamp)).status).toBe(401);
    expect((await callback(body, signature, timestamp)).status).toBe(200);
    expect((await callback(body, signature, timestamp)).status).toBe(200);
    const { items } = await rest<{ items: ChatMessage[] }>(admin.bearer, 'GET', path);
    expect(items.map(({ source, author, text }) => [source, author, text])).toEqual([
      ['slack', 'Slack member UKIM', 'from the other side'],
      ['person', admin.name, 'before there was a channel, perhaps'],
    ]);
  } finally {
    await app.stop();
  }
}, 40_000);
