// What screens read of the replica, what it has to tell, and what it stands on.
import type { CenterInfo } from '#server/contract/client.ts';
import type { Intent } from '#server/contract/intent.ts';
import type { Person } from './actions/face.ts';
import type { Away } from './feed/away.ts';
import type { Connection } from './feed/freshness.ts';
import type { OutboxItem } from './outbox/outbox.ts';
import type { OutboxNews } from './outbox/outbox-runner.ts';
import type { SendAnswer } from './outbox/outbox-sender.ts';
import { emptyTables, type RowKey, type Tables } from './rows/rows.ts';
import type { Storage, UnreadItem } from './storage.ts';
import type { FeedTransport } from './feed/stream.ts';
import type { Windows } from './windows/windows.ts';

export interface ReplicaState {
  /** True once there is content to show: the stored copy, or the first snapshot. */
  ready: boolean;
  /** True once the tables hold all of it: what is not in them is not there. */
  whole: boolean;
  tables: Tables;
  /** Rows that queued actions changed. */
  queued: ReadonlySet<RowKey>;
  outbox: readonly OutboxItem[];
  connection: Connection;
  /** Queued actions that are stored and that this version cannot read. */
  unreadItems: readonly UnreadItem[];
  /** False where the browser gives no database, or it refused the last write: what is queued is lost with the window. */
  kept: boolean;
  /** Null until the center has said what it is. */
  center: CenterInfo | null;
  /** Rows that the center has and this version cannot show: it is too old. */
  unread: number;
  /** What changed while nothing was heard, until the person has looked at it; null where there is nothing. */
  away: Away | null;
  /** Of several windows of a person on a machine, one writes the copy and sends. */
  writes: boolean;
}

export type ReplicaNews = OutboxNews | { kind: 'caught-up'; changes: number } | { kind: 'rebuilt'; why: string };

export interface ReplicaDeps {
  storage: Storage;
  transport: FeedTransport;
  send: (intents: Intent[]) => Promise<SendAnswer>;
  /** Asks the center what it understands; null when no answer came. */
  handshake: () => Promise<CenterInfo | null>;
  /** The other windows of this person; without, there are none. */
  windows?: Windows;
  me: Person;
  uuid: () => string;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
  random: () => number;
  onServerTime: (offsetMs: number) => void;
  news: (news: ReplicaNews) => void;
}

export function emptyState(kept: boolean, writes: boolean): ReplicaState {
  return {
    ready: false,
    whole: false,
    tables: emptyTables(),
    queued: new Set(),
    outbox: [],
    unreadItems: [],
    connection: { reachable: true, silent: false, heardAt: null, dataAt: null, keptAt: null, retryAt: null },
    away: null,
    kept,
    center: null,
    unread: 0,
    writes,
  };
}
