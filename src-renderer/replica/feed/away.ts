// What changed while this client heard nothing, so that it can be looked through instead of jumping at somebody.
import type { EntityName } from '#server/contract/replica.ts';
import type { Connection } from './freshness.ts';
import type { Row } from '../rows/rows.ts';
import type { StoredChange } from '../rows/view.ts';

export interface AwayChange {
  entity: EntityName;
  id: string;
  /** As it was before; null for what is new. */
  before: Row | null;
  /** Null for what is gone, or no longer to be seen. */
  after: Row | null;
}

export interface Away {
  /** Server clock: since when nothing was heard, and when it was heard again. */
  since: number;
  until: number;
  /** How many there were; the list ends sooner. */
  total: number;
  changes: readonly AwayChange[];
}

/** Away for longer than this, a person is told how much changed. */
const awayMs = 10_000;
/** Rows remembered of one absence; of a longer one the count goes on. */
export const rememberedMax = 5_000;

type Words = Pick<Connection, 'heardAt' | 'dataAt' | 'keptAt'>;

export interface AwayBook {
  /** How it stood when the server was heard the last time, and how it stands now. */
  heard(before: Words, now: Words): void;
  open(): boolean;
  /** Of a snapshot, which names every row, only what is another one than before. */
  note(changes: readonly StoredChange[]): void;
  end(until: number): Away | null;
}

export function createAwayBook(): AwayBook {
  let since: number | null = null;
  let total = 0;
  let noted = new Map<string, AwayChange>();
  return {
    heard(before, now) {
      const heardAt = before.heardAt ?? before.keptAt;
      if (since !== null || before.dataAt === null || now.dataAt === null) return;
      // By either clock: this machine's may have been set back meanwhile.
      const byDevice = heardAt === null || now.heardAt === null ? 0 : now.heardAt - heardAt;
      if (Math.max(byDevice, now.dataAt - before.dataAt) <= awayMs) return;
      since = before.dataAt;
      total = 0;
      noted = new Map();
    },
    open: () => since !== null,
    note(changes) {
      if (since === null) return;
      for (const { entity, id, row, before } of changes) {
        if (row !== null && row.version === before?.version) continue;
        total += 1;
        const key = `${entity}:${id}`;
        const known = noted.get(key);
        if (known === undefined && noted.size >= rememberedMax) continue;
        noted.set(key, { entity, id, before: known === undefined ? (before ?? null) : known.before, after: row });
      }
    },
    end(until) {
      const away = since === null || total === 0 ? null : { since, until, total, changes: [...noted.values()] };
      since = null;
      noted = new Map();
      return away;
    },
  };
}
