import { type ConfigKind, configKinds } from '#server/contract/config.ts';
import type {
  DocumentList,
  PagingConfig,
  StateOf,
  StoredDocument,
  UnreadableDocument,
} from '#server/modules/config/state.ts';

interface OfKind {
  readonly byId: ReadonlyMap<string, StoredDocument>;
  list(): DocumentList<ConfigKind>;
}
type Kinds = Record<ConfigKind, OfKind>;

const kindsOf = new WeakMap<PagingConfig, Kinds>();

/** Freezes what it is given: compiled forms hang on these objects, so nobody may change them. */
export function createPagingConfig(
  revision: number,
  documents: readonly StoredDocument[],
  unreadable: readonly UnreadableDocument[] = [],
): PagingConfig {
  const grouped = Map.groupBy(documents, (document) => document.kind);
  const kinds = Object.fromEntries(
    configKinds.map((kind) => {
      const byId = new Map(inOrder(grouped.get(kind) ?? []).map((document) => [document.id, document]));
      return [kind, ofKind(kind, revision, byId)];
    }),
  ) as Kinds;
  return fromKinds(revision, kinds, unreadable);
}

export interface ConfigDifference {
  placed: readonly StoredDocument[];
  removed: readonly { kind: ConfigKind; id: string }[];
  /** All there are then. */
  unreadable: readonly UnreadableDocument[];
}

/** The next configuration. A kind in which nothing changed keeps its list, under the revision at which it last did. */
export function nextPagingConfig(base: PagingConfig, revision: number, difference: ConfigDifference): PagingConfig {
  const before = kindsOf.get(base) ?? kindsOf.get(createPagingConfig(base.revision, allDocuments(base)))!;
  const kinds = { ...before };
  const { placed, removed } = difference;
  for (const kind of new Set([...placed, ...removed].map((document) => document.kind))) {
    // Where they were, so that what was in order is so still, but for the few that are new.
    const byId = new Map(before[kind].byId);
    for (const gone of removed) if (gone.kind === kind) byId.delete(gone.id);
    for (const document of placed) if (document.kind === kind) byId.set(document.id, document);
    kinds[kind] = ofKind(kind, revision, byId);
  }
  return fromKinds(revision, kinds, difference.unreadable);
}

function fromKinds(revision: number, kinds: Kinds, unreadable: readonly UnreadableDocument[]): PagingConfig {
  const config: PagingConfig = {
    revision,
    unreadable,
    list: <K extends ConfigKind>(kind: K) => kinds[kind].list() as unknown as DocumentList<K>,
    get: <K extends ConfigKind>(kind: K, id: string) =>
      (kinds[kind].byId.get(id) as unknown as StoredDocument<K> | undefined) ?? null,
  };
  kindsOf.set(config, kinds);
  return config;
}

function ofKind(kind: ConfigKind, revision: number, byId: ReadonlyMap<string, StoredDocument>): OfKind {
  let list: DocumentList<ConfigKind> | undefined;
  return {
    byId,
    list() {
      list ??= Object.freeze({ $documents: `${kind}@${revision}`, items: Object.freeze(inOrder([...byId.values()])) });
      return list;
    },
  };
}

export function documentCount(config: PagingConfig): number {
  const kinds = kindsOf.get(config);
  return kinds === undefined
    ? allDocuments(config).length
    : configKinds.reduce((sum, kind) => sum + kinds[kind].byId.size, 0);
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
  const unreadable = config.unreadable?.filter(({ kind, id }) => !gone.has(`${kind}/${id}`));
  return createPagingConfig(config.revision, [...kept, ...placed], unreadable);
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
  stakeholderList: () => ({}),
};

/** What the server keeps about a document that was just made. */
export function firstState<K extends ConfigKind>(kind: K): StateOf<K> {
  return firstStates[kind]() as StateOf<K>;
}
