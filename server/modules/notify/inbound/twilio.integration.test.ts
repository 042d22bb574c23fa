import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import twilio from 'twilio';
import { canSee } from '#server/contract/audience.ts';
import type { User } from '#server/contract/people.ts';
import type { Database } from '#server/database/pool.ts';
import type { OutsideAct } from '#server/modules/notify/inbound/acting.ts';
import type { OpenChannel } from '#server/modules/notify/inbound/open-channel.ts';
import { createReplyStore } from '#server/modules/notify/inbound/reply-store.ts';
import { registerTwilioCallbacks } from '#server/modules/notify/inbound/twilio.ts';
import type { ProviderReceipt } from '#server/modules/notify/settling/receipts.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { echoRouter } from '#server/testkit/echo-router.ts';
import { startTestHttp, type TestHttp } from '#server/testkit/http.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const publicUrl = 'https://tocsin.example.com';
const authToken = '0123456789abcdef0123456789abcdef';
const [ada, ben] = [testId(0xa), testId(0xb)];
const [adaNumber, sharedNumber, strangeNumber] = ['+4930111111', '+4930222222', '+4930999999'];
const channelId = testId(0xc1);
const [checkout, payments] = [testId(0x101), testId(0x102)];
const team = testId(0x501);
const clock = createFakeClock(Date.parse('2026-11-21T02:20:00.000Z'));

