import type { ConfigKind } from '#server/contract/config.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { createPagingConfig, documentCount, nextPagingConfig } from '#server/modules/config/paging-config.ts';
import type { ConfigReader, PagingConfig, StoredDocument, UnreadableDocument } from '#server/modules/config/state.ts';
import { configStore, type LoadedRows, type Moment, toStored } from '#server/modules/config/store.ts';
import { nameOfUnreadable, readDraft } from '#server/modules/config/stored-draft.ts';
import type { Logger } from '#server/ports/logger.ts';

const keptConfigs = 3;

interface Loaded {
  stamp: string;
  config: PagingConfig;
}

/**
 * One small query when nothing changed, and then only the rows that did. Documents that did not change are the same
 * objects in the next configuration. What cannot be read is left out, and logged once a version.
 */
export function createConfigReader({ logger }: { logger?: Pick<Logger, 'error'> } = {}): ConfigReader {
  const kept = new Map<string, PagingConfig>();
  const loading = new Map<string, Promise<Loaded>>();
  const places = new WeakMap<StoredDocument | UnreadableDocument, string>();
  const logged = new Set<string>();
  /** The newest that nobody can roll back: differences count from here. */
  let base: (Moment & Loaded) | null = null;

  async function load(sql: SqlReader | Tx): Promise<Loaded> {
    const from = base;
    let rows = await configStore.load(sql, from);
    // A number that is not above it belongs to another past.
    let config = from !== null && rows.revision > from.revision ? differing(from.config, rows) : null;
    if (config === null || documentCount(config) + (config.unreadable?.length ?? 0) !== rows.total) {
      if (from !== null) rows = await configStore.load(sql, null);
      config = whole(rows);
    }
    const { stamp, revision, horizon, committed } = rows;
    if (committed && (base === null || base === from || revision >= base.revision))
      base = { stamp, revision, horizon, config };
    kept.delete(stamp);
    kept.set(stamp, config);
    const [oldest] = kept.keys();
    if (kept.size > keptConfigs && oldest !== undefined) kept.delete(oldest);
    return { stamp, config };
  }

  function differing(before: PagingConfig, { revision, documents, deleted }: LoadedRows): PagingConfig {
    const unread = new Map(before.unreadable?.map((document) => [keyOf(document), document]));
    const removed = [...deleted];
    const placed: StoredDocument[] = [];
    for (const { kind, id } of deleted) unread.delete(keyOf({ kind, id }));
    for (const row of documents) {
      const known = before.get(row.kind, row.id) as StoredDocument | null;
      if (known !== null && places.get(known) === placeOf(row)) continue;
      unread.delete(keyOf(row));
      const read = readRow(row);
      if ('why' in read) {
        unread.set(keyOf(row), read);
        removed.push({ kind: row.kind, id: row.id });
      } else placed.push(read);
    }
    return nextPagingConfig(before, revision, { placed, removed, unreadable: [...unread.values()] });
  }

  function whole({ revision, documents }: LoadedRows): PagingConfig {
    const read = documents.map((row) => {
      const known = (base?.config.get(row.kind, row.id) ?? null) as StoredDocument | null;
      return known !== null && places.get(known) === placeOf(row) ? known : readRow(row);
    });
    return createPagingConfig(
      revision,
      read.filter((document): document is StoredDocument => !('why' in document)),
      read.filter((document): document is UnreadableDocument => 'why' in document),
    );
  }

  function readRow(row: LoadedRows['documents'][number]): StoredDocument | UnreadableDocument {
    const { kind, id, historyVersion: version, body, findings } = row;
    const { draft, why } = readDraft(kind, body);
    const document = draft === null ? { kind, id, version, name: nameOfUnreadable(body, id), why, findings } : null;
    const made = document ?? toStored(row, draft);
    places.set(made, placeOf(row));
    const name = `${kind}/${id}@${version}`;
    if (why !== null && !logged.has(name)) {
      logged.add(name);
      logger?.error('a document of the configuration cannot be read; paging goes on without it', {
        document: name,
        why,
      });
    }
    return made;
  }

  return {
    async current(sql: SqlReader | Tx) {
      for (;;) {
        const stamp = await configStore.stamp(sql);
        const known = base?.stamp === stamp ? base.config : kept.get(stamp);
        if (known !== undefined) return known;
        const shared = loading.get(stamp);
        if (shared === undefined) {
          const own = load(sql).finally(() => loading.delete(stamp));
          loading.set(stamp, own);
          return (await own).config;
        }
        // It runs on another's connection: where that breaks, or saw something newer, this one asks for itself.
        const loaded = await shared.catch(() => null);
        if (loaded?.stamp === stamp) return loaded.config;
      }
    },
  };
}

function keyOf({ kind, id }: { kind: ConfigKind; id: string }): string {
  return `${kind}/${id}`;
}

function placeOf({ version, place }: { version: number; place: string }): string {
  return `${version}/${place}`;
}
