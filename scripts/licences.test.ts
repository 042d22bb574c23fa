import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
// @ts-expect-error a plain script
import { licences } from './licences.mjs';
// @ts-expect-error a plain script
import { filesOf, withoutLicence } from './licences-of-postgres.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = licences(root) as { name: string; licence: string; head: string; text: string }[];
const of = (name: string) => all.find((each) => each.name === name);

it('has a text for every package that is shipped, and none without a licence', () => {
  expect(
    all.filter(({ text, licence }) => text.length < 200 && !licence.includes('public domain')).map(({ name }) => name),
  ).toEqual([]);
  expect(all.filter(({ licence }) => licence === 'see its text').map(({ name }) => name)).toEqual([]);
});

it('names each dependency of ours, what draws and lays out the map among them, and where its source is', () => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  expect(Object.keys(dependencies).filter((name) => of(name) === undefined)).toEqual([]);
  expect(of('elkjs')?.text).toContain('Eclipse Public License');
  expect(of('elkjs')?.head).toMatch(/source: .*kieler\/elkjs/);
  expect(of('echarts')?.text).toContain('Apache License');
  expect(of('@xyflow/react')?.licence).toBe('MIT');
  expect(of('@fontsource-variable/inter')?.text).toContain('SIL OPEN FONT LICENSE');
});

it('has the licence of each library that stands beside PostgreSQL, on whatever platform', () => {
  const here = filesOf(root) as string[];
  expect(here).toContain('postgres');
  expect(withoutLicence(here)).toEqual([]);
  expect(of('PostgreSQL')?.text).toContain('PostgreSQL Global Development');
  expect(of('OpenSSL 1.1.1')?.text).toContain('Original SSLeay License');
  expect(of('ICU 60')?.text).toContain('Unicode, Inc.');
  const beside = ['zlib', 'libxml2', 'libxslt', 'XZ Utils (liblzma)', 'OSSP uuid', 'Snowball stemmers'];
  expect(beside.filter((name) => of(name) === undefined)).toEqual([]);
  expect(of('LZ4')).toBeUndefined();
  // As the packages of the version in package.json hold them.
  const elsewhere = [
    'libcom_err.3.0.dylib libcrypto.3.dylib libedit.0.dylib libgssapi_krb5.2.2.dylib libiconv.2.dylib libintl.8.dylib',
    'libicudata.77.1.dylib libk5crypto.3.1.dylib libkrb5support.1.1.dylib liblz4.1.10.0.dylib libpq-oauth-18.dylib',
    'libuuid.1.1.dylib libxml2.16.dylib libz.1.3.2.dylib libzstd.1.5.7.dylib icudt77.dll libcrypto-3-x64.dll',
    'libcurl.dll libecpg_compat.dll libiconv-2.dll libintl-9.dll libpq.dll libwinpthread-1.dll libxslt.dll zlib1.dll',
  ];
  expect(withoutLicence(elsewhere.flatMap((line) => line.split(' ')))).toEqual([]);
  expect(withoutLicence(['libnew.so.1', 'README'])).toEqual(['libnew.so.1']);
});
