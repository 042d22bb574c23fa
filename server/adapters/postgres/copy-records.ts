// Binary COPY of log records in one round trip. The command and its data leave in one write: where the command is
// refused, PostgreSQL skips data that was sent on trust, as its protocol says.
// Format: https://www.postgresql.org/docs/18/sql-copy.html (binary format)
import type pg from 'pg';
import type { NewRecord } from '#server/ports/event-log.ts';

export interface PlacedRecord {
  topic: string;
  partition: number;
  record: NewRecord;
}

const command = 'COPY event_log (topic, partition, id, key, type, payload, received_at) FROM STDIN (FORMAT binary)';
const signature = Buffer.from('PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** 2000-01-01, from which PostgreSQL counts. */
const epochMs = 946_684_800_000;
const fieldCount = 7;

/** Appends the records in one transaction of its own; resolves when it is committed. */
export function copyRecords(client: pg.Client, records: readonly PlacedRecord[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | null = null;
    const query: pg.Submittable & Record<string, unknown> = {
      submit(connection: pg.Connection) {
        const stream = connection.stream;
        stream.cork();
        connection.query(command);
        stream.write(encode(records));
        stream.uncork();
      },
      handleCopyInResponse() {},
      handleCommandComplete() {},
      handleError(error: Error) {
        failure = error;
        // A broken connection brings no ReadyForQuery.
        reject(error);
      },
      handleReadyForQuery() {
        if (failure === null) resolve();
      },
    };
    client.query(query);
  });
}

function encode(records: readonly PlacedRecord[]): Buffer {
  let most = 5 + signature.length + 2 + 5;
  for (const { topic, record } of records) {
    most +=
      2 +
      fieldCount * 4 +
      2 +
      16 +
      8 +
      3 * (topic.length + record.key.length + record.type.length + record.payload.length);
  }
  const out = Buffer.allocUnsafe(most);
  out[0] = 0x64; // CopyData
  let at = 5 + signature.copy(out, 5);
  const text = (value: string) => {
    const length = out.write(value, at + 4, 'utf8');
    out.writeInt32BE(length, at);
    at += 4 + length;
  };
  for (const { topic, partition, record } of records) {
    at = out.writeInt16BE(fieldCount, at);
    text(topic);
    at = out.writeInt32BE(2, at);
    at = out.writeInt16BE(partition, at);
    at = out.writeInt32BE(16, at);
    at += out.write(record.id.replaceAll('-', ''), at, 'hex');
    text(record.key);
    text(record.type);
    text(record.payload);
    at = out.writeInt32BE(8, at);
    at = out.writeBigInt64BE(BigInt(record.receivedAt - epochMs) * 1_000n, at);
  }
  at = out.writeInt16BE(-1, at);
  out.writeUInt32BE(at - 1, 1);
  out[at] = 0x63; // CopyDone
  out.writeUInt32BE(4, at + 1);
  return out.subarray(0, at + 5);
}
