import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSlackSignature } from '#server/modules/notify/inbound/slack-signature.ts';

// The example of Slack's documentation.
const documented = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body:
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V' +
    '&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=' +
    '&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN' +
    '&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
};
const nowMs = Number(documented.timestamp) * 1_000;

describe("Slack's signature", () => {
  const check = (secret: string | undefined, changed: object = {}, at = nowMs) =>
    isSlackSignature(secret, { ...documented, body: Buffer.from(documented.body), ...changed }, at);

  it('holds for the example of its documentation', () => {
    expect(check(documented.secret)).toBe(true);
  });

  it.each([
    ['a wrong secret', 'other', {}],
    ['an empty secret', '', {}],
    ['no secret', undefined, {}],
    ['no signature', documented.secret, { signature: undefined }],
    ['an empty signature', documented.secret, { signature: '' }],
    ['a truncated signature', documented.secret, { signature: documented.signature.slice(0, -1) }],
    ['two signatures', documented.secret, { signature: [documented.signature, documented.signature] }],
    ['no timestamp', documented.secret, { timestamp: undefined }],
    ['another timestamp', documented.secret, { timestamp: '1531420619' }],
    ['a timestamp that is no number', documented.secret, { timestamp: '1531420618 ' }],
    ['another body', documented.secret, { body: Buffer.from(`${documented.body} `) }],
    ['another version', documented.secret, { signature: documented.signature.replace('v0', 'v1') }],
  ])('is refused with %s', (_what, secret, changed) => {
    expect(check(secret, changed)).toBe(false);
  });

  it('is never made with an empty secret, though somebody signed with one', () => {
    const signature = `v0=${createHmac('sha256', '').update(`v0:${documented.timestamp}:${documented.body}`).digest('hex')}`;
    expect(check('', { signature })).toBe(false);
  });

  it.each([
    [300, true],
    [-300, true],
    [301, false],
    [-301, false],
  ])('is believed %i s later: %s', (seconds, believed) => {
    expect(check(documented.secret, {}, nowMs + seconds * 1_000)).toBe(believed);
  });
});
