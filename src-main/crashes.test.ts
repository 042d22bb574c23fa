import { describe, expect, it } from 'vitest';
import { scrubbed } from './crashes.ts';

describe('a crash report', () => {
  it.each([
    ['Authorization: Bearer abc.DEF-123=', 'abc.DEF'],
    ['key tsk_0123456789abcdefghij failed', 'tsk_'],
    ['eyJhbGciOi.eyJzdWIiOi.sig-nature', 'eyJ'],
    ['http://center.acme.test:7300/auth/link?token=s3cret&x=1', 's3cret'],
    ['fetch https://user:pass@center.acme.test/x failed', 'acme'],
    ['to ada.l@acme.example', 'ada.l'],
    ['called +49 30 1234 567', '1234'],
    ['at /home/ada/.config/Tocsin/x.js:3', '/home/ada'],
  ])('of %j says nothing secret', (text, secret) => {
    expect(scrubbed(text, '/home/ada')).not.toContain(secret);
  });

  it('keeps what helps to find the fault', () => {
    const text = 'TypeError: x is not a function\n at run (~/out/main/main.cjs:120:7)';
    expect(scrubbed(text, '/home/ada')).toBe(text);
  });
});
