import { expect, it } from 'vitest';
import { redact, redacted } from './redact.ts';

it('keeps figures and states, and leaves out secrets and what people wrote', () => {
  const out = redact({
    stream: { state: 'live', reconnects: 2 },
    server: { url: 'https://user:pass@ops.example.com/path?key=abc', version: '0.1.0' },
    accessToken: 'short',
    user: { login: 'priya', id: '018f0000-0000-7000-8000-000000000001' },
    lastError: 'POST /x failed for tk_0123456789abcdefghijklmnop by priya@example.com',
    deadLetters: [{ payload: '{"title":"secret"}', reason: 'title is missing' }],
  });
  expect(out).toEqual({
    stream: { state: 'live', reconnects: 2 },
    server: { url: 'https://ops.example.com/path', version: '0.1.0' },
    accessToken: redacted,
    user: { login: redacted, id: '018f0000-0000-7000-8000-000000000001' },
    lastError: `POST /x failed for ${redacted} by ${redacted}`,
    deadLetters: [{ payload: redacted, reason: 'title is missing' }],
  });
});

it('never lets a planted secret through, however deep or wherever it stands', () => {
  const secret = 'tocsin_k_AbCdEfGhIjKlMnOpQrStUvWxYz012345';
  const text = JSON.stringify(
    redact({ a: [{ b: { note: `see ${secret}` } }], [`x`]: secret, url: `http://h/p?key=${secret}` }),
  );
  expect(text).not.toContain(secret);
});
