// The baseline of the ingest benchmark: the rows that the server logged, inserted again by one plain client.
import pg from 'pg';
import { startBenchPostgres } from './postgres.ts';

const columns = ['topic', 'partition', 'id', 'key', 'type', 'payload', 'received_at'] as const;
const types = ['text', 'smallint', 'uuid', 'text', 'text', 'text', 'timestamptz'] as const;

/** Rows a second in each round: multi-row INSERTs, one commit a batch, synchronous_commit on, the same settings and disk. */
export async function rawInsertRate(
  dataDir: string,
  { batchSize, seconds, rounds }: { batchSize: number; seconds: number; rounds: number },
): Promise<number[]> {
  const postgres = await startBenchPostgres(dataDir);
  const client = new pg.Client(postgres.connection);
  try {
    await client.connect();
    await client.query('SET synchronous_commit = on');
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT ${columns.join(', ')} FROM event_log ORDER BY xid, seq LIMIT 100000`,
    );
    if (rows.length < batchSize) throw new Error(`the log holds only ${rows.length} rows to insert again`);
    const batches = Array.from({ length: Math.floor(rows.length / batchSize) }, (_, i) => {
      const batch = rows.slice(i * batchSize, (i + 1) * batchSize);
      return columns.map((column) => batch.map((row) => row[column]));
    });
    const insert = {
      name: 'raw-insert',
      text: `INSERT INTO raw_log (${columns.join(', ')})
             SELECT * FROM unnest(${types.map((type, i) => `$${i + 1}::${type}[]`).join(', ')})`,
    };
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await client.query('DROP TABLE IF EXISTS raw_log');
      await client.query('CREATE TABLE raw_log (LIKE event_log INCLUDING ALL)');
      const began = performance.now();
      let inserted = 0;
      for (let i = 0; performance.now() - began < seconds * 1_000; i += 1) {
        await client.query({ ...insert, values: batches[i % batches.length]! });
        inserted += batchSize;
      }
      rates.push(inserted / ((performance.now() - began) / 1_000));
    }
    return rates;
  } finally {
    await client.end();
    await postgres.stop();
  }
}
