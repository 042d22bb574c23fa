import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeClock } from '#server/testkit/clock.ts';
import { ingestPaths as paths, postTo as post, startIngestServer } from '#server/testkit/ingest-server.ts';

const auth = (kind: string) => ({ authorization: `Bearer key-${kind}` });
const alert = { title: 'Checkout is slow', service: 'checkout', severity: 'sev3' };
const event = {
  routing_key: 'key-events-v2',
  event_action: 'trigger',
  payload: { summary: 's', source: 'x', severity: 'error' },
};

describe('how large', () => {
  let server: Awaited<ReturnType<typeof startIngestServer>>;
  beforeAll(async () => {
    server = await startIngestServer();
  });
  afterAll(() => server.close());

  it('413 over 512 KiB as sent or unpacked, and over 500 items; 10 MiB and any number for Alertmanager', async () => {
    const large = JSON.stringify({ ...alert, text: 'x'.repeat(513 * 1_024) });
    const reply = await post(server, paths.generic, large, auth('generic'));
    expect([reply.status, reply.body.error?.message]).toEqual([413, expect.stringContaining('512 KiB sent')]);
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(50 * 1_024 * 1_024, 0x20)));
    const headers = { ...auth('generic'), 'content-encoding': 'gzip' };
    expect((await post(server, paths.generic, bomb, headers)).status).toBe(413);
    expect((await post(server, paths.api, bomb, { ...auth('alertmanager'), 'content-encoding': 'gzip' })).status).toBe(
      413,
    );
    const many = JSON.stringify(Array.from({ length: 501 }, () => alert));
    expect((await post(server, paths.generic, many, auth('generic'))).status).toBe(413);
    expect(
      (await post(server, paths.generic, JSON.stringify(Array.from({ length: 500 }, () => alert)), auth('generic')))
        .status,
    ).toBe(202);

    const labelled = Array.from({ length: 8_000 }, (_, i) => ({
      labels: { alertname: `A${i}`, pad: 'x'.repeat(1_000) },
    }));
    const storm = JSON.stringify(labelled);
    expect(storm.length).toBeGreaterThan(8_000_000);
    expect((await post(server, paths.api, storm, auth('alertmanager'))).status).toBe(200);
    expect((await post(server, paths.api, JSON.stringify('x'.repeat(10_500_000)), auth('alertmanager'))).status).toBe(
      413,
    );
  });

  it('names an item that is nested too deep or has too many keys', async () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 32; i += 1) deep = { deep };
    const wide = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, i]));
    const reply = await post(
      server,
      paths.generic,
      JSON.stringify([{ ...alert, deep }, { ...alert, ...wide }, alert]),
      auth('generic'),
    );
    expect(reply.body).toMatchObject({
      accepted: 1,
      rejected: [
        { index: 0, reason: expect.stringContaining('32 levels') },
        { index: 1, reason: expect.stringContaining('1000 keys') },
      ],
    });
  });
});

describe('how much is taken', () => {
  const labelled = { labels: { alertname: 'A' } };

  it('429 over the rate of a key, 503 for Alertmanager; others are not held back', async () => {
    const clock = createFakeClock(Date.parse('2026-11-21T16:00:00Z'));
    const limited = await startIngestServer({ clock, limits: { perMinute: 60, burst: 10 } });
    const ten = JSON.stringify(Array.from({ length: 10 }, () => alert));
    expect((await post(limited, paths.generic, ten, auth('generic'))).status).toBe(202);
    const over = await post(limited, paths.generic, JSON.stringify([alert, alert]), auth('generic'));
    expect([over.status, over.headers.get('retry-after')]).toEqual([429, '2']);
    clock.advance(2_000);
    expect((await post(limited, paths.generic, JSON.stringify([alert, alert]), auth('generic'))).status).toBe(202);

    const storm = JSON.stringify(Array.from({ length: 30 }, () => labelled));
    // Larger than the whole burst: it passes once, and the next waits until that is paid for.
    expect((await post(limited, paths.api, storm, auth('alertmanager'))).status).toBe(200);
    const later = await post(limited, paths.api, JSON.stringify([labelled]), auth('alertmanager'));
    expect([later.status, later.body.error?.code, later.headers.get('retry-after')]).toEqual([503, 'overloaded', '21']);
    expect((await post(limited, paths.enqueue, JSON.stringify(event))).status).toBe(202);
    await limited.close();
  });

  it('503 while too many wait to be processed', async () => {
    const clock = createFakeClock(0);
    const busy = await startIngestServer({ clock, limits: { backlog: 100 } });
    busy.ingest.start();
    const send = async () => (await post(busy, paths.generic, JSON.stringify(alert), auth('generic'))).status;
    const look = async () => {
      clock.advance(1_000);
      await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => queueMicrotask(() => resolve(null)))));
    };
    busy.state.backlog = 100;
    await look();
    expect(await send()).toBe(503);
    busy.state.backlog = 99;
    await look();
    expect(await send()).toBe(202);
    busy.ingest.stop();
    await busy.close();
  });
});
