import { expect, test } from 'vitest';
import { prometheusText } from '#server/api/metrics.ts';
import { createMetrics } from '#server/modules/diagnostics/metrics.ts';
import { createFakeClock } from '#server/testkit/clock.ts';

test('figures come fresh once a second, however often they are asked for, and a failure is not kept', async () => {
  const clock = createFakeClock(0);
  let asked = 0;
  let away = true;
  const metrics = createMetrics({
    log: {
      lag: () => Promise.resolve({ records: 3, oldestAgeMs: 1_500 }),
      waiting: () => 2,
      deadLetters: { count: () => Promise.resolve(1) } as never,
    },
    topic: 'ingest',
    group: 'pipeline',
    taken: () => ({ accepted: 10, rejected: 1, refused: 0 }),
    processed: () => 7,
    firingAlerts: () => {
      asked += 1;
      return away ? Promise.reject(new Error('the database is away')) : Promise.resolve(5);
    },
    openIncidents: () => Promise.resolve(4),
    connectedClients: () => 6,
    clock,
  });
  await expect(metrics()).rejects.toThrow('away');

  away = false;
  const text = prometheusText(await metrics());
  expect(text).toContain('tocsin_log_lag_records 3\n');
  expect(text).toContain('tocsin_log_lag_seconds 1.5\n');
  expect(text).toContain('tocsin_alerts_firing 5\n');
  await Promise.all([metrics(), metrics()]);
  expect(asked).toBe(2);
  clock.advance(1_000);
  await metrics();
  expect(asked).toBe(3);
});
