// The durable log between accepting and processing. PostgreSQL tables carry it; Kafka will be the second adapter.
import type { Tx } from '#server/database/transaction.ts';

export interface NewRecord {
  /** UUID; made from the delivery's own identity where it has one, so that the consumer's inbox drops a second copy. */
  id: string;
  /** Records with the same key are processed in the order they were appended. */
  key: string;
  /** Names the shape of the payload. */
  type: string;
  /** JSON text, already serialised. */
  payload: string;
  /** Milliseconds since the epoch at which it was received. */
  receivedAt: number;
}

export interface LogRecord extends NewRecord {
  topic: string;
  partition: number;
  /** Opaque place in the partition. */
  offset: string;
}

/** What became of a record. `retry` leaves it and everything after it in its partition for a later attempt. */
export type Disposition =
  | { kind: 'ok' }
  | { kind: 'drop'; reason: string }
  | { kind: 'dlq'; reason: string }
  | { kind: 'retry'; reason: string };

export interface ConsumerOptions {
  topic: string;
  group: string;
  /** Most records in one effect transaction. */
  batchSize: number;
  /**
   * Applies the batch inside `tx`, in which the consumed offset is written too: both or neither happen.
   * Answers one disposition per record, in order. A throw counts as a failed attempt of the batch, which is then
   * retried record by record; after `maxAttempts` a record is parked as a dead letter.
   */
  handle(tx: Tx, records: LogRecord[]): Promise<Disposition[]>;
  /** Called after each committed batch. */
  committed?(records: LogRecord[]): void;
}

export interface Consumer {
  start(): void;
  /** Waits for the running batch. */
  stop(): Promise<void>;
  /** Resolves when everything appended before the call has been processed or parked. For tests and shutdown. */
  drained(): Promise<void>;
}

export interface DeadLetter {
  id: string;
  topic: string;
  group: string;
  recordId: string;
  key: string;
  type: string;
  payload: string;
  reason: string;
  attempts: number;
  parkedAt: number;
  resolution: 'replayed' | 'discarded' | null;
  resolvedAt: number | null;
}

export interface EventLog {
  /**
   * Durable when it resolves. A delivery with an identity (`deliveryId`) that was appended before is not appended again.
   * Rejects with AppError `overloaded` when the queue in memory is full, `unavailable` when the store does not answer.
   */
  append(topic: string, records: NewRecord[], deliveryId?: string): Promise<{ duplicate: boolean }>;
  consumer(options: ConsumerOptions): Consumer;
  /** Records appended and not yet consumed by the group; an estimate that is cheap to ask. */
  lag(topic: string, group: string): Promise<{ records: number; oldestAgeMs: number }>;
  deadLetters: {
    list(options: { limit: number; includeResolved: boolean }): Promise<DeadLetter[]>;
    count(): Promise<number>;
    /** Appends it again under its own record id; it is applied once even if replayed twice. */
    replay(id: string): Promise<void>;
    discard(id: string): Promise<void>;
  };
  stop(): Promise<void>;
}
