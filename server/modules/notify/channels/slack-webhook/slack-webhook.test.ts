import { describe, expect, it } from 'vitest';
import { slackWebhookChannel } from '#server/modules/notify/channels/slack-webhook/slack-webhook.ts';
import { aMessage, aSendContext, fakeProvider } from '#server/testkit/fake-provider.ts';

const send = (url: string) =>
  slackWebhookChannel.send(aSendContext({}, { url: `${url}/services/T000/B000/XXXXXXXX` }), aMessage());

describe("Slack's incoming webhook", () => {
  it('gets the message without buttons that would need an answer', async () => {
    const slack = await fakeProvider(() => ({ body: 'ok' }));
    expect(await send(slack.url)).toMatchObject({ outcome: 'accepted', ref: null, arrived: true, response: 'ok' });
    expect(slack.calls[0]).toMatchObject({
      method: 'POST',
      path: '/services/T000/B000/XXXXXXXX',
      json: {
        text: 'SEV1 INC-42 Checkout answers 500',
        blocks: [{ type: 'header' }, {}, {}, { type: 'actions', elements: [{ action_id: 'tocsin.open' }] }],
      },
    });
  });

  it.each([
    [400, 'invalid_payload', true, /invalid_payload/],
    [403, 'action_prohibited', true, /administrator/],
    [404, 'no_service', true, /removed or turned off/],
    [410, 'channel_is_archived', true, /archived/],
    [429, 'rate_limited', false, /rate_limited/],
    [500, 'rollup_error', false, /rollup_error/],
    [400, 'constructor', true, /constructor/],
    [200, 'not ok', false, /not what it documents/],
  ])('answers %i %s', async (status, body, permanent, reason) => {
    const slack = await fakeProvider(() => ({ status, body }));
    expect(await send(slack.url)).toMatchObject({
      outcome: 'failed',
      permanent,
      reason: expect.stringMatching(reason),
      response: body,
    });
  });
});
