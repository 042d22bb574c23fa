import { ConfigDraft, type ConfigKind, type DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';

export type ReadDraft = { draft: DraftOf<ConfigKind>; why: null } | { draft: null; why: string };

/** A stored draft by the schema of this version of Tocsin; why it cannot be read, in words, when that does not take it. */
export function readDraft(kind: ConfigKind, body: unknown): ReadDraft {
  const read = ConfigDraft.safeParse({ kind, draft: body });
  if (read.success) return { draft: read.data.draft, why: null };
  const [issue] = read.error.issues;
  const where = issue === undefined ? '' : issue.path.slice(1).join('.');
  return { draft: null, why: `${where === '' ? 'it' : where}: ${issue?.message ?? 'not what is expected'}` };
}

/** Stays with the document until it is saved in a form that can be read. */
export function unreadableFinding(why: string): Finding {
  return {
    level: 'error',
    code: 'unreadable',
    text: `This version of Tocsin cannot read it (${why}), so paging goes on without it. Import it anew, or have an administrator look at its text on its screen and delete it.`,
    from: null,
    to: null,
  };
}

/** What to call a document whose draft cannot be trusted. */
export function nameOfUnreadable(body: unknown, id: string): string {
  const name = typeof body === 'object' && body !== null && 'name' in body ? body.name : null;
  return typeof name === 'string' && name !== '' ? name.slice(0, 200) : id;
}
