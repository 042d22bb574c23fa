import { describe, expect, test } from 'vitest';
import twilio from 'twilio';
import { fitSegments, segments } from '#server/modules/notify/channels/twilio/segments.ts';
import { TwilioSettings } from '#server/modules/notify/channels/twilio/settings.ts';
import { messageTwiml, promptTwiml, sayTwiml } from '#server/modules/notify/channels/twilio/twiml.ts';
import { smsText, twilioChannel } from '#server/modules/notify/channels/twilio/twilio.ts';
import type { OutgoingAnswer, OutgoingRequest } from '#server/outgoing/outgoing.ts';
import { aDigest, aMessage, aSendContext } from '#server/testkit/outgoing-message.ts';

const accountSid = 'AC00000000000000000000000000000001';
const authToken = '0123456789abcdef0123456789abcdef';
const settings = TwilioSettings.parse({ accountSid, from: '+14155550123' });
const text = aMessage({ contact: { kind: 'sms', address: '+4930123456' } });
const voice = aMessage({ contact: { kind: 'voice', address: '+4930123456' } });

function providerThat(answer: Partial<OutgoingAnswer>) {
  const requests: OutgoingRequest[] = [];
  const context = aSendContext(settings, { secrets: { authToken } });
  const request = async (sent: OutgoingRequest): Promise<OutgoingAnswer> => {
    requests.push(sent);
    return { status: 201, headers: {}, body: '{"sid":"SM1","status":"queued"}', truncated: false, ...answer };
  };
  return { requests, context: { ...context, outgoing: { ...context.outgoing, request } } };
}

/** What Twilio's own client would have sent. */
async function officialRequest(use: (client: twilio.Twilio) => Promise<unknown>) {
  const sent: { method: string; uri: string; data: Record<string, unknown> }[] = [];
  const httpClient = {
    request: (options: { method: string; uri: string; data: Record<string, unknown> }) => {
      sent.push(options);
      return Promise.resolve({ statusCode: 201, body: { sid: 'SM1' }, headers: {} });
    },
  };
  await use(twilio(accountSid, authToken, { httpClient: httpClient as never }));
  return sent[0];
}

describe('sending over the Twilio API', () => {
  const statusUrl = `https://tocsin.example.com/callbacks/twilio/01900000-0000-7000-8000-0000000000c1/status?message=${text.id}`;

  test('a text message is the request that the official client makes', async () => {
    const { requests, context } = providerThat({});
    expect(await twilioChannel.send(context, text)).toMatchObject({ outcome: 'accepted', ref: 'SM1', arrived: false });
    const official = await officialRequest((client) =>
      client.messages.create({
        to: '+4930123456',
        from: '+14155550123',
        body: smsText(text),
        statusCallback: statusUrl,
      }),
    );
    expect(requests[0]).toMatchObject({ method: official?.method.toUpperCase(), url: official?.uri });
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual(official?.data);
    expect(requests[0]?.headers?.['authorization']).toBe(`Basic ${btoa(`${accountSid}:${authToken}`)}`);
  });

  test('a call is the request that the official client makes', async () => {
    const { requests, context } = providerThat({ body: '{"sid":"CA1"}' });
    expect(await twilioChannel.send(context, voice)).toMatchObject({ outcome: 'accepted', ref: 'CA1' });
    const form = new URLSearchParams(requests[0]?.body);
    const official = await officialRequest((client) =>
      client.calls.create({
        to: '+4930123456',
        from: '+14155550123',
        twiml: form.get('Twiml') ?? '',
        statusCallback: statusUrl,
        statusCallbackEvent: ['completed'],
      }),
    );
    expect(requests[0]?.url).toBe(official?.uri);
    expect(Object.fromEntries(form)).toEqual({ ...official?.data, StatusCallbackEvent: 'completed' });
    const twiml = form.get('Twiml') ?? '';
    expect(twiml.match(/SEV1 INC-4417 Checkout answers with errors/g)).toHaveLength(2);
    expect(twiml).toContain('Press 4 to acknowledge, or 6 to escalate.');
    expect(twiml).toContain(`gather?message=${text.id}&#38;incident=${aDigest().id}`);
  });

  test('a messaging service takes the place of the number in texts', async () => {
    const { requests, context } = providerThat({});
    const service = TwilioSettings.parse({ ...settings, messagingServiceSid: `MG${'0'.repeat(32)}` });
    await twilioChannel.send({ ...context, settings: service }, text);
    const form = new URLSearchParams(requests[0]?.body);
    expect(form.get('MessagingServiceSid')).toBe(service.messagingServiceSid);
    expect(form.has('From')).toBe(false);
  });

  test.each([
    [400, '{"code":21610,"message":"unsubscribed"}', true, 'STOP'],
    [400, '{"code":99999,"message":"Something of theirs"}', true, 'Error 99999: Something of theirs'],
    [401, '{"code":20003,"message":"Authenticate"}', true, 'Check both'],
    [429, '{"code":20429}', false, '20429|429'],
    [500, '<html>oops</html>', false, '500'],
    [201, '<html>welcome to our proxy</html>', false, 'documents'],
    [200, '{"status":"queued"}', false, 'documents'],
  ])('an answer %i %s is a failed attempt, final: %s', async (status, body, permanent, words) => {
    const { context } = providerThat({ status, body, headers: status === 429 ? { 'retry-after': '7' } : {} });
    expect(await twilioChannel.send(context, text)).toEqual({
      outcome: 'failed',
      permanent,
      retryAfterMs: status === 429 ? 7_000 : null,
      reason: expect.stringMatching(words),
      response: body,
    });
  });

  test('without a token or, for a call, a number nothing is sent', async () => {
    const { requests, context } = providerThat({});
    expect(await twilioChannel.send({ ...context, secrets: {} }, text)).toMatchObject({ permanent: true });
    const service = TwilioSettings.parse({ accountSid, messagingServiceSid: `MG${'0'.repeat(32)}` });
    expect(await twilioChannel.send({ ...context, settings: service }, voice)).toMatchObject({ permanent: true });
    expect(await twilioChannel.send(context, aMessage({ contact: null }))).toMatchObject({ permanent: true });
    expect(requests).toEqual([]);
  });

  test('the test of the channel asks for the account, as the official client does, and sends nothing', async () => {
    const { requests, context } = providerThat({ status: 200, body: '{"sid":"AC1","status":"active"}' });
    const sent = await twilioChannel.send(context, aMessage({ purpose: 'test', contact: null, incidents: [] }));
    expect(sent).toMatchObject({ outcome: 'accepted', response: expect.stringContaining('The account is active') });
    const official = await officialRequest((client) => client.api.accounts(accountSid).fetch());
    expect(requests).toMatchObject([{ method: 'GET', url: official?.uri }]);
  });

  test('a code is sent and spoken as a code', async () => {
    const { requests, context } = providerThat({});
    const verify = { purpose: 'verify' as const, incidents: [], link: null, replyCode: null, code: '481516' };
    await twilioChannel.send(context, { ...text, ...verify });
    await twilioChannel.send(context, { ...voice, ...verify });
    const [sms, call] = requests.map((request) => new URLSearchParams(request.body));
    expect(sms?.get('Body')).toMatch(/^481516 is your Tocsin code/);
    expect(call?.get('Twiml')).toContain('4, 8, 1, 5, 1, 6');
    expect(call?.get('Twiml')).not.toContain('Gather');
  });

  test.each(['+4930123456', '+14155550123'])('%s is a number', (address) => {
    expect(twilioChannel.addressFault?.('sms', address)).toBeNull();
  });
  test.each(['030 123456', '004930123456', '+49 30 123456', '+0123456', 'whatsapp:+4930123456'])(
    '%s is none',
    (address) => {
      expect(twilioChannel.addressFault?.('sms', address)).toContain('+4930123456');
    },
  );
});

