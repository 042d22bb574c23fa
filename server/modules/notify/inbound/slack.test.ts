import { createHmac } from 'node:crypto';
import Fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { AppError, httpStatus } from '#server/api/app-error.ts';
import type { ContactMethodDraft } from '#server/contract/responder.ts';
import type { PagingConfig } from '#server/modules/config/state.ts';
import type { OutsideAct } from '#server/modules/notify/inbound/acting.ts';
import type { OpenChannel } from '#server/modules/notify/inbound/open-channel.ts';
import { registerSlackCallbacks, type SlackEvent } from '#server/modules/notify/inbound/slack.ts';
import { userBySlackId } from '#server/modules/notify/inbound/slack-people.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { fakeProvider } from '#server/testkit/fake-provider.ts';
import { testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const timestamp = '1531420618';
const nowMs = Number(timestamp) * 1_000;
const channelId = testId(70);
const incidentId = testId(1);
const mara = testId(5);
const secret = 'signing-secret';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function server(
  options: { channel?: Partial<OpenChannel> | null; act?: () => Promise<{ ok: boolean; text: string }> } = {},
) {
  const acts: OutsideAct[] = [];
  const heard: (SlackEvent & { channel: string })[] = [];
  const seen = new Set<string>();
  const logger = createMemoryLogger();
  const slack = await fakeProvider(() => ({ body: 'ok' }));
  const channel: OpenChannel = {
    id: channelId,
    kind: 'slack',
    enabled: true,
    settings: {},
    secrets: { signingSecret: secret },
    ...options.channel,
  };
  const app = Fastify({ logger: false });
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
    reply
      .code(error instanceof AppError ? httpStatus[error.code] : (error.statusCode ?? 500))
      .send({ message: error.message }),
  );
  await registerSlackCallbacks(app, {
    channel: async (id) => (id === channelId && options.channel !== null ? channel : null),
    userBySlackId: async (id) => (id === 'UMARA' ? mara : null),
    act: async (act) => {
      acts.push(act);
      return options.act === undefined ? { ok: true, text: 'INC-42 acknowledged by <you>.' } : options.act();
    },
    heard: async (id, event) => void heard.push({ channel: id, ...event }),
    store: {
      seen: async (id, delivery) => seen.has(`${id} ${delivery}`),
      markSeen: async (id, delivery) => void seen.add(`${id} ${delivery}`),
    },
    outgoing: createOutgoing({ allowedPrivate: () => ['127.0.0.1'], clock: createSystemClock() }),
    clock: createFakeClock(nowMs),
    logger,
  });
  stops.push(() => app.close());
  const post = (body: string, headers: Record<string, string> = {}, path = `/callbacks/slack/${channelId}`) =>
    app.inject({
      method: 'POST',
      url: path,
      payload: body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': sign(body),
        ...headers,
      },
    });
  return { post, acts, heard, slack, logger };
}

function sign(body: string, key = secret): string {
  return `v0=${createHmac('sha256', key).update(`v0:${timestamp}:${body}`).digest('hex')}`;
}

