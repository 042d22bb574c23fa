import { describe, expect, it } from 'vitest';
import { startWith } from './center.ts';
import { ClientPath, maySend, type RequestName, requests } from './ipc-table.ts';

describe('messages of the page', () => {
  it('carry what the table says and nothing more', () => {
    expect(requests.setBadge.safeParse([3]).success).toBe(true);
    expect(requests.setBadge.safeParse(['3']).success).toBe(false);
    expect(requests.setBadge.safeParse([3, 4]).success).toBe(false);
    expect(requests.sessionSignIn.safeParse(['https://a.test', 'ada', 'x'.repeat(1_001)]).success).toBe(false);
    expect(requests.host.safeParse([{}]).success).toBe(false);
  });
  it('name paths of the client, not addresses', () => {
    for (const path of ['/', '/incidents/0198', '/wall']) expect(ClientPath.safeParse(path).success).toBe(true);
    for (const path of ['//evil.test', '/../x', 'https://evil.test', '/a?b', '']) {
      expect(ClientPath.safeParse(path).success).toBe(false);
    }
  });
});

describe('a window that only shows', () => {
  it('may sign itself in, keep its display lit and say that it runs, and sends nothing else', () => {
    const names = Object.keys(requests) as RequestName[];
    expect(names.filter((name) => maySend('wall', name))).toEqual([
      'host',
      'sessionAccess',
      'keepAwake',
      'pageListens',
      'alive',
    ]);
    expect(names.every((name) => maySend('main', name))).toBe(true);
  });
});

describe('the center', () => {
  it('is the one npm start names, with its sign-in link', () => {
    expect(
      startWith({
        TOCSIN_CENTER_URL: 'http://127.0.0.1:7301/',
        TOCSIN_LOGIN_LINK: 'http://127.0.0.1:7301/auth/link?token=abc',
      }),
    ).toEqual({ url: 'http://127.0.0.1:7301', startHash: '#/link?token=abc' });
  });
  it('never takes a link of another place, nor an address that is none', () => {
    expect(startWith({ TOCSIN_LOGIN_LINK: 'https://evil.test/auth/link?token=abc' }).startHash).toBe('');
    expect(startWith({ TOCSIN_CENTER_URL: 'javascript:alert(1)' }).url).toBe(null);
  });
});
