// Every sentence of the client and its shell, out of their source: src-renderer/language/messages/en.json. npm run messages.
// A translation is a file beside it, de.json, of the same messages with their translation. `npm run messages -- de` says
// what is missing there and what is left over.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { channelTypes } from '../server/modules/notify/registry.ts';
import { escaped, messageOf } from '../src-renderer/language/message.ts';
import { terms } from '../src-renderer/language/terms.ts';

const root = join(import.meta.dirname, '..');
const folder = 'src-renderer/language/messages';

/** Of each message the files that show it. */
export function messagesIn(sources) {
  const found = new Map();
  const add = (id, path) => found.set(id, (found.get(id) ?? new Set()).add(path));
  for (const [path, code] of sources) {
    const { program, errors } = parseSync(path, code);
    if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0].message}`);
    walk(program, (node) => {
      if (node.type !== 'TaggedTemplateExpression' || !['t', 'rich'].includes(node.tag.name)) return;
      const strings = node.quasi.quasis.map(({ value }) => value.cooked);
      add(
        messageOf(
          strings,
          node.quasi.expressions.map((expression) => valueOf(expression, path)),
        ).id,
        path,
      );
    });
  }
  return found;
}

/** The text of the file that translators begin with. */
export function catalogueOf(sources) {
  const found = messagesIn(sources);
  for (const [text, path] of [...terms.map((name) => [name, 'src-renderer/language/terms.ts']), ...textsOfChannels()])
    if (text !== '' && !found.has(escaped(text))) found.set(escaped(text), new Set([path]));
  const rows = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const shown = rows.map(([id, paths]) => [id, [...paths].map((path) => path.replace('src-renderer/', '')).join(' ')]);
  return `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`;
}

/** What the server says of each kind of channel, and the client shows by term(). */
function textsOfChannels() {
  return [...channelTypes.values()].flatMap(({ info }) =>
    [info.name, info.description, info.checkedBy.note, ...info.fields.flatMap(({ label, help }) => [label, help])].map(
      (text) => [text, 'server/modules/notify/registry.ts'],
    ),
  );
}

export function sourcesOfClient() {
  return globSync('{src-main,src-renderer}/**/*.{ts,tsx}', {
    cwd: root,
    exclude: ['**/*.test.*', '**/testkit/**', '**/language/**'],
  })
    .toSorted()
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

/** Forms have to stand where they are used, or nobody could read them out of the source. */
function valueOf(expression, path) {
  if (expression.type !== 'CallExpression' || expression.callee.name !== 'plural') return null;
  const [, forms] = expression.arguments;
  if (forms?.type !== 'ObjectExpression') throw new Error(`${path}: the forms of plural() have to stand in the call.`);
  const texts = forms.properties.map(({ key, value }) => {
    if (value.type !== 'Literal') throw new Error(`${path}: a form of plural() has to be a string in quotes.`);
    return [key.name ?? key.value, value.value];
  });
  return { value: 0, forms: Object.fromEntries(texts) };
}

function walk(node, visit) {
  if (Array.isArray(node)) {
    for (const one of node) walk(one, visit);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if (typeof node.type === 'string') visit(node);
  for (const value of Object.values(node)) if (typeof value === 'object') walk(value, visit);
}

function compare(language) {
  const wanted = Object.keys(JSON.parse(readFileSync(join(root, folder, 'en.json'), 'utf8')));
  const had = JSON.parse(readFileSync(join(root, folder, `${language}.json`), 'utf8'));
  const known = new Set(wanted);
  const missing = wanted.filter((id) => (had[id] ?? '') === '');
  const left = Object.keys(had).filter((id) => !known.has(id));
  for (const id of missing) console.log(`missing   ${JSON.stringify(id)}`);
  for (const id of left) console.log(`left over ${JSON.stringify(id)}`);
  console.log(`${language}: ${wanted.length - missing.length} of ${wanted.length} messages, ${left.length} left over`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, folder, 'en.json'), catalogueOf(sourcesOfClient()));
  const [language] = process.argv.slice(2);
  if (language !== undefined) compare(language);
}
