import { expect, test } from 'vitest';
import twilio from 'twilio';
import { isTwilioSignature } from '#server/modules/notify/inbound/twilio-signature.ts';

const authToken = '0123456789abcdef0123456789abcdef';

test('agrees with the official library on odd fields, repeated ones, ports and queries', () => {
  const urls = [
    'https://t.example.com/a?b=c&d=%20e',
    'https://t.example.com:443/a',
    'https://t.example.com:8443/a',
    'http://t.example.com:80/x',
    'https://[2001:db8::1]/a',
  ];
  const bodies = ['', 'a=', 'B=1&a=2&A=3', 'x=%C3%BC%F0%9F%94%A5&y=+', 'm=2&m=1&m=2', 'z=%0D%0A'];
  for (const url of urls)
    for (const text of bodies) {
      const params = new URLSearchParams(text);
      const fields = Object.fromEntries(
        [...new Set(params.keys())].map((name) => [
          name,
          params.getAll(name).length > 1 ? params.getAll(name) : params.get(name),
        ]),
      ) as Record<string, string>;
      const signature = twilio.getExpectedTwilioSignature(authToken, url, fields);
      expect(isTwilioSignature(authToken, signature, url, params)).toBe(true);
      expect(twilio.validateRequest(authToken, signature, url, fields)).toBe(true);
      expect(isTwilioSignature(`${authToken}x`, signature, url, params)).toBe(false);
    }
});

test('an empty token is never right', () => {
  const url = 'https://t.example.com/';
  const signature = twilio.getExpectedTwilioSignature('', url, {});
  expect(isTwilioSignature('', signature, url, new URLSearchParams())).toBe(false);
});
