import { type ConfigKind, configKinds } from '#server/contract/config.ts';
import type { DocumentList, PagingConfig, StateOf, StoredDocument } from '#server/modules/config/state.ts';

/** Freezes what it is given: compiled forms hang on these objects, so nobody may change them. */
export function createPagingConfig(revision: number, documents: readonly StoredDocument[]): PagingConfig {
  const lists = new Map<ConfigKind, DocumentList<ConfigKind>>();
  const byKey = new Map(documents.map((document) => [`${document.kind}/${document.id}`, document]));
  return {
    revision,
    list<K extends ConfigKind>(kind: K) {
      let list = lists.get(kind);
      if (list === undefined) {
        const items = inOrder(documents.filter((document) => document.kind === kind));
        list = Object.freeze({ $documents: `${kind}@${revision}`, items: Object.freeze(items) });
        lists.set(kind, list);
      }
      return list as unknown as DocumentList<K>;
    },
    get: <K extends ConfigKind>(kind: K, id: string) =>
      (byKey.get(`${kind}/${id}`) as unknown as StoredDocument<K> | undefined) ?? null,
  };
}

export function allDocuments(config: PagingConfig): StoredDocument[] {
  return configKinds.flatMap((kind) => [...config.list(kind).items]);
}

/** The configuration as it would be with these in place and those gone. */
export function withDocuments(
  config: PagingConfig,
  placed: readonly StoredDocument[],
  removed: readonly { kind: ConfigKind; id: string }[] = [],
): PagingConfig {
  const gone = new Set([...placed, ...removed].map(({ kind, id }) => `${kind}/${id}`));
  const kept = allDocuments(config).filter(({ kind, id }) => !gone.has(`${kind}/${id}`));
  return createPagingConfig(config.revision, [...kept, ...placed]);
}

/** Routes by position with the built-in one last, the others by id. */
export function inOrder(documents: StoredDocument[]): StoredDocument[] {
  return documents.toSorted((a, b) => {
    if (isRoute(a) && isRoute(b)) {
      const apart = Number(a.state.builtIn) - Number(b.state.builtIn) || a.state.position - b.state.position;
      if (apart !== 0) return apart;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  });
}

export function isRoute(document: StoredDocument): document is StoredDocument<'route'> & StoredDocument {
  return document.kind === 'route';
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const field of Object.values(value)) deepFreeze(field);
  }
  return value;
}

const firstStates: { [K in ConfigKind]: () => StateOf<K> } = {
  schedule: () => ({}),
  override: () => ({}),
  timeOff: () => ({}),
  swap: () => ({}),
  policy: () => ({}),
  route: () => ({ position: 0, builtIn: false }),
  inhibition: () => ({}),
  channel: () => ({ secretNames: [], lastSentAt: null, lastError: null }),
  monitor: () => ({ keyHint: '', status: 'waiting', lastBeatAt: null, dueAt: null }),
  responder: () => ({ verified: {} }),
};

/** What the server keeps about a document that was just made. */
export function firstState<K extends ConfigKind>(kind: K): StateOf<K> {
  return firstStates[kind]() as StateOf<K>;
}
