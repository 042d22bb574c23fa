import { describe, expect, it } from 'vitest';
import { isPlain, serverAddress } from './server-address.ts';

describe('what a person types for a server', () => {
  it.each([
    ['ops.example.com', 'https://ops.example.com'],
    [' OPS.example.com:7443 ', 'https://ops.example.com:7443'],
    ['https://ops.example.com/#/incidents/1', 'https://ops.example.com'],
    ['http://ops.example.com', 'http://ops.example.com'],
    ['localhost:7300', 'http://localhost:7300'],
    ['127.0.0.1:7300', 'http://127.0.0.1:7300'],
    ['https://localhost', 'https://localhost'],
    ['[::1]:7300', 'http://[::1]:7300'],
    ['10.0.0.5:7300', 'https://10.0.0.5:7300'],
  ])('%s is %s', (typed, address) => {
    expect(serverAddress(typed)).toBe(address);
  });
  it.each([
    '',
    '   ',
    'two words',
    'ftp://ops.test',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://ada:secret@ops.test',
    'https://',
  ])('%s is none', (typed) => {
    expect(serverAddress(typed)).toBe(null);
  });
  it('goes in the open only by http to another machine', () => {
    expect(isPlain('http://ops.test')).toBe(true);
    expect(isPlain('http://127.0.0.1.evil.test')).toBe(true);
    expect(isPlain('https://ops.test')).toBe(false);
    expect(isPlain('http://127.0.0.1:7300')).toBe(false);
  });
});
