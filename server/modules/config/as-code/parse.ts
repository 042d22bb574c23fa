// From text to a checked value, with a line for everything that is wrong.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { z } from 'zod';
import { ConfigFile, knownKeys } from '#server/modules/config/as-code/format.ts';
import { nearestName } from '#server/modules/config/as-code/nearest.ts';

export interface FileError {
  /** `schedules.payments.layers[0].timeZone (line 12)` */
  path: string;
  reason: string;
}
export type FilePath = readonly (string | number)[];
export interface ParsedFile {
  value: ConfigFile;
  /** A path in words, with its line if it stands in the file. */
  at(path: FilePath): string;
}

export const fileBytesMax = 1_048_576;
const deepest = 32;
const documentsMax = 500;
const mostErrors = 50;

/** One document or many, which count as one: a name may be given once in all of them. */
export function parseConfigFile(text: string): { ok: true; file: ParsedFile } | { ok: false; errors: FileError[] } {
  if (Buffer.byteLength(text) > fileBytesMax) {
    return refused(
      'file',
      `The file is larger than ${fileBytesMax / 1_048_576} MiB. Split it, and leave old overrides out.`,
    );
  }
  const counter = new LineCounter();
  let documents: readonly Document.Parsed[];
  try {
    // The library compares each key with each other; the walk below finds doubles in one pass.
    const parsed = parseAllDocuments(text, {
      uniqueKeys: false,
      lineCounter: counter,
      prettyErrors: false,
      merge: false,
    });
    documents = Array.isArray(parsed) ? parsed : [];
  } catch (error) {
    return refused(
      'file',
      `This is not YAML that can be read: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : counter.linePos(offset).line);
  const errors: FileError[] = [];
  const lines = new Map<string, number>();
  const at = (path: FilePath) => inWords(path, lines.get(JSON.stringify(path)));
  const whole: Record<string, unknown> = {};

  if (documents.length > documentsMax) {
    return refused('file', `There are more than ${documentsMax} documents in the file. Put them together.`);
  }
  for (const document of documents) {
    for (const problem of document.errors.slice(0, 5)) {
      errors.push({ path: `line ${lineAt(problem.pos[0])}`, reason: firstLine(problem.message) });
    }
    if (document.errors.length > 0 || isEmpty(document.contents)) continue;
    if (!isMap(document.contents)) {
      errors.push({ path: 'line 1', reason: 'The file has to be a map with sections such as schedules and policies.' });
      continue;
    }
    merge(document.contents);
  }
  if (errors.length > 0) return { ok: false, errors: errors.slice(0, mostErrors) };
  return checkConfigFile(whole, at);

  function merge(contents: Node): void {
    const part = plain(contents, [], 0);
    if (typeof part !== 'object' || part === null) return;
    for (const [section, value] of Object.entries(part)) {
      const known = whole[section];
      if (known === undefined) whole[section] = value;
      else if (Array.isArray(known) && Array.isArray(value)) known.push(...value);
      else if (isRecord(known) && isRecord(value) && section !== 'catchAll') {
        for (const [name, item] of Object.entries(value)) {
          if (Object.hasOwn(known, name)) {
            errors.push({ path: at([section, name]), reason: 'The same name stands in another document of the file.' });
          } else known[name] = item;
        }
      } else
        errors.push({ path: at([section]), reason: 'This section stands in another document of the file already.' });
    }
  }

  /** Only maps, lists and plain values: what YAML has beyond them hides what a file says. */
  function plain(node: unknown, path: FilePath, depth: number): unknown {
    const fail = (reason: string) => {
      const start = (node as Node | null)?.range?.[0];
      errors.push({ path: inWords(path, lineAt(start ?? undefined)), reason });
      return null;
    };
    if (errors.length >= mostErrors) return null;
    if (depth > deepest) return fail(`It nests deeper than ${deepest} levels.`);
    if (isAlias(node)) return fail('Aliases (*name) are not taken: write it out, so that a review sees what it says.');
    if (node === null || node === undefined) return null;
    if (!isMap(node) && !isSeq(node) && !isScalar(node)) return fail('This cannot stand here.');
    if (node.anchor !== undefined) return fail('Anchors (&name) are not taken: write it out where it is used.');
    if (node.tag !== undefined && !node.tag.startsWith('tag:yaml.org,2002:')) {
      return fail(`The tag ${node.tag} means nothing here. Take it out.`);
    }
    if (!lines.has(JSON.stringify(path))) lines.set(JSON.stringify(path), lineAt(node.range?.[0]));
    if (isScalar(node)) {
      const { value } = node;
      return typeof value === 'bigint' ? Number(value) : value;
    }
    if (isSeq(node)) {
      const before =
        path.length === 1 && Array.isArray(whole[String(path[0])]) ? (whole[String(path[0])] as []).length : 0;
      return node.items.map((item, i) => plain(item, [...path, before + i], depth + 1));
    }
    const made: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      if (!isScalar(key) || key.anchor !== undefined) return fail('A key has to be a plain word.');
      const name = key.value === null ? '' : (key.source ?? '');
      if (name === '<<') return fail('Merge keys (<<) are not taken: write it out.');
      if (name === '__proto__') return fail('This name cannot be used.');
      if (Object.hasOwn(made, name)) {
        errors.push({
          path: inWords([...path, name], lineAt(key.range?.[0])),
          reason: 'The same key stands here twice.',
        });
        continue;
      }
      lines.set(JSON.stringify([...path, name]), lineAt(key.range?.[0]));
      made[name] = plain(value, [...path, name], depth + 1);
    }
    return made;
  }
}

/** A file that comes as a value: from an importer. */
export function checkConfigFile(
  value: unknown,
  at: ParsedFile['at'] = (path) => inWords(path, undefined),
): { ok: true; file: ParsedFile } | { ok: false; errors: FileError[] } {
  const checked = ConfigFile.safeParse(value);
  if (checked.success) return { ok: true, file: { value: checked.data, at } };
  return { ok: false, errors: checked.error.issues.slice(0, mostErrors).flatMap((issue) => told(issue, at)) };
}

function told(issue: z.core.$ZodIssue, at: (path: FilePath) => string): FileError[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path.length === 0 ? undefined : String(path[0]));
    return issue.keys.slice(0, 10).map((key) => {
      const meant = nearestName(key, known);
      const hint = meant === null ? `There are ${known.slice(0, 12).join(', ')}.` : `Did you mean ${meant}?`;
      return { path: at([...path, key]), reason: `${key} is no known name here. ${hint}` };
    });
  }
  if (issue.code === 'invalid_union')
    return [{ path: at(path), reason: 'This is neither a name nor a list of names.' }];
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path: at(path), reason: `It is missing; it has to be a ${issue.expected}.` }];
  }
  return [{ path: at(path), reason: `${issue.message}.`.replace(/\.\.$/, '.') }];
}

function isEmpty(contents: unknown): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function inWords(path: FilePath, line: number | undefined): string {
  const words = path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`))
    .join('');
  return line === undefined ? words || 'file' : `${words || 'file'} (line ${line})`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstLine(text: string): string {
  if (text.startsWith('Maximum call stack')) return 'It nests too deep to be read.';
  return (text.split('\n')[0] ?? text).slice(0, 200);
}

function refused(path: string, reason: string): { ok: false; errors: FileError[] } {
  return { ok: false, errors: [{ path, reason }] };
}