describe('what comes back from Twilio', () => {
  let database: Database;
  let http: TestHttp;
  let acts: OutsideAct[];
  let receipts: ProviderReceipt[];
  let channel: OpenChannel;
  let restrictedTo: string[] | null;
  const logger = createMemoryLogger();

  beforeAll(async () => {
    database = await testDatabase();
    for (const [index, id] of [checkout, payments].entries())
      await database.query(
        `INSERT INTO incident (id, number, title, severity, status, started_at)
         VALUES ($1, $2, 'Checkout fails', 'sev1', 'triggered', '2026-11-21T02:10:00Z')`,
        [id, 4000 + index],
      );
    http = await startTestHttp({
      router: echoRouter,
      registerIngest: (app) =>
        void app.register((scope) =>
          registerTwilioCallbacks(scope, {
            channel: async (id) => (id === channelId ? channel : null),
            publicUrl: () => publicUrl,
            store: createReplyStore(database),
            peopleWithNumber: async (number) =>
              number === adaNumber ? [ada] : number === sharedNumber ? [ada, ben] : [],
            user: async (id): Promise<User> => ({
              id,
              version: 1,
              login: 'x',
              name: id === ada ? 'Ada' : 'Ben',
              role: 'responder',
              disabled: false,
              teamIds: id === ben ? [team] : [],
            }),
            incident: async (reader, id) =>
              canSee(restrictedTo, reader.teamIds)
                ? anIncident({ id, number: 4000, title: 'Checkout <fails> & burns', restrictedTo })
                : null,
            async act(act) {
              acts.push(act);
              return { ok: true, text: `You did ${act.action} <it>.` };
            },
            receipt: async (receipt) => void receipts.push(receipt),
            clock,
            logger,
          }),
        ),
    });
  });
  afterAll(() => http.server.stop());

  beforeEach(async () => {
    acts = [];
    receipts = [];
    restrictedTo = null;
    channel = {
      id: channelId,
      kind: 'twilio',
      enabled: true,
      settings: { accountSid: 'AC00000000000000000000000000000001', from: '+14155550123' },
      secrets: { authToken },
    };
    await database.query('TRUNCATE callback_seen, page CASCADE');
  });

  let pages = 0;
  async function addPage(
    userId: string,
    incidentId: string,
    code: string,
    status = 'open',
    at = '2026-11-21T02:11:00Z',
  ) {
    pages += 1;
    await database.query(
      `INSERT INTO page (id, version, number, incident_id, user_id, run, step, loop, priority, reason, at, late, status, reply_code)
       VALUES ($1, 1, $2, $3, $4, 1, 0, 0, 'important', 'test', $5, false, $6, $7)`,
      [testId(0x9000 + pages), pages, incidentId, userId, at, status, code],
    );
  }

  /** As Twilio sends it, with the signature that its own library makes. */
  async function post(
    path: string,
    form: Record<string, string>,
    change: { token?: string; signature?: string | null } = {},
  ) {
    const own = `/callbacks/twilio/${channelId}/${path}`;
    const made = twilio.getExpectedTwilioSignature(change.token ?? authToken, publicUrl + own, form);
    const signature = change.signature === undefined ? made : change.signature;
    const answer = await fetch(http.url + own, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(signature === null ? {} : { 'x-twilio-signature': signature }),
      },
      body: new URLSearchParams(form).toString(),
    });
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() };
  }
  let sids = 0;
  const sms = (Body: string, From = adaNumber, MessageSid = `SM${(sids += 1)}`) =>
    post('sms', { MessageSid, AccountSid: 'AC1', From, To: '+14155550123', Body });
  const key = (Digits: string, change: Record<string, string> = {}, query = `incident=${checkout}`) =>
    post(`gather?${query}`, {
      CallSid: `CA${(sids += 1)}`,
      Direction: 'outbound-api',
      To: adaNumber,
      From: '+14155550123',
      Digits,
      ...change,
    });

  describe('signatures', () => {
    const form = { MessageSid: 'SM1', From: adaNumber, Body: 'ack 4417' };
    test.each([
      ['missing', { signature: null }],
      ['empty', { signature: '' }],
      ['of another token', { token: 'another' }],
      ['of an empty token', { token: '' }],
      ['cut short', { signature: 'abc=' }],
    ])('one that is %s is refused and does nothing', async (_name, change) => {
      await addPage(ada, checkout, '4417');
      const answer = await post('sms', form, change);
      expect(answer.status).toBe(401);
      expect(acts).toEqual([]);
    });

    test('one over another body, path or query is refused', async () => {
      const signature = twilio.getExpectedTwilioSignature(
        authToken,
        `${publicUrl}/callbacks/twilio/${channelId}/sms`,
        form,
      );
      expect((await post('sms', { ...form, Body: 'esc 4417' }, { signature })).status).toBe(401);
      expect((await post('sms', { ...form, Extra: '1' }, { signature })).status).toBe(401);
      expect((await post('sms?x=1', form, { signature })).status).toBe(401);
      expect((await post('status', form, { signature })).status).toBe(401);
    });

    test('a channel without a token, switched off, of another kind or unknown takes nothing', async () => {
      const unchanged = channel;
      const states: Partial<OpenChannel>[] = [
        { secrets: {} },
        { secrets: { authToken: '' } },
        { enabled: false },
        { kind: 'webhook' },
      ];
      for (const state of states) {
        channel = { ...unchanged, ...state };
        for (const token of [authToken, '']) expect((await post('sms', form, { token })).status).toBe(401);
      }
    });
  });

  describe('text messages', () => {
    test.each(['ACK 4417', 'ack', '4417', ' Ack, 4417! ', '4417 ack', '#4417', 'ok'])(
      '%s acknowledges',
      async (text) => {
        await addPage(ada, checkout, '4417');
        const answer = await sms(text);
        expect(answer).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' });
        expect(answer.body).toContain('<Message>You did acknowledge &#60;it&#62;.</Message>');
        expect(acts).toMatchObject([{ userId: ada, incidentId: checkout, action: 'acknowledge', via: 'text message' }]);
      },
    );

    test('ESC escalates; STOP and what is not understood do nothing', async () => {
      await addPage(ada, checkout, '4417');
      await sms('ESC 4417');
      expect(acts.map(({ action }) => action)).toEqual(['escalate']);
      expect((await sms('STOP')).body).not.toContain('Message');
      expect((await sms('who is that?')).body).toContain('ACK 4417');
      expect((await sms('ack 4417 4418')).body).toContain('Not understood');
      expect((await sms('')).body).toContain('Not understood');
      expect(acts).toHaveLength(1);
    });

    test('only from the verified number of the person who was paged', async () => {
      await addPage(ada, checkout, '4417');
      await addPage(ben, payments, '5528');
      expect((await sms('ack 4417', strangeNumber)).body).not.toContain('Message');
      expect((await sms('ack 5528', adaNumber)).body).toContain('No open page of yours has the code 5528');
      expect(acts).toEqual([]);
      await sms('ack 5528', sharedNumber);
      expect(acts).toMatchObject([{ userId: ben, incidentId: payments }]);
    });

    test('without a code several open pages are not guessed at', async () => {
      await addPage(ada, checkout, '4417');
      await addPage(ada, payments, '5528');
      expect((await sms('ack')).body).toMatch(/one of (4417, 5528|5528, 4417)/);
      expect(acts).toEqual([]);
      expect((await sms('5528')).body).toContain('You did acknowledge');
    });

    test('a page that ended answers what became of it; one of last week nothing', async () => {
      await addPage(ada, checkout, '4417', 'acknowledged');
      await sms('ack 4417');
      expect(acts).toMatchObject([{ incidentId: checkout }]);
      await addPage(ada, payments, '9999', 'stopped', '2026-11-12T00:00:00Z');
      expect((await sms('ack 9999')).body).toContain('No page of yours is open');
    });

    test('the same message again has no effect', async () => {
      await addPage(ada, checkout, '4417');
      await sms('ack 4417', adaNumber, 'SMsame');
      const again = await sms('ack 4417', adaNumber, 'SMsame');
      expect(again.status).toBe(200);
      expect(again.body).not.toContain('Message');
      expect(acts).toHaveLength(1);
    });
  });

  describe('calls', () => {
    test.each([
      ['4', 'acknowledge'],
      ['6', 'escalate'],
    ])('key %s does %s, and says so', async (digit, action) => {
      await addPage(ada, checkout, '4417');
      const { body } = await key(digit);
      expect(acts).toMatchObject([{ userId: ada, incidentId: checkout, action, via: 'phone call' }]);
      expect(body).toContain(`You did ${action} &#60;it&#62;. Goodbye.`);
    });

    test('another key or none hears it again, three times at most', async () => {
      await addPage(ada, checkout, '4417');
      const first = await key('9');
      expect(first.body).toContain('Checkout &#60;fails&#62; &#38; burns');
      expect(first.body).toContain('try=2');
      expect((await key('', {}, `incident=${checkout}&try=3`)).body).toContain('Nothing was done');
      expect((await key('', {}, `incident=${checkout}&try=x`)).body).toContain('Nothing was done');
      expect(acts).toEqual([]);
    });

    test('a number that is not the paged person’s does nothing, nor does the caller of an outgoing call', async () => {
      await addPage(ada, checkout, '4417');
      expect((await key('4', { To: strangeNumber, From: adaNumber })).body).toContain('no page for you');
      expect((await key('4', { Direction: 'inbound', From: strangeNumber, To: adaNumber })).body).toContain(
        'no page for you',
      );
      expect((await key('4', {}, `incident=${payments}`)).body).toContain('no page for you');
      expect((await key('4', {}, 'incident=x')).body).toContain('no page for you');
      expect(acts).toEqual([]);
    });

    test('the same key of the same call again has no effect', async () => {
      await addPage(ada, checkout, '4417');
      await key('4', { CallSid: 'CAsame' });
      expect((await key('4', { CallSid: 'CAsame' })).body).toContain('done before');
      expect(acts).toHaveLength(1);
    });

    test('who calls the number back hears the open page, unless it is not theirs to hear', async () => {
      await addPage(ada, checkout, '4417');
      const call = () => post('voice', { CallSid: 'CA1', From: adaNumber, To: '+14155550123', Direction: 'inbound' });
      expect((await call()).body).toContain('Checkout &#60;fails&#62;');
      restrictedTo = [team];
      const hidden = (await call()).body;
      expect(hidden).not.toContain('Checkout');
      const stranger = { CallSid: 'CA2', From: strangeNumber, To: '+14155550123', Direction: 'inbound' };
      expect((await post('voice', stranger)).body).toContain('No page of yours is open');
    });
  });

  describe('receipts', () => {
    const message = testId(0x77);
    test.each([
      ['MessageSid', 'MessageStatus', 'delivered', '', 'delivered', 'delivered'],
      ['MessageSid', 'MessageStatus', 'undelivered', '30005', 'failed', 'undelivered, error 30005'],
      ['CallSid', 'CallStatus', 'completed', '', 'delivered', 'answered, perhaps by a machine'],
      ['CallSid', 'CallStatus', 'no-answer', '', 'failed', 'no-answer'],
      ['CallSid', 'CallStatus', 'busy', '', 'failed', 'busy'],
    ])('%s %s %s %s is %s, told once', async (sidName, statusName, status, ErrorCode, result, reason) => {
      const form = { [sidName]: 'X1', [statusName]: status, ErrorCode };
      await post(`status?message=${message}`, form);
      await post(`status?message=${message}`, form);
      expect(receipts).toEqual([{ channelId, messageId: message, ref: 'X1', result, reason }]);
    });

    test('what is under way or unknown is no receipt', async () => {
      for (const status of ['queued', 'sent', 'ringing', 'in-progress', '', 'x'.repeat(1_000)])
        expect((await post('status', { MessageSid: 'SM1', MessageStatus: status })).status).toBe(200);
      expect(receipts).toEqual([]);
    });
  });

  test('no number and no token is in the log', () => {
    const text = JSON.stringify(logger.entries);
    for (const secret of [adaNumber, sharedNumber, strangeNumber, authToken]) expect(text).not.toContain(secret);
  });
});
