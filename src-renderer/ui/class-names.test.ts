// oxlint-disable-next-line no-restricted-imports -- this test reads files that vitest would hand over empty
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('..', import.meta.url);

// A column that was added to the list and forgotten in one of its widths would push the last cell to the next line.
it('the alert list has a column for each cell at every width that shows all of them', () => {
  const css = readFileSync(new URL('features/alerts/alert-table.css', root), 'utf8');
  const cells = [...readFileSync(new URL('features/alerts/alert-row.tsx', root), 'utf8').matchAll(/role="gridcell"/g)]
    .length;
  const columns = [...css.matchAll(/([^{}]*)\{\s*\.alert-row \{[^}]*grid-template-columns: ([^;]+);/g)];
  const wide = columns
    .filter(([, condition = '']) => condition.includes('min-width'))
    .map(([, , tracks = '']) => tracks);
  const all = /^\.alert-row \{[^}]*grid-template-columns: ([^;]+);/m.exec(css)?.[1] ?? '';
  const count = (tracks: string): number => tracks.replaceAll(/\([^)]*\)/g, '').split(/\s+/).length;
  expect(wide).toHaveLength(1);
  expect([all, ...wide].map(count)).toEqual([cells, cells]);
});

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
