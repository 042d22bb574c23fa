import { AppError } from '#server/api/app-error.ts';
import type { IntegrationKind } from '#server/contract/integration.ts';
import type { CompiledMapping } from '#server/expressions/mapping.ts';
import { beyondLimits, type IngestLimits } from '#server/modules/ingest/limits.ts';
import { mapItem, splitByMapping } from '#server/modules/ingest/sources/generic-mapping.ts';
import { sources } from '#server/modules/ingest/sources/registry.ts';
import type { Envelope, Format } from '#server/modules/ingest/sources/source.ts';

export interface Rejected {
  index: number;
  reason: string;
}

interface ReadItem {
  item: unknown;
  /** Null for a change event, which has no key. */
  dedupKey: string | null;
  /** What goes into the log. */
  payload: string;
}

export interface Post {
  items: ReadItem[];
  rejected: Rejected[];
}

interface Sender {
  id: string;
  kind: IntegrationKind;
  mapping: CompiledMapping | null;
}

interface PostOptions {
  receivedAt: number;
  newKey(): string;
  limits: IngestLimits;
}

/** What of a body is taken, and why the rest is not. Throws an AppError when the body as a whole is not right. */
export function readPost(sender: Sender, format: Format, body: unknown, options: PostOptions): Post {
  const { limits } = options;
  const source = sources[format];
  const mapping = format === 'generic' ? sender.mapping : null;
  const split = mapping === null ? source.split(body, options.newKey) : splitByMapping(mapping, body);
  if (!split.ok) throw new AppError('invalid', split.reason);
  const most = sender.kind === 'alertmanager' ? limits.alertmanagerBody.items : limits.body.items;
  if (split.items.length > most) {
    throw new AppError(
      'too-large',
      `The body carries ${split.items.length} items; ${most} may come in one post. Send them in parts.`,
    );
  }

  const envelope: Envelope = { integrationId: sender.id, source: sender.kind, receivedAt: options.receivedAt };
  const post: Post = { items: [], rejected: [] };
  split.items.forEach((posted, index) => {
    const read = readItem(posted);
    if ('reason' in read) post.rejected.push({ index, reason: read.reason });
    else post.items.push(read);
  });
  return post;

  function readItem(posted: unknown): ReadItem | { reason: string } {
    const problem = beyondLimits(posted, limits.item);
    if (problem !== null) return { reason: problem };
    const mapped = mapping === null ? { ok: true as const, item: posted } : mapItem(mapping, posted);
    if (!mapped.ok) return { reason: `The mapping's ${mapped.field}: ${mapped.reason}` };
    const checked = source.check(mapped.item, envelope);
    if (!checked.ok) return { reason: checked.reason };
    const payload = JSON.stringify({ integrationId: sender.id, source: sender.kind, item: mapped.item });
    return { item: mapped.item, dedupKey: checked.dedupKey, payload };
  }
}
