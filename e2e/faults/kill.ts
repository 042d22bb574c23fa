// npm run faults -- kill [rounds]: kill -9 of server, of its PostgreSQL and of the client at random moments under load.
// The witness is outside: it fsyncs every alert that got a 2xx and every note that was answered, and compares at the end.
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { Action, IntentResult } from '#server/contract/intent.ts';
import { mutate } from '../harness/rest.ts';
import { freePort, processTree, type RunningServer, startServer } from '../harness/server.ts';
import { openClient } from './client.ts';

const alertsPerSecond = 200;

interface Outcome {
  rounds: Record<string, number>;
  accepted: number;
  lost: number;
  doubled: number;
  notes: number;
  notesLost: number;
  notesDoubled: number;
  clientNotes: number;
  clientNotesLost: number;
  clientNotesDoubled: number;
}

export async function killCampaign(rounds: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-kill-'));
  const cleanUp: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    return await campaign(rounds, folder, (undo) => cleanUp.push(undo));
  } finally {
    for (const undo of cleanUp.toReversed()) await undo();
  }
}

async function campaign(rounds: number, folder: string, atEnd: (undo: () => unknown) => void): Promise<Outcome> {
  const witness = openSync(join(folder, 'accepted'), 'w');
  atEnd(() => closeSync(witness));
  const port = await freePort();
  let server = await startServer({ port, env: { TOCSIN_INGEST_LIMIT: 'off' } });
  const { dataDir, adminToken } = server;
  atEnd(async () => {
    await server.stop();
    await server.remove();
  });
  const restart = async () => {
    server = await startServer({ port, dataDir, adminToken, env: { TOCSIN_INGEST_LIMIT: 'off' } });
  };
  const key = await server.integration('alertmanager');
  const incidentId = uuid();
  await submit(server, {
    kind: 'incident.declare',
    incidentId,
    title: 'Kill campaign',
    severity: 'sev2',
    impact: null,
    alertIds: [],
    restrictedTo: null,
  });

  let running = true;
  atEnd(() => (running = false));
  const accepted = new Set<number>();
  const answeredNotes = new Set<string>();
  const sending = sendAlerts(
    () => running,
    () => server,
    key,
    (n) => {
      writeSync(witness, `${n}\n`);
      fsyncSync(witness);
      accepted.add(n);
    },
  );
  const acting = writeNotes(
    () => running,
    () => server,
    incidentId,
    (text) => answeredNotes.add(text),
  );
  const client = await openClient(folder, () => server, incidentId);
  atEnd(() => client.close());

  const counts: Record<string, number> = { server: 0, postgres: 0, client: 0 };
  for (let round = 0; round < rounds; round += 1) {
    await pause(Math.random() * 2_000);
    const victim = (['server', 'postgres', 'client'] as const)[Math.floor(Math.random() * 3)]!;
    counts[victim]! += 1;
    if (victim === 'client') {
      await client.note(`client note ${round}.`);
      await client.killAndReopen();
    } else if (victim === 'server') {
      const gone = new Promise((resolve) => server.child.once('exit', resolve));
      process.kill(server.pid, 'SIGKILL');
      await gone;
      await restart();
    } else {
      const postmaster = Number(readFileSync(await postmasterPidFile(server), 'utf8').split('\n')[0]);
      process.kill(postmaster, 'SIGKILL');
      await untilReady(server, 30_000);
    }
    console.error(
      `round ${round + 1}/${rounds}: killed ${victim}; ${accepted.size} alerts accepted, ${answeredNotes.size} notes answered`,
    );
  }
  running = false;
  await Promise.all([sending, acting]);
  await client.settle();
  await caughtUp(server);

  const seen = await everyAlert(server);
  const notes = await everyNote(server, incidentId);
  const clientNotes = client.written();
  return {
    rounds: counts,
    accepted: accepted.size,
    lost: [...accepted].filter((n) => !seen.has(n)).length,
    doubled: [...seen.values()].filter((count) => count > 1).length,
    notes: answeredNotes.size,
    notesLost: [...answeredNotes].filter((text) => !notes.has(text)).length,
    notesDoubled: [...notes.values()].filter((count) => count > 1).length,
    clientNotes: clientNotes.length,
    clientNotesLost: clientNotes.filter((text) => !notes.has(text)).length,
    clientNotesDoubled: clientNotes.filter((text) => (notes.get(text) ?? 0) > 1).length,
  };
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function sendAlerts(
  running: () => boolean,
  server: () => RunningServer,
  key: string,
  accepted: (n: number) => void,
) {
  let n = 0;
  const lane = async () => {
    while (running()) {
      const mine = n++;
      const alert = {
        status: 'firing',
        labels: { alertname: 'Kill', service: `service-${mine % 20}`, n: String(mine) },
        annotations: {},
        startsAt: '2026-01-01T00:00:00Z',
        endsAt: '0001-01-01T00:00:00Z',
        fingerprint: mine.toString(16).padStart(16, '0'),
      };
      try {
        const answer = await fetch(`${server().url}/api/v1/alerts/webhook`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ version: '4', status: 'firing', alerts: [alert] }),
        });
        await answer.arrayBuffer();
        if (answer.ok) accepted(mine);
      } catch {
        // Not answered: the sender may not count on it.
      }
      await pause(8_000 / alertsPerSecond);
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
}

