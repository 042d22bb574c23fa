import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServers } from './servers.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-servers-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'servers.json');
function open(given: string | null = null) {
  let minute = 0;
  return createServers({ file: file(), given, now: () => new Date(Date.UTC(2026, 10, 22, 12, (minute += 1))) });
}

describe('the servers of this machine', () => {
  it('are kept with their names, the last one shown again at the next start', () => {
    const servers = open();
    expect(servers.list()).toEqual({ shown: null, servers: [] });
    servers.show('https://one.test');
    servers.show('https://two.test');
    servers.named('https://two.test', 'Larkspur');
    const again = open();
    expect(again.shown()).toBe('https://two.test');
    expect(again.list().servers.map(({ name }) => name)).toEqual(['Larkspur', 'one.test']);
    again.show('https://one.test');
    expect(open().shown()).toBe('https://one.test');
    again.remove('https://one.test');
    expect(open().list()).toMatchObject({ shown: 'https://two.test', servers: [{ url: 'https://two.test' }] });
  });

  it('do not come to hold the one that whoever started the app named', () => {
    open().show('https://one.test');
    const servers = open('http://127.0.0.1:7399');
    expect(servers.shown()).toBe('http://127.0.0.1:7399');
    servers.named('http://127.0.0.1:7399', 'Here');
    expect(servers.list().servers).toMatchObject([
      { name: 'Here', given: true },
      { url: 'https://one.test', given: false },
    ]);
    servers.show('https://one.test');
    expect(open().list()).toMatchObject({ shown: 'https://one.test', servers: [{ url: 'https://one.test' }] });
  });

  it('forget a certificate with the last server of its host', () => {
    const servers = open();
    for (const url of ['https://one.test', 'https://one.test:8443']) servers.show(url);
    servers.pin('https://one.test', 'AB:CD');
    expect(open().pins()).toEqual([{ host: 'one.test', fingerprint: 'AB:CD', since: expect.any(String) }]);
    servers.remove('https://one.test');
    expect(servers.pins()).toHaveLength(1);
    servers.remove('https://one.test:8443');
    expect(servers.pins()).toEqual([]);
  });

  it('survive a damaged file, entry by entry, and are nobody else’s to read', () => {
    const servers = open();
    servers.show('https://one.test');
    expect(statSync(file()).mode & 0o077).toBe(0);
    const kept = JSON.parse(readFileSync(file(), 'utf8')) as { servers: unknown[]; shown: string };
    kept.servers.unshift({ url: 'javascript:alert(1)', name: 'x', lastUsed: '' }, 7);
    writeFileSync(file(), JSON.stringify({ ...kept, shown: 'https://gone.test' }));
    expect(open().list()).toMatchObject({ shown: 'https://one.test', servers: [{ url: 'https://one.test' }] });
    writeFileSync(file(), 'no json');
    expect(open().list()).toEqual({ shown: null, servers: [] });
  });
});
