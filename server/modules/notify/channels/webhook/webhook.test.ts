import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { webhookHeaders, webhookKeys } from '#server/modules/notify/channels/webhook/signature.ts';
import { webhookChannel } from '#server/modules/notify/channels/webhook/webhook.ts';
import { aDigest, aMessage, aSendContext, fakeProvider, hostileText } from '#server/testkit/fake-provider.ts';
import { testId } from '#server/testkit/incidents.ts';

const [fresh, old] = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`) as [string, string];

async function sent(signingSecret: string, message = aMessage()) {
  const receiver = await fakeProvider(() => ({ status: 204 }));
  // The library compares with the machine's clock.
  const context = aSendContext({ url: `${receiver.url}/hook` }, { signingSecret }, { now: Date.now() });
  const result = await webhookChannel.send(context, message);
  return { result, call: receiver.calls[0], receiver, context };
}

describe('a signed webhook', () => {
  it('is verified by the library of the standard, over the bytes that arrived', async () => {
    const { call, result } = await sent(fresh, aMessage({ text: `ünï 🔑 ${hostileText}` }));
    const payload = new Webhook(fresh).verify(call?.text ?? '', call?.headers as Record<string, string>);
    expect(payload).toMatchObject({
      type: 'notification.announce',
      data: { messageId: testId(90), incidents: [{ number: 42 }] },
    });
    expect(call?.headers['webhook-id']).toBe(testId(90));
    expect(result).toMatchObject({ outcome: 'accepted', ref: testId(90), arrived: true });
  });

  it('is refused by it when anything was changed', async () => {
    const { call } = await sent(fresh);
    const headers = call?.headers as Record<string, string>;
    const body = call?.text ?? '';
    const verify =
      (key: string, text: string, changed: Record<string, string> = {}) =>
      () =>
        new Webhook(key).verify(text, { ...headers, ...changed });
    expect(verify(fresh, body)).not.toThrow();
    expect(verify(old, body)).toThrow(WebhookVerificationError);
    expect(verify(fresh, `${body} `)).toThrow(WebhookVerificationError);
    expect(verify(fresh, JSON.stringify(JSON.parse(body), null, 1))).toThrow(WebhookVerificationError);
    expect(verify(fresh, body, { 'webhook-id': testId(91) })).toThrow(WebhookVerificationError);
    expect(verify(fresh, body, { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) })).toThrow(
      WebhookVerificationError,
    );
  });

  it('is signed with the new and the old key while the secret is changed', async () => {
    const { call } = await sent(`${fresh} ${old}`);
    expect(call?.headers['webhook-signature']?.toString().split(' ')).toHaveLength(2);
    for (const key of [fresh, old])
      expect(() => new Webhook(key).verify(call?.text ?? '', call?.headers as Record<string, string>)).not.toThrow();
  });

  it('keeps its id over attempts and takes the time of each', async () => {
    const { receiver, context, call } = await sent(fresh);
    await webhookChannel.send({ ...context, now: context.now + 60_000 }, aMessage());
    const again = receiver.calls[1];
    expect(again?.headers['webhook-id']).toBe(call?.headers['webhook-id']);
    expect(Number(again?.headers['webhook-timestamp'])).toBe(Number(call?.headers['webhook-timestamp']) + 60);
  });

  it('goes to the address of a person, and tells what an update is about', async () => {
    const own = await fakeProvider(() => ({}));
    const { receiver, context } = await sent(fresh);
    const contact = { kind: 'webhook' as const, address: `${own.url}/mine` };
    await webhookChannel.send(context, aMessage({ contact, recipient: 'Mara' }));
    expect(own.calls[0]).toMatchObject({ path: '/mine', json: { data: { recipient: 'Mara' } } });
    const update = aMessage({ id: testId(91), purpose: 'update', incidents: [aDigest({ status: 'resolved' })] });
    expect(await webhookChannel.update?.(context, testId(90), update)).toMatchObject({ ref: testId(90) });
    expect(receiver.calls[1]?.json).toMatchObject({
      type: 'incident.updated',
      data: { replaces: testId(90), messageId: testId(91) },
    });
    expect(webhookChannel.addressFault?.('webhook', 'ftp://a')).toMatch(/https/);
    expect(webhookChannel.addressFault?.('webhook', 'https://a.example/x')).toBeNull();
  });

  it.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'not base64!', `${fresh} short`, Buffer.alloc(65).toString('base64')])(
    'is not sent with the secret %j',
    async (secret) => {
      const { result, receiver } = await sent(secret);
      expect(result).toMatchObject({
        outcome: 'failed',
        permanent: true,
        reason: expect.stringContaining('24 to 64 bytes'),
      });
      expect(receiver.calls).toHaveLength(0);
    },
  );

  it('signs as the example of the standard', () => {
    const keys = webhookKeys('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw') ?? [];
    const body = '{"test": 2432232314}';
    const headers = webhookHeaders(keys, { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1_614_265_330, body });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
});