/** One note after the other, each resent under its own id until it is answered. */
async function writeNotes(
  running: () => boolean,
  server: () => RunningServer,
  incidentId: string,
  answered: (text: string) => void,
) {
  for (let n = 0; running(); n += 1) {
    const text = `note ${n}`;
    const id = uuid();
    const entryId = uuid();
    for (;;) {
      try {
        const outcome = await submit(server(), { kind: 'incident.note', incidentId, entryId, text, at: null }, id);
        if (outcome !== 'applied') throw new Error(`a note was answered ${outcome}`);
        answered(text);
        break;
      } catch (error) {
        if (String(error).includes('was answered')) throw error;
        await pause(100);
      }
    }
    // The browser acts as the same person, and a person may make 600 calls a minute.
    await pause(250);
  }
}

async function submit(server: RunningServer, action: Action, id = uuid()): Promise<string> {
  const intent = { id, at: new Date().toISOString(), baseVersion: null, dependsOn: null, action };
  const [result] = await mutate<IntentResult[]>(server, 'intents.submit', { intents: [intent] });
  return result?.outcome ?? 'not at all';
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function postmasterPidFile(server: RunningServer): Promise<string> {
  for (const pid of processTree(server.pid)) {
    const folder = /-D\0([^\0]+)/.exec(commandOf(pid))?.[1];
    if (folder !== undefined) return join(folder, 'postmaster.pid');
  }
  throw new Error('no PostgreSQL runs below the server');
}

async function untilReady(server: RunningServer, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  // It was ready a moment ago; give the loss time to be noticed.
  await pause(500);
  while (performance.now() < deadline) {
    if ((await fetch(`${server.url}/ready`).catch(() => null))?.ok === true) return;
    await pause(100);
  }
  throw new Error(`the server was not ready again ${timeoutMs / 1_000} s after its PostgreSQL was killed`);
}

async function caughtUp(server: RunningServer): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const text = await (
      await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${server.adminToken}` } })
    ).text();
    if (/^tocsin_log_lag_records\S* 0$/m.test(text)) return;
    await pause(100);
  }
  throw new Error('the backlog was not processed within a minute');
}

/** How often each alert's number stands in the server's list. */
async function everyAlert(server: RunningServer): Promise<Map<number, number>> {
  const seen = new Map<number, number>();
  for await (const item of pages(server, '/api/v1/alerts?limit=500')) {
    const n = (item as { labels: Record<string, string> }).labels['n'];
    if (n !== undefined) seen.set(Number(n), (seen.get(Number(n)) ?? 0) + 1);
  }
  return seen;
}

async function everyNote(server: RunningServer, incidentId: string): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for await (const item of pages(server, `/api/v1/incidents/${incidentId}/timeline?limit=500`)) {
    const { kind, text } = item as { kind: string; text: string };
    if (kind === 'note') seen.set(text, (seen.get(text) ?? 0) + 1);
  }
  return seen;
}

async function* pages(server: RunningServer, path: string): AsyncGenerator<unknown> {
  let cursor: string | null = null;
  do {
    const page = (await server.api(cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`)) as {
      items: unknown[];
      nextCursor: string | null;
    };
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
