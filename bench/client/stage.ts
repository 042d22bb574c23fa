// What a row of the client's bench stands on: the built page, a server in a process of its own, its database, a browser.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openSignedIn } from '../../e2e/harness/browser.ts';
import { type RunningServer, startServer } from '../../e2e/harness/server.ts';
import { startBenchPostgres } from '../postgres.ts';
import { report } from '../report.ts';

export interface Stage {
  server: RunningServer;
  sql: pg.Client;
  browser: Browser;
  /** A page of its own, with a copy of its own, signed in and at this path. */
  open(path: string, options?: { probe?: string; width?: number; height?: number }): Promise<Page>;
}

export async function onStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tocsin-bench-'));
  const postgres = await startBenchPostgres(dataDir);
  const { host, user, password, database } = postgres.connection;
  const sql = new pg.Client(postgres.connection);
  let server: RunningServer | null = null;
  let browser: Browser | null = null;
  try {
    await sql.connect();
    server = await startServer({
      env: {
        TOCSIN_INGEST_LIMIT: 'off',
        TOCSIN_DATABASE_URL: `postgres://${user}:${password}@${encodeURIComponent(host)}/${database}`,
      },
    });
    browser = await launchBrowser();
    const at = { server, browser };
    await work({
      ...at,
      sql,
      async open(path, { probe, width, height } = {}) {
        const { page } = await openSignedIn(at.browser, at.server, {
          path,
          width: width ?? 1_280,
          height: height ?? 800,
        });
        if (probe !== undefined) await page.evaluate(probe);
        return page;
      },
    });
  } finally {
    await browser?.close();
    await server?.stop();
    await server?.remove();
    await sql.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A figure of UX.md 9 beside its budget. */
export function budget(name: string, value: number, unit: string, limit: number, n: number, note = ''): void {
  const [load = 0] = loadavg();
  const busy =
    load > availableParallelism()
      ? [`the machine was busy: load ${load.toFixed(1)} on ${availableParallelism()} cores`]
      : [];
  report({
    name: `client.${name}`,
    value,
    unit,
    baseline: limit,
    ratio: value / limit,
    n,
    note: ['baseline is the budget', ...(note === '' ? [] : [note]), ...busy].join('; '),
  });
}

export function percentileOf(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** Waits for something in the page, or in the database, that no event tells of. */
export async function waitFor(what: string, holds: () => Promise<boolean>, withinMs = 120_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It took longer than ${withinMs / 1_000} s until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What a probe in the page has found, once it has found it. */
export async function found(page: Page, expression: string): Promise<number> {
  let value: unknown = null;
  await waitFor(`the page knew ${expression}`, async () => {
    value = await page.evaluate(expression);
    return value !== null;
  });
  return Number(value);
}

/** A hand's next movement reaches the page a frame later, not as soon as the last one was sent. */
export function oneFrame(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 16));
}
