// A small transaction model: what a transaction wrote is seen by others at its commit and not before. Locks are checked
// at the commit instead of waited for: whoever comes second starts over, which ends the same as waiting.
import type { Tx } from '#server/database/transaction.ts';

export type Table =
  | 'alert'
  | 'alert_event'
  | 'incident'
  | 'incident_group'
  | 'timeline'
  | 'rule'
  | 'silence'
  | 'inbox'
  | 'change'
  | 'offset'
  | 'applied'
  | 'task'
  | 'intent'
  | 'escalation'
  | 'step'
  | 'fired'
  | 'turn'
  | 'page'
  | 'notification'
  | 'ledger'
  | 'clock';

export interface Row {
  id: string;
}

export interface MemoryDatabase {
  transact<R>(body: (tx: Tx) => Promise<R>): Promise<R>;
  rows<R extends Row>(tx: Tx, table: Table): R[];
  get<R extends Row>(tx: Tx, table: Table, id: string): R | undefined;
  put<R extends Row>(tx: Tx, table: Table, row: R): void;
  /** The row must not be changed by another transaction before this one commits. */
  lockRow(tx: Tx, table: Table, id: string): void;
  lock(tx: Tx, name: string, mode: 'shared' | 'alone'): void;
  /** Another transaction changed something that this one holds: its commit will be refused. */
  isLost(tx: Tx): boolean;
  /** What is committed, outside any transaction. */
  committed<R extends Row>(table: Table): R[];
}

export interface MemoryFaults {
  /** Called where a commit stands: it may be lost, or done without its answer arriving. */
  atCommit(): 'commit' | 'lost' | 'unanswered';
  pause(): Promise<void>;
  /** Refuses a commit that would break a constraint, by throwing. */
  constraints(written: (table: Table) => Row[], all: (table: Table) => Row[]): void;
}

/** Another transaction was first; run the body again. */
export class CommitConflict extends Error {}
/** The connection broke: the caller cannot know whether it was committed. */
export class CommitUnknown extends Error {}

interface Session {
  writes: Map<Table, Map<string, Row>>;
  /** Version of what it holds, by name, when it took it. */
  locks: Map<string, number>;
  /** Names whose version its commit raises, so that others who hold them start over. */
  raises: Set<string>;
}

const triesMax = 200;

export function createMemoryDatabase(faults: MemoryFaults): MemoryDatabase {
  const tables = new Map<Table, Map<string, Row>>();
  const versions = new Map<string, number>();
  const sessions = new WeakMap<Tx, Session>();

  const stored = (table: Table) => {
    const known = tables.get(table) ?? new Map<string, Row>();
    tables.set(table, known);
    return known;
  };
  const sessionOf = (tx: Tx): Session => {
    const session = sessions.get(tx);
    if (session === undefined) throw new Error('not a transaction of this database');
    return session;
  };
  const versionOf = (name: string) => versions.get(name) ?? 0;

  function rows<R extends Row>(tx: Tx, table: Table): R[] {
    const written = sessionOf(tx).writes.get(table);
    if (written === undefined) return [...stored(table).values()] as R[];
    return [...new Map([...stored(table), ...written]).values()] as R[];
  }

  function hold(session: Session, name: string): void {
    if (!session.locks.has(name)) session.locks.set(name, versionOf(name));
  }

  function lock(tx: Tx, name: string, mode: 'shared' | 'alone'): void {
    const session = sessionOf(tx);
    hold(session, name);
    if (mode === 'alone') hold(session, `${name} shared`);
    session.raises.add(mode === 'alone' ? name : `${name} shared`);
  }

  function commit(tx: Tx): void {
    const session = sessionOf(tx);
    for (const [name, version] of session.locks) {
      if (versionOf(name) !== version) throw new CommitConflict(`${name} was changed by another transaction`);
    }
    faults.constraints(
      (table) => [...(session.writes.get(table)?.values() ?? [])],
      (table) => rows(tx, table),
    );
    const fate = faults.atCommit();
    if (fate === 'lost') throw new CommitUnknown('the connection broke before the commit');
    for (const name of session.raises) versions.set(name, versionOf(name) + 1);
    for (const [table, written] of session.writes) {
      for (const [id, row] of written) {
        stored(table).set(id, row);
        versions.set(`${table}/${id}`, versionOf(`${table}/${id}`) + 1);
      }
    }
    if (fate === 'unanswered') throw new CommitUnknown('the connection broke after the commit');
  }

  return {
    async transact(body) {
      for (let tries = 1; ; tries += 1) {
        const tx: Tx = { query: () => Promise.reject(new Error('the memory model speaks no SQL')) } as unknown as Tx;
        sessions.set(tx, { writes: new Map(), locks: new Map(), raises: new Set() });
        try {
          const result = await body(tx);
          await faults.pause();
          commit(tx);
          return result;
        } catch (error) {
          if (!(error instanceof CommitConflict) || tries >= triesMax) throw error;
          await faults.pause();
        }
      }
    },
    rows,
    get<R extends Row>(tx: Tx, table: Table, id: string) {
      return (sessionOf(tx).writes.get(table)?.get(id) ?? stored(table).get(id)) as R | undefined;
    },
    put(tx, table, row) {
      const { writes } = sessionOf(tx);
      writes.set(table, (writes.get(table) ?? new Map<string, Row>()).set(row.id, row));
    },
    lockRow: (tx, table, id) => hold(sessionOf(tx), `${table}/${id}`),
    lock,
    isLost: (tx) => [...sessionOf(tx).locks].some(([name, version]) => versionOf(name) !== version),
    committed: <R extends Row>(table: Table) => [...stored(table).values()] as R[],
  };
}
