import { describe, expect, it } from 'vitest';
import { isOwnPage, wayOutside } from './own-page.ts';

describe('our own page', () => {
  it.each(['app://tocsin/index.html', 'app://tocsin/', 'app://tocsin/index.html#/incidents'])('is %s', (url) => {
    expect(isOwnPage(url)).toBe(true);
  });
  it.each([
    '',
    'app://tocsin.evil.test/index.html',
    'app://tocsin@evil.test/',
    'app://user@tocsin/',
    'https://tocsin/',
    'file:///index.html',
    'data:text/html,app://tocsin/',
    'about:blank',
  ])('is not %j', (url) => {
    expect(isOwnPage(url)).toBe(false);
  });
});

describe('what the system is asked to open', () => {
  it.each(['https://a.test/', 'tel:+4912345', 'mailto:a@b.test'])('takes %s', (url) => {
    expect(wayOutside(url)).toBe('at-once');
  });
  it.each(['http://10.0.0.1/', 'HTTP://prometheus:9090/graph'])('takes %s after a yes', (url) => {
    expect(wayOutside(url)).toBe('ask');
  });
  it.each([
    'javascript:alert(1)',
    'file:///etc/passwd',
    'data:text/html,x',
    'smb://host/share',
    'ms-msdt:/id',
    'x',
    '',
  ])('refuses %j', (url) => {
    expect(wayOutside(url)).toBe('refused');
  });
});
