// npm run faults -- client [rounds]: kill -9 of a real browser at random moments of its writing, with the network cut and
// with rows pouring in. What stood on the screen was promised: it is there afterwards, once. What was only typed may be.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProxy } from '../harness/proxy.ts';
import { raise, send, timelineOf } from '../harness/rest.ts';
import { type RunningServer, startServer } from '../harness/server.ts';
import { openClient } from './client.ts';

export interface ClientKills {
  rounds: number;
  promised: number;
  lost: number;
  doubled: number;
}

/** Alerts whose rows arrive while the browser is killed. */
const pouring = 30;
const killWithinMs = 500;
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function clientKillCampaign(rounds: number): Promise<ClientKills> {
  const server = await startServer({ env: { TOCSIN_INGEST_LIMIT: 'off' } });
  try {
    return await killClient(server, await server.integration('generic'), rounds);
  } finally {
    await server.stop();
    await server.remove();
  }
}

export async function killClient(server: RunningServer, key: string, rounds: number): Promise<ClientKills> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-client-kill-'));
  const proxy = await startProxy(server.port);
  const incident = await raise(server, key, 'Client is killed', 'client-kill');
  const client = await openClient(folder, () => server, incident.id, proxy.url);
  const typed: string[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const cut = round % 2 === 0;
      if (cut) proxy.cut();
      await client.note(`shown ${round}.`);
      const rows = Array.from({ length: cut ? 0 : pouring }, (_, n) =>
        send(server, '/webhooks/generic', key, {
          title: 'Pours',
          service: 'rain',
          severity: 'info',
          dedupKey: `${round} ${n}`,
        }),
      );
      typed.push(`typed ${round}.`);
      const typing = client.note(`typed ${round}.`).catch(() => undefined);
      await pause(Math.random() * killWithinMs);
      await client.kill();
      await Promise.all([typing, ...rows]);
      proxy.restore();
      await client.reopen();
    }
    await client.settle();
  } finally {
    await client.close();
    await proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const written = (await timelineOf(server, incident.id)).filter(({ kind }) => kind === 'note').map(({ text }) => text);
  const times = (text: string) => written.filter((each) => each === text).length;
  const promised = client.written();
  return {
    rounds,
    promised: promised.length,
    lost: promised.filter((text) => times(text) === 0).length,
    doubled: [...new Set([...promised, ...typed])].filter((text) => times(text) > 1).length,
  };
}
