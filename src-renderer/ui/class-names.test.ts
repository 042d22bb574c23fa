// oxlint-disable-next-line no-restricted-imports -- this test reads files that vitest would hand over empty
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('..', import.meta.url);

// All screens' styles are on one page sooner or later, so a class that two of them use changes its look by the order of visits.
it('no two screens style the same class', () => {
  const owners = new Map<string, Set<string>>();
  for (const file of globSync('{ui,features}/**/*.css', { cwd: root })) {
    const css = readFileSync(new URL(file, root), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const folder = file.slice(0, file.lastIndexOf('/'));
    for (const [, selectors = ''] of css.matchAll(/([^{}]+)\{/g)) {
      for (const selector of selectors.split(',')) {
        const name = /^\s*\.([\w-]+)/.exec(selector)?.[1];
        if (name !== undefined) owners.set(name, (owners.get(name) ?? new Set()).add(folder));
      }
    }
  }
  const shared = [...owners]
    .filter(([, folders]) => folders.size > 1)
    .map(([name, folders]) => `${name}: ${[...folders].join(', ')}`);
  expect(shared).toEqual([]);
  expect(owners.size).toBeGreaterThan(100);
});
