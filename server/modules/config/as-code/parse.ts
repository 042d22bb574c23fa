// From text to a checked value, with a line for everything that is wrong.
import { isMap } from 'yaml';
import type { z } from 'zod';
import {
  fileBytesMax,
  type FileError,
  type FilePath,
  mostErrors,
  pathInWords,
  readDocuments,
} from '#server/modules/config/as-code/documents.ts';
import { ConfigFile, knownKeys } from '#server/modules/config/as-code/format.ts';
import { nearestName } from '#server/modules/config/as-code/nearest.ts';

export type { FileError, FilePath };
export interface ParsedFile {
  value: ConfigFile;
  /** A path in words, with its line if it stands in the file. */
  at(path: FilePath): string;
}

/** One document or many, which count as one: a name may be given once in all of them. */
export function parseConfigFile(text: string): { ok: true; file: ParsedFile } | { ok: false; errors: FileError[] } {
  const whole: Record<string, unknown> = {};
  const read = readDocuments(text, {
    bytes: fileBytesMax,
    documents: 500,
    tooLarge: 'Split it, and leave old overrides out.',
    firstIndex: (path) => lengthOf(path.length === 1 ? whole[String(path[0])] : undefined),
  });
  if (!read.ok) return read;
  const { contents, plain, errors, lineOf } = read.documents;
  const at = (path: FilePath) => pathInWords(path, lineOf(path));
  for (const node of contents) {
    if (isMap(node)) merge(plain(node, []));
    else
      errors.push({ path: 'line 1', reason: 'The file has to be a map with sections such as schedules and policies.' });
  }
  if (errors.length > 0) return { ok: false, errors: errors.slice(0, mostErrors) };
  return checkConfigFile(whole, at);

  function merge(part: unknown): void {
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
}

/** A file that comes as a value: from an importer. */
export function checkConfigFile(
  value: unknown,
  at: ParsedFile['at'] = (path) => pathInWords(path, undefined),
): { ok: true; file: ParsedFile } | { ok: false; errors: FileError[] } {
  const checked = ConfigFile.safeParse(value);
  if (checked.success) return { ok: true, file: { value: checked.data, at } };
  return { ok: false, errors: checked.error.issues.slice(0, mostErrors).flatMap((issue) => told(issue, at)) };
}

function told(issue: z.core.$ZodIssue, at: (path: FilePath) => string): FileError[] {
  const path = issue.path as (string | number)[];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.slice(0, 10).map((key) => {
      const meant = nearestName(key, known);
      const hint = meant === null ? `There are ${known.slice(0, 20).join(', ')}.` : `Did you mean ${meant}?`;
      return { path: at([...path, key]), reason: `${key} is no known name here. ${hint}` };
    });
  }
  if (issue.code === 'invalid_union')
    return [{ path: at(path), reason: 'This is neither a name nor a list of names.' }];
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [
      { path: at(path), reason: `It is missing; it has to be ${typeWords[issue.expected] ?? `a ${issue.expected}`}.` },
    ];
  }
  return [{ path: at(path), reason: `${issue.message}.`.replace(/\.\.$/, '.') }];
}

const typeWords: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  string: 'text',
  int: 'a whole number',
};

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