describe('text messages', () => {
  test('fit into two parts with link and code whole, whatever the title', () => {
    for (const title of [
      'Short',
      'x'.repeat(1_000),
      'Größe überschritten '.repeat(30),
      '日本語'.repeat(100),
      '🔥'.repeat(100),
      '€[]'.repeat(90),
    ]) {
      const body = smsText({ ...text, summary: title });
      expect(segments(body)).toBeLessThanOrEqual(2);
      expect(body).toContain(text.link ?? '-');
      expect(body).toMatch(/Reply ACK 4417$/);
      expect(body.isWellFormed()).toBe(true);
    }
  });

  test('parts are counted as networks count them', () => {
    expect([160, 161, 306, 307].map((n) => segments('a'.repeat(n)))).toEqual([1, 2, 2, 3]);
    expect([70, 71, 134, 135].map((n) => segments('ж'.repeat(n)))).toEqual([1, 2, 2, 3]);
    expect(segments('€'.repeat(81))).toBe(2);
  });

  test('typographic signs do not halve the room', () => {
    expect(fitSegments('“Checkout” – it’s down…', '', 2)).toBe('"Checkout" - it\'s down...');
  });
});

describe('what is said', () => {
  const hostile = '</Say><Dial>+19005550100</Dial> & "x" \u0000\u001b';

  test('is what the official builder says, after reading both', () => {
    const official = new twilio.twiml.VoiceResponse();
    official.say({ language: 'en-US' }, hostile.replaceAll('\u0000', '').replaceAll('\u001b', ''));
    official.hangup();
    const ours = sayTwiml(hostile, 'en-US');
    expect(plainXml(ours)).toBe(plainXml(official.toString()));
    expect(ours).not.toContain('<Dial>');
    const reply = new twilio.twiml.MessagingResponse();
    reply.message('Acknowledged & done');
    expect(plainXml(messageTwiml('Acknowledged & done'))).toBe(plainXml(reply.toString()));
    expect(plainXml(messageTwiml(null))).toBe(plainXml(new twilio.twiml.MessagingResponse().toString()));
  });

  test('a question is a gather as the official builder makes it', () => {
    const url = 'https://t.example.com/gather?a=1&b=2';
    const official = new twilio.twiml.VoiceResponse();
    const gather = official.gather({
      input: ['dtmf'],
      numDigits: 1,
      timeout: 8,
      method: 'POST',
      actionOnEmptyResult: true,
      action: url,
    });
    const asked = 'Down. Press 4 to acknowledge, or 6 to escalate.';
    gather.say({ language: 'en-US' }, asked);
    gather.pause({ length: 1 });
    gather.say({ language: 'en-US' }, asked);
    official.say({ language: 'en-US' }, 'Nothing was done. Paging goes on. Goodbye.');
    expect(plainXml(promptTwiml({ words: 'Down', language: 'en-US', gatherUrl: url }))).toBe(
      plainXml(official.toString()),
    );
  });
});

/** Entities written out and empty elements in one form, so that two spellings of the same document are equal. */
function plainXml(xml: string): string {
  return xml
    .replaceAll('&amp;', '&#38;')
    .replaceAll('&lt;', '&#60;')
    .replaceAll('&gt;', '&#62;')
    .replaceAll('&quot;', '&#34;')
    .replace(/"(?=[^<>]*(<|$))/g, '&#34;')
    .replace(/>([^<]*)</g, (_all, inner: string) => `>${inner.replaceAll('>', '&#62;')}<`)
    .replace(/<(\w+)([^>]*)><\/\1>/g, '<$1$2/>');
}
