// A disk that flips bits: of the browser's own files, while it is closed with an action in its outbox.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProxy } from '../harness/proxy.ts';
import { raise } from '../harness/rest.ts';
import { startServer } from '../harness/server.ts';
import { openClient } from './client.ts';
import { pause, sent, soon } from './room.ts';

/** Each action arrives, or a person is told; nothing goes without a word. */
export async function flippedBits(rounds: number) {
  const server = await startServer();
  const proxy = await startProxy(server.port);
  const incident = await raise(server, await server.integration('generic'), 'Bits flip', 'world');
  const violations: string[] = [];
  let told = 0;
  let arrived = 0;
  try {
    for (let round = 0; round < rounds; round += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'tocsin-world-disk-'));
      const client = await openClient(folder, () => server, incident.id, proxy.url);
      proxy.cut();
      const text = `Kept in round ${round}.`;
      await client.note(text);
      // The browser writes its other store down seconds later.
      await pause(8_000);
      await client.kill();
      const where = flipBits(join(folder, 'profile/Default/IndexedDB'));
      proxy.restore();
      await client.reopen();
      if (await soon(async () => (await sent(server, incident, text)) === 1, 30_000)) arrived += 1;
      else if (await client.says(/not readable|lost|damaged/i)) told += 1;
      else violations.push(`round ${round}: lost without a word, after ${where}`);
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    await proxy.close();
    await server.stop();
    await server.remove();
  }
  return { violations, figures: { rounds, arrived, told } };
}

/** One bit in each of three places of the database's files. */
function flipBits(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.includes('.leveldb/') && /\.(log|ldb)$|MANIFEST/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => readFileSync(path).length > 0);
  const done: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const path = files[Math.floor(Math.random() * files.length)];
    if (path === undefined) continue;
    const bytes = readFileSync(path);
    const at = Math.floor(Math.random() * bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(Math.random() * 8));
    writeFileSync(path, bytes);
    done.push(`${path.slice(folder.length + 1)}@${at}`);
  }
  return done.join(', ');
}
