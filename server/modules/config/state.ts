import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';

/** One version of one document as the server keeps it. */
export interface StoredDocument<K extends ConfigKind = ConfigKind> {
  /** `schedule/<id>@<version>`: the ledger writes this in place of the whole. */
  readonly $document: string;
  readonly kind: K;
  readonly id: string;
  readonly version: number;
  /** The version at which the draft last changed: an older copy conflicts with it. */
  readonly bodyVersion: number;
  readonly draft: DraftOf<K>;
  /** Kept by the server: see the `*State` types. */
  readonly state: StateOf<K>;
  readonly findings: readonly Finding[];
  readonly origin: 'ui' | 'yaml' | 'import';
  readonly updatedAt: string;
  readonly updatedBy: string | null;
}

export interface RouteState {
  position: number;
  builtIn: boolean;
}
export interface ResponderState {
  /** Contact method id → when its address was proven, and which address that was. */
  verified: Record<string, { at: string; address: string }>;
}
export interface ChannelState {
  secretNames: string[];
  lastSentAt: string | null;
  lastError: { at: string; message: string } | null;
}
export interface MonitorState {
  keyHint: string;
  status: 'waiting' | 'healthy' | 'missed' | 'off';
  lastBeatAt: string | null;
  dueAt: string | null;
}
export type StateOf<K extends ConfigKind> = K extends 'route'
  ? RouteState
  : K extends 'responder'
    ? ResponderState
    : K extends 'channel'
      ? ChannelState
      : K extends 'monitor'
        ? MonitorState
        : Record<string, never>;

/** All documents of a kind at one revision; the ledger writes `$documents` alone. */
export interface DocumentList<K extends ConfigKind> {
  /** `route@<revision>` */
  readonly $documents: string;
  /** Routes by position, the others by id. */
  readonly items: readonly StoredDocument<K>[];
}

/** The whole configuration at one revision; never changes once made, so what is compiled from it can be kept beside it. */
export interface PagingConfig {
  readonly revision: number;
  list<K extends ConfigKind>(kind: K): DocumentList<K>;
  get<K extends ConfigKind>(kind: K, id: string): StoredDocument<K> | null;
  /** Stored documents that this version cannot read; they are in no list. Left out: there are none. */
  readonly unreadable?: readonly UnreadableDocument[];
}

export interface UnreadableDocument {
  readonly kind: ConfigKind;
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** In words: which field, and what is wrong with it. */
  readonly why: string;
  readonly findings: readonly Finding[];
}

export interface ConfigReader<T = Tx | SqlReader> {
  /** As it is for this transaction; a cached copy when the revision is still the same. */
  current(sql: T): Promise<PagingConfig>;
}

/** For replay. */
export interface ConfigHistory {
  /** `$document` → the document as it was then. Missing ones are left out. */
  documents(sql: SqlReader, refs: readonly string[]): Promise<Map<string, StoredDocument>>;
  /** `$documents` → the list as it was then. */
  lists(sql: SqlReader, refs: readonly string[]): Promise<Map<string, DocumentList<ConfigKind>>>;
}

/** What the module that owns a kind says about a draft before it is saved. */
export interface ConfigCheck<K extends ConfigKind> {
  (draft: DraftOf<K>, world: CheckWorld): Finding[] | Promise<Finding[]>;
}
export interface CheckWorld {
  /** The id it is or will be saved under. */
  id: string;
  /** With the draft in its place already. */
  config: PagingConfig;
  at: string;
  users: ReadonlyMap<
    string,
    { id: string; name: string; login: string; disabled: boolean; teamIds: readonly string[] }
  >;
  teams: ReadonlyMap<string, { id: string; name: string }>;
}

/** What the module that owns a kind does inside the transaction in which a document was saved (null: deleted). */
export type AfterSave<K extends ConfigKind> = (
  tx: Tx,
  at: string,
  change: { before: StoredDocument<K> | null; after: StoredDocument<K> | null; config: PagingConfig },
) => Promise<void>;
