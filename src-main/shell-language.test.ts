import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { setTranslation } from '../src-renderer/language/words.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';
import { runShell } from './shell.ts';

let userData = '';
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'tocsin-shell-language-'));
});
afterEach(() => {
  setTranslation(null, 'en');
  rmSync(userData, { recursive: true, force: true });
});

async function started(): Promise<FakeHost> {
  const fake = createFakeHost({ userData, facts: { env: { TOCSIN_CENTER_URL: 'https://ops.test' } } });
  await runShell(fake.host);
  return fake;
}

const file = ({ seen }: FakeHost) => seen.menu[0]?.label;
const quit = ({ seen }: FakeHost) => seen.tray?.items.at(-1)?.label;

it('is that of the page at once, and at the next start before the page has said so', async () => {
  const fake = await started();
  expect([file(fake), quit(fake)]).toEqual(['File', 'Quit Tocsin']);
  await fake.call('setLanguage', ['en-XA']);
  expect([file(fake), quit(fake)]).toEqual(['[Ƒîîļéé]', expect.stringMatching(/^\[[^A-Za-z]+\]$/)]);
  setTranslation(null, 'en');
  const next = await started();
  expect(file(next)).toBe('[Ƒîîļéé]');
  await next.call('setLanguage', ['xx']);
  expect(file(next)).toBe('File');
});

it('is no more than the name of one', async () => {
  const fake = await started();
  await expect(fake.call('setLanguage', ['../secrets'])).rejects.toThrow('wrong shape');
});
