// YAML as plain values, each with the line it stands on: what YAML has beyond maps, lists and values is refused.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

export interface FileError {
  /** `schedules.payments.layers[0].timeZone (line 12)` */
  path: string;
  reason: string;
}
export type FilePath = readonly (string | number)[];

export interface Documents {
  /** Those that can be read and are not empty. */
  contents: Node[];
  /** A node as a plain value; what is wrong with it is added to `errors`. */
  plain(node: Node, path: FilePath): unknown;
  errors: FileError[];
  /** The line on which a path of a plain value stands. */
  lineOf(path: FilePath): number | undefined;
}

export const fileBytesMax = 1_048_576;
export const mostErrors = 50;
const deepest = 32;

/** `firstIndex` is where the items of a list begin to count, if others of its path were read before. */
export function readDocuments(
  text: string,
  limits: { bytes: number; documents: number; tooLarge: string; firstIndex?: (path: FilePath) => number },
): { ok: true; documents: Documents } | { ok: false; errors: FileError[] } {
  if (Buffer.byteLength(text) > limits.bytes) {
    return refused(`The file is larger than ${limits.bytes / 1_048_576} MiB. ${limits.tooLarge}`);
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
    return refused(`This is not YAML that can be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (documents.length > limits.documents) {
    return refused(`There are more than ${limits.documents} documents in the file. Put them together.`);
  }
  const errors: FileError[] = [];
  const lines = new Map<string, number>();
  const lineAt = (offset: number | undefined) => (offset === undefined ? 1 : counter.linePos(offset).line);
  const contents: Node[] = [];
  for (const document of documents) {
    for (const problem of document.errors.slice(0, 5)) {
      errors.push({ path: `line ${lineAt(problem.pos[0])}`, reason: firstLine(problem.message) });
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    if (!(isScalar(document.contents) && document.contents.value === null)) contents.push(document.contents);
  }
  const lineOf = (path: FilePath) => lines.get(JSON.stringify(path));
  return { ok: true, documents: { contents, plain: (node, path) => plain(node, path, 0), errors, lineOf } };

  function plain(node: unknown, path: FilePath, depth: number): unknown {
    const fail = (reason: string) => {
      const start = (node as Node | null)?.range?.[0];
      errors.push({ path: pathInWords(path, lineAt(start ?? undefined)), reason });
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
      const first = limits.firstIndex?.(path) ?? 0;
      return node.items.map((item, i) => plain(item, [...path, first + i], depth + 1));
    }
    const made: Record<string, unknown> = {};
    for (const { key, value } of node.items) {
      if (!isScalar(key) || key.anchor !== undefined) return fail('A key has to be a plain word.');
      const name = key.value === null ? '' : (key.source ?? '');
      if (name === '<<') return fail('Merge keys (<<) are not taken: write it out.');
      if (name === '__proto__') return fail('This name cannot be used.');
      if (Object.hasOwn(made, name)) {
        errors.push({
          path: pathInWords([...path, name], lineAt(key.range?.[0])),
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

/** `schedules.payments.layers[0] (line 12)` */
export function pathInWords(path: FilePath, line: number | undefined): string {
  const words = path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${part}`))
    .join('');
  return line === undefined ? words || 'file' : `${words || 'file'} (line ${line})`;
}

function firstLine(text: string): string {
  if (text.startsWith('Maximum call stack')) return 'It nests too deep to be read.';
  return (text.split('\n')[0] ?? text).slice(0, 200);
}

function refused(reason: string): { ok: false; errors: FileError[] } {
  return { ok: false, errors: [{ path: 'file', reason }] };
}
