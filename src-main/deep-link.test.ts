import { describe, expect, it } from 'vitest';
import { deepLinkAmong, pathOfDeepLink } from './deep-link.ts';

describe('a deep link', () => {
  it('names a path of the client', () => {
    expect(pathOfDeepLink('tocsin://open/incidents/0198-ab')).toBe('/incidents/0198-ab');
    expect(deepLinkAmong(['/usr/bin/tocsin', '--flag', 'tocsin://open/alerts'])).toBe('/alerts');
  });
  it.each([
    'tocsin://run/alerts',
    'tocsin://open/alerts?next=javascript:alert(1)',
    'tocsin://open/alerts#x',
    'tocsin://open//evil.test/',
    'tocsin://open/%0aalerts',
    'https://open/alerts',
    '--inspect',
    '',
  ])('is not %j', (text) => {
    expect(pathOfDeepLink(text)).toBe(null);
  });
});