function press(fields: Record<string, unknown> = {}, responseUrl?: string): string {
  const payload = {
    type: 'block_actions',
    user: { id: 'UMARA', username: 'mara' },
    trigger_id: '1.2.abc',
    container: { type: 'message', message_ts: '1700000000.000001' },
    ...(responseUrl === undefined ? {} : { response_url: responseUrl }),
    actions: [
      { type: 'button', block_id: 'b', action_id: 'tocsin.acknowledge', value: incidentId, action_ts: '1700000001.1' },
    ],
    ...fields,
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

describe('a press of a button in Slack', () => {
  it('acts as the person whose account it is, and tells them alone what came of it', async () => {
    const { post, acts, slack } = await server();
    const answer = await post(press({}, `${slack.url}/actions/T1/2/3`));
    expect(answer.statusCode).toBe(200);
    expect(acts).toEqual([
      { userId: mara, incidentId, action: 'acknowledge', via: 'Slack', deliveryId: expect.stringContaining(channelId) },
    ]);
    await expect.poll(() => slack.calls).toHaveLength(1);
    expect(slack.calls[0]).toMatchObject({
      path: '/actions/T1/2/3',
      json: { response_type: 'ephemeral', replace_original: false, text: 'INC-42 acknowledged by &lt;you&gt;.' },
    });
  });

  it('escalates', async () => {
    const { post, acts } = await server();
    await post(press({ actions: [{ action_id: 'tocsin.escalate', value: incidentId }] }));
    expect(acts).toMatchObject([{ action: 'escalate', incidentId }]);
  });

  it('has no effect when it is replayed', async () => {
    const { post, acts, slack } = await server();
    const body = press({}, `${slack.url}/x`);
    expect((await post(body)).statusCode).toBe(200);
    expect((await post(body)).statusCode).toBe(200);
    expect(acts).toHaveLength(1);
    await post(press({ trigger_id: 'another press' }));
    expect(acts).toHaveLength(2);
    expect(acts[0]?.deliveryId).not.toBe(acts[1]?.deliveryId);
  });

  it('may be made again when acting failed', async () => {
    let failing = true;
    const { post, acts } = await server({
      act: () =>
        failing ? Promise.reject(new AppError('unavailable', 'away')) : Promise.resolve({ ok: true, text: 'done' }),
    });
    const body = press();
    expect((await post(body)).statusCode).toBe(503);
    failing = false;
    expect((await post(body)).statusCode).toBe(200);
    expect(acts).toHaveLength(2);
    expect(acts[0]).toEqual(acts[1]);
  });

  it('by a stranger does nothing, and tells how to link the account', async () => {
    const { post, acts, slack } = await server();
    expect((await post(press({ user: { id: 'USTRANGER' } }, `${slack.url}/x`))).statusCode).toBe(200);
    expect(acts).toEqual([]);
    await expect.poll(() => slack.calls).toHaveLength(1);
    expect(slack.calls[0]?.text).toMatch(/Nothing was done.*USTRANGER.*contact method Slack.*code/);
  });

  it('is answered at no address that may not be called', async () => {
    const { post, acts, logger } = await server();
    await post(press({}, 'http://169.254.169.254/latest/canary-path'));
    expect(acts).toHaveLength(1);
    await expect.poll(() => logger.entries).toMatchObject([{ message: expect.stringContaining('could not be sent') }]);
    const told = JSON.stringify(logger.entries);
    for (const hidden of [secret, 'canary-path', 'UMARA']) expect(told).not.toContain(hidden);
  });

  it.each([
    ['Open', { actions: [{ action_id: 'tocsin.open' }] }],
    ['a button of another app', { actions: [{ action_id: 'approve', value: incidentId }] }],
    ['a value that is no incident', { actions: [{ action_id: 'tocsin.acknowledge', value: "1' OR 1=1" }] }],
    ['no value', { actions: [{ action_id: 'tocsin.acknowledge' }] }],
    ['another kind of interaction', { type: 'view_submission' }],
    ['no user', { user: undefined }],
    [
      'a name of the prototype',
      {
        actions: [
          { action_id: 'constructor', value: incidentId },
          { action_id: '__proto__', value: incidentId },
        ],
      },
    ],
  ])('does nothing when it is %s', async (_what, fields) => {
    const { post, acts } = await server();
    expect((await post(press(fields))).statusCode).toBe(200);
    expect(acts).toEqual([]);
  });

  it('is refused with 401 whatever is wrong with its signature or its channel', async () => {
    const { post, acts } = await server();
    const body = press();
    const old = String(Number(timestamp) - 301);
    const oldSignature = `v0=${createHmac('sha256', secret).update(`v0:${old}:${body}`).digest('hex')}`;
    for (const headers of [
      { 'x-slack-signature': sign(body, 'other') },
      { 'x-slack-signature': '' },
      { 'x-slack-signature': sign(body).slice(0, -2) },
      { 'x-slack-signature': sign(`${body}&x=1`) },
      { 'x-slack-request-timestamp': '' },
      { 'x-slack-request-timestamp': old, 'x-slack-signature': oldSignature },
    ])
      expect((await post(body, headers)).statusCode).toBe(401);
    for (const path of [testId(71), 'nothing', "'", '..%2f'])
      expect((await post(body, {}, `/callbacks/slack/${path}`)).statusCode).toBe(401);
    expect((await post('')).statusCode).toBe(400);
    expect(acts).toEqual([]);
  });

  it.each([
    ['gone', null],
    ['switched off', { enabled: false }],
    ['of another kind', { kind: 'webhook' as const }],
    ['without a secret', { secrets: {} }],
    ['with an empty secret', { secrets: { signingSecret: '' } }],
  ])('is refused when the channel is %s', async (_what, channel) => {
    const { post, acts } = await server({ channel });
    const body = press();
    for (const key of [secret, '']) {
      const headers =
        key === ''
          ? {
              'x-slack-signature': `v0=${createHmac('sha256', '').update(`v0:${timestamp}:${body}`).digest('hex')}`,
            }
          : {};
      expect((await post(body, headers)).statusCode).toBe(401);
    }
    expect(acts).toEqual([]);
  });

  it('is answered without a 500 when it is signed nonsense, and bounded when it is huge', async () => {
    const { post } = await server();
    for (const body of [
      'payload=',
      'payload=%7B',
      'payload=[]',
      'payload=null',
      '{"type":"x"}',
      '\u0000',
      'payload=%ff%fe',
      'a'.repeat(200_000),
    ])
      expect((await post(body)).statusCode).toBe(400);
    expect((await post(`payload=${'x'.repeat(300_000)}`)).statusCode).toBe(413);
  });

  it("answers Slack's challenge, when it is signed", async () => {
    const { post } = await server();
    const body = JSON.stringify({ type: 'url_verification', token: 't', challenge: '3eZbrw1a' });
    const asked = await post(body, { 'content-type': 'application/json' });
    expect([asked.statusCode, asked.json()]).toEqual([200, { challenge: '3eZbrw1a' }]);
    expect((await post(body, { 'content-type': 'application/json', 'x-slack-signature': 'v0=00' })).statusCode).toBe(
      401,
    );
  });
});

describe('what is written where the app listens', () => {
  const event = { type: 'message', channel: 'CROOM', user: 'UMARA', text: 'hi', ts: '1.2' };
  const body = JSON.stringify({ type: 'event_callback', event_id: 'Ev1', api_app_id: 'A1', token: 'x', event });
  const headers = { 'content-type': 'application/json' };

  it('is handed on when it is signed, and is no press', async () => {
    const { post, acts, heard } = await server();
    expect((await post(body, headers)).statusCode).toBe(200);
    expect(heard).toEqual([{ channel: channelId, id: 'Ev1', appId: 'A1', event }]);
    expect(acts).toEqual([]);
  });

  it('is refused without a signature, and when it has no identity', async () => {
    const { post, heard } = await server();
    expect((await post(body, { ...headers, 'x-slack-signature': 'v0=00' })).statusCode).toBe(401);
    expect((await post(JSON.stringify({ type: 'event_callback', event }), headers)).statusCode).toBe(400);
    expect(heard).toEqual([]);
  });
});

describe('whose Slack account it is', () => {
  const config = (
    verified: Record<string, { at: string; address: string }>,
    kind: ContactMethodDraft['kind'] = 'slack',
  ) =>
    ({
      list: () => ({
        $documents: 'responder@1',
        items: [{ id: mara, draft: { contactMethods: [{ id: 'm', kind, address: 'UMARA' }] }, state: { verified } }],
      }),
    }) as unknown as Pick<PagingConfig, 'list'>;

  it('is known when it was proven, as it is now', () => {
    expect(userBySlackId(config({ m: { at: '', address: 'UMARA' } }), 'UMARA')).toBe(mara);
    expect(userBySlackId(config({ m: { at: '', address: 'UMARA' } }), 'UELSE')).toBeNull();
    expect(userBySlackId(config({ m: { at: '', address: 'UOLD' } }), 'UMARA')).toBeNull();
    expect(userBySlackId(config({}), 'UMARA')).toBeNull();
    expect(userBySlackId(config({ m: { at: '', address: 'UMARA' } }, 'email'), 'UMARA')).toBeNull();
  });
});
