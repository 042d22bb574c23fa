import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { createSystemRandom } from '#server/adapters/system/random.ts';
import { createDatabase } from '#server/database/pool.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const clock = createSystemClock();
const random = createSystemRandom(clock);

test('a network that swallows everything ends in `unavailable`, and work goes on when it is back', async () => {
  const network = await networkTo(join(inject('postgres').host, '.s.PGSQL.5432'));
  const database = createDatabase({
    address: { ...inject('postgres'), host: '127.0.0.1', port: network.port },
    clock,
    random,
    logger: createMemoryLogger(),
    statementTimeoutMs: 1_000,
  });
  onTestFinished(() => database.close());
  const client = await database.connect({ impatient: true });
  onTestFinished(() => client.end().catch(() => undefined));
  await database.query('SELECT 1');

  network.swallow(true);
  await expect(database.query('SELECT 1')).rejects.toMatchObject({ code: 'unavailable' });
  await expect(client.query('SELECT 1')).rejects.toThrow('timeout');

  network.swallow(false);
  const cut = database.withTransaction(async (tx) => {
    await tx.query('SELECT 2');
    network.swallow(true);
    await tx.query('SELECT 3');
  });
  await expect(cut).rejects.toMatchObject({ code: 'unavailable' });
  network.swallow(false);
  expect(await database.query('SELECT 4 AS four')).toEqual([{ four: 4 }]);
});

async function networkTo(path: string): Promise<{ port: number; swallow(on: boolean): void }> {
  let swallowing = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(path);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => swallowing || to.write(data));
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    swallow: (on) => (swallowing = on),
  };
}
