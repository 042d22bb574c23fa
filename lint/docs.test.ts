// The docs are held to the tree: links, commands, REST addresses, and what is said about who checked what.
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { channelTypes } from '#server/modules/notify/registry.ts';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].toSorted();
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);

/** As the tables write what the code keeps in `checkedBy`. */
const checkedWords = {
  'real-server': 'a real server',
  'official-sdk': 'the official SDK',
  'published-schema': 'a published schema',
  nothing: '**nothing: unverified**',
};

describe.each(pages)('%s', (page) => {
  const text = read(page);
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');

  it('links only to what is there', () => {
    const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !reaches(page, link));
    expect(broken).toEqual([]);
  });

  it('gives every picture words', () => {
    expect([...prose.matchAll(/!\[\s*\]\([^)]*\)/g)].map(([picture]) => picture)).toEqual([]);
  });

  it('names only files and folders of the program that exist', () => {
    const named = [...text.matchAll(/`((?:bench|docs|e2e|lint|scripts|server|src-main|src-renderer)\/[\w./-]+)`/g)]
      .map(([, path = '']) => path)
      // What is still to be made, as in "how to add a source".
      .filter((path) => !/[A-Z]{4}/.test(path));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  });
});

describe('the docs as a whole', () => {
  it('lead to every page from the README', () => {
    const found = new Set<string>();
    const walk = (page: string): void => {
      if (found.has(page)) return;
      found.add(page);
      for (const [, link = ''] of read(page).matchAll(/\]\(([^)\s#]+\.md)[^)]*\)/g))
        if (!/^[a-z]+:/.test(link)) walk(relative(root, resolve(root, dirname(page), link)));
    };
    walk('README.md');
    // Records of decisions are read as a folder.
    const lost = pages.filter((page) => !found.has(page) && !page.startsWith('docs/decisions/'));
    expect(lost).toEqual([]);
  });

  it('number the decisions without a gap', () => {
    const numbers = pages.flatMap((page) => /^docs\/decisions\/(\d{4})-/.exec(page)?.[1] ?? []);
    expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, '0')));
  });

  it('have every REST address, and none that is not there', () => {
    const served = globSync('server/modules/**/*router.ts', { cwd: root })
      .flatMap((file) => [...read(file).matchAll(/openapi: \{\s*method: '([A-Z]+)',\s*path: ['`]([^'`]+)/g)])
      .flatMap(([, method = '', path = '']) =>
        path.endsWith('/${verb}')
          ? ['acknowledge', 'mitigate', 'resolve'].map((verb) => `${method} ${path.replace('${verb}', verb)}`)
          : [`${method} ${path}`],
      );
    const [, rest = ''] = /^## REST$([\s\S]*?)^### Answers$/m.exec(read('docs/api.md')) ?? [];
    const told = [...rest.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[^`\s?]*)`/g)].map(
      ([, method, path]) => `${method} ${path}`,
    );
    expect(served.length).toBeGreaterThan(40);
    expect([...new Set(told)].toSorted()).toEqual([...new Set(served)].toSorted());
  });

  it('say of every kind of channel what its code says has checked it', () => {
    const rows = read('docs/channels.md').matchAll(/^\| \[([^\]]+)\]\(channels\/[^)]+\) \| ([^|]+) \|/gm);
    const told = Object.fromEntries([...rows].map(([, name, what]) => [name, what]));
    const infos = [...channelTypes.values()].map(({ info }) => [info.name, checkedWords[info.checkedBy.what]]);
    expect(told).toEqual(Object.fromEntries(infos));
  });

  it('say of every importer what its code says has checked it', () => {
    const rows = read('docs/migrate.md').matchAll(/^\| ([^|]+) \(`([a-z-]+)`\) \| ([^|]+) \|/gm);
    const told = Object.fromEntries([...rows].map(([, , source, what]) => [source, what]));
    const code = read('server/modules/importers/service.ts').matchAll(/^ {2}'?([a-z-]+)'?: \{\s*what: '([a-z-]+)'/gm);
    const checked = [...code].map(([, source, what]) => [source, checkedWords[what as keyof typeof checkedWords]]);
    expect(checked).toHaveLength(4);
    expect(told).toEqual(Object.fromEntries(checked));
  });
});

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** A file, and in it the heading that the link names, as GitHub writes its anchor. */
function reaches(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (anchor === undefined || !target.endsWith('.md')) return true;
  const headings = readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].some(([, heading = '']) => anchorOf(heading) === anchor);
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
