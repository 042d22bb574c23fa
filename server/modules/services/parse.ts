// From the text of a file to services that are wished for, with a line for everything that is wrong.
import { z } from 'zod';
import { ServiceName } from '#server/contract/service.ts';
import type { Documents, FileError, FilePath } from '#server/modules/config/as-code/documents.ts';
import { BackstageEntity, readBackstage, type Unmapped } from '#server/modules/services/backstage.ts';
import { CatalogFile, CatalogFileEntry, entryNames } from '#server/modules/services/catalog-file.ts';

export interface ServiceWish {
  name: string;
  /** What is not in it stays as it is, if the service is known. */
  given: Partial<CatalogFileEntry>;
  /** Whether what is not given goes back to its default. */
  whole: boolean;
  /** Where it stands in the file. */
  path: string;
}

export interface WishedCatalog {
  source: 'catalog' | 'backstage';
  wishes: ServiceWish[];
  unmapped: Unmapped[];
}

/** What reads YAML, as the composition root hands it in. */
export interface YamlReader {
  readDocuments(
    text: string,
    limits: { bytes: number; documents: number; tooLarge: string },
  ): { ok: true; documents: Documents } | { ok: false; errors: FileError[] };
  pathInWords(path: FilePath, line: number | undefined): string;
  nearestName(wrong: string, known: Iterable<string>): string | null;
}

/** Ten thousand services are some four million characters. */
export const catalogBytesMax = 8 * 1_048_576;
const mostErrors = 50;

export function parseCatalog(
  text: string,
  format: 'auto' | 'catalog' | 'backstage',
  yaml: YamlReader,
): { ok: true; catalog: WishedCatalog } | { ok: false; errors: FileError[] } {
  const read = yaml.readDocuments(text, { bytes: catalogBytesMax, documents: 10_000, tooLarge: 'Apply it in parts.' });
  if (!read.ok) return read;
  const { contents, plain, errors, lineOf } = read.documents;
  const values = contents.map((node, i) => plain(node, [i]));
  const at = (path: FilePath) => yaml.pathInWords(path.slice(1), lineOf(path));
  if (errors.length > 0) {
    // Each path begins with the place of its document, which says nothing to who wrote the file.
    return {
      ok: false,
      errors: errors
        .slice(0, mostErrors)
        .map((error) => ({ ...error, path: error.path.replace(/^\[\d+\]\.?/, '') || 'file' })),
    };
  }
  if (values.length === 0)
    return { ok: false, errors: [{ path: 'file', reason: 'The file is empty. Name at least one service.' }] };
  const isBackstage = values.some((value) => typeof value === 'object' && value !== null && 'apiVersion' in value);
  const asked = format === 'auto' ? (isBackstage ? 'backstage' : 'catalog') : format;
  return asked === 'backstage' ? backstage() : ours();

  function ours(): ReturnType<typeof parseCatalog> {
    const found: FileError[] = [];
    const wishes = new Map<string, ServiceWish>();
    for (const [i, value] of values.entries()) {
      const checked = CatalogFile.safeParse(value);
      if (!checked.success) {
        found.push(
          ...checked.error.issues.flatMap((issue) => told(issue, [i, ...(issue.path as (string | number)[])])),
        );
        continue;
      }
      for (const [name, given] of Object.entries(checked.data.services)) {
        const path = at([i, 'services', name]);
        if (wishes.has(name.toLowerCase()))
          found.push({ path, reason: `${name} stands in the file twice. Keep one of the two.` });
        wishes.set(name.toLowerCase(), { name: name.trim(), given, whole: true, path });
      }
    }
    if (found.length > 0) return { ok: false, errors: found.slice(0, mostErrors) };
    return { ok: true, catalog: { source: 'catalog', wishes: [...wishes.values()], unmapped: [] } };
  }

  function backstage(): ReturnType<typeof parseCatalog> {
    const found: FileError[] = [];
    const entities: BackstageEntity[] = [];
    const paths = new Map<string, string>();
    for (const [i, value] of values.entries()) {
      const checked = BackstageEntity.safeParse(value);
      if (!checked.success) {
        found.push(
          ...checked.error.issues.flatMap((issue) => told(issue, [i, ...(issue.path as (string | number)[])])),
        );
        continue;
      }
      entities.push(checked.data);
      paths.set(checked.data.metadata.name, at([i, 'metadata', 'name']));
    }
    const { services, unmapped } = readBackstage(entities);
    const wishes = new Map<string, ServiceWish>();
    for (const { name, given } of services) {
      const path = paths.get(name) ?? paths.get(name.split('/').at(-1) ?? '') ?? name;
      const checked = CatalogFileEntry.partial().safeParse(given);
      if (!ServiceName.safeParse(name).success) found.push({ path, reason: 'A name has 1 to 200 characters.' });
      else if (!checked.success) found.push({ path, reason: `${z.prettifyError(checked.error)}.` });
      else if (wishes.has(name.toLowerCase()))
        found.push({ path, reason: `${name} stands in the file twice. Keep one of the two.` });
      // Defaults are for what a file of ours leaves out; here it is left as it was.
      else wishes.set(name.toLowerCase(), { name, given, whole: false, path });
    }
    if (found.length > 0) return { ok: false, errors: found.slice(0, mostErrors) };
    if (wishes.size === 0) {
      return {
        ok: false,
        errors: [{ path: 'file', reason: 'There is no Component and no Resource in it, so nothing to take.' }],
      };
    }
    return { ok: true, catalog: { source: 'backstage', wishes: [...wishes.values()], unmapped } };
  }

  function told(issue: z.core.$ZodIssue, path: FilePath): FileError[] {
    if (issue.code === 'unrecognized_keys') {
      const known = path.length <= 1 ? ['services'] : entryNames;
      return issue.keys.slice(0, 10).map((key) => {
        const meant = yaml.nearestName(key, known);
        const hint = meant === null ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
        return { path: at([...path, key]), reason: `${key} is no known name here. ${hint}` };
      });
    }
    const reason = issue.message.endsWith('received undefined')
      ? 'It is missing.'
      : `${issue.message}.`.replace(/\.\.$/, '.');
    return [{ path: at(path), reason }];
  }
}
