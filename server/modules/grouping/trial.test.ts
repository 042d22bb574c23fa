import { describe, expect, it } from 'vitest';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { decideSignal } from '#server/modules/alerts/lifecycle.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { compileRules } from '#server/modules/grouping/compile.ts';
import { createEnds } from '#server/modules/grouping/ends.ts';
import { createReplay, replayAll, withDraft } from '#server/modules/grouping/trial.ts';
import { createCatalogIndex } from '#server/modules/services/catalog-index.ts';
import { aRule, aSignal } from '#server/testkit/alert-world.ts';
import { aCatalog, aRouter } from '#server/testkit/catalog.ts';

const start = Date.UTC(2026, 0, 1);
const instant = (seconds: number) => new Date(start + seconds * 1_000).toISOString();
let ids = 0;
const newId = () => `alert-${(ids += 1)}`;

function stored(seconds: number, change: Partial<AlertState> = {}): AlertState {
  const signal = aSignal({ receivedAt: start + seconds * 1_000, dedupKey: newId() });
  const decision = decideSignal(null, signal, instant(seconds), newId);
  if (decision.kind === 'unchanged') throw new Error(decision.reason);
  return { ...decision.changes[0]!.after, ...change };
}

const noCatalog = createCatalogIndex(0, []);

async function replay(rules: GroupingRule[], tried: GroupingRule, alerts: AlertState[], catalog = noCatalog) {
  const run = createReplay(
    compileRules(withDraft(rules, tried), () => {}),
    tried,
    catalog,
  );
  await replayAll(run, alerts, () => Promise.resolve());
  return run.result();
}

describe('trying a rule on what really came', () => {
  const builtIn = aRule('built-in');
  const byEnv = aRule('new', { name: 'By env', builtIn: false, condition: 'alert.severity == "sev2"', keys: ['env'] });

  it('puts it before the built-in rule and says what it would have made', async () => {
    const alerts = [
      stored(0, { incidentId: 'really-1', service: 'checkout' }),
      stored(10, { incidentId: 'really-2', service: 'payments', title: 'DbSlow' }),
      stored(20, { incidentId: 'really-2', service: 'payments', severity: 'sev3' }),
    ];
    const result = await replay([builtIn], byEnv, alerts);
    expect(result).toMatchObject({ alertsReplayed: 3, alertsMatched: 2, incidentsBefore: 2, incidentsAfter: 2 });
    expect(result.samples).toEqual([
      {
        title: 'checkout: HighLatency: p99 latency above 2 s',
        severity: 'sev2',
        openedAt: instant(0),
        resolvedAt: null,
        alertCount: 2,
        reason: 'First alert with env “prod”; rule “By env” opened the incident.',
        alertTitles: ['HighLatency', 'DbSlow'],
      },
    ]);
  });

  it('closes and reopens as the rule says, at the times at which the alerts really ended', async () => {
    const alerts = [
      stored(0, { status: 'resolved', resolvedAt: instant(60) }),
      stored(100, { status: 'resolved', resolvedAt: instant(160) }),
      stored(5_000, { status: 'resolved', resolvedAt: instant(5_060) }),
    ];
    const tried = { ...builtIn, reopenSeconds: 60 };
    const result = await replay([builtIn], tried, alerts);
    expect(result.incidentsAfter).toBe(2);
    expect(result.samples.map((sample) => [sample.alertCount, sample.resolvedAt])).toEqual([
      [1, instant(5_060)],
      [2, instant(160)],
    ]);
    expect((await replay([builtIn], { ...builtIn, reopenSeconds: 0 }, alerts)).incidentsAfter).toBe(3);
  });

  it('waits for a minimum count as the pipeline does', async () => {
    const tried = { ...builtIn, minimumCount: 3, windowSeconds: 60 };
    const brief = { status: 'resolved', resolvedAt: instant(5) } as const;
    const alerts = [stored(0, brief), stored(10), stored(30), stored(500), stored(520), stored(540)];
    const result = await replay([builtIn], tried, alerts);
    expect(result).toMatchObject({ incidentsAfter: 1 });
    expect(result.samples[0]).toMatchObject({ alertCount: 3, openedAt: instant(500) });
  });

  it('puts alerts on connected services together as the pipeline does, bound by the catalog as it is now', async () => {
    const catalog = aCatalog(aRouter(12));
    const names = ['router', ...Array.from({ length: 12 }, (_, i) => `host-${i + 1}`)];
    const alerts = [
      ...names.map((service, i) => stored(i, { service: service.toUpperCase(), incidentId: `really-${i}` })),
      stored(20, { service: 'elsewhere', incidentId: 'really-13' }),
      // Long after, with the group that it joined.
      stored(5_000, { service: 'host-4', incidentId: 'really-4' }),
    ];
    const result = await replay([builtIn], builtIn, alerts, catalog);
    expect(result).toMatchObject({ incidentsBefore: 14, incidentsAfter: 2 });
    expect(result.samples.map((sample) => sample.alertCount).toSorted((a, b) => a - b)).toEqual([1, 14]);
    const apart = await replay([builtIn], { ...builtIn, topology: null }, alerts, catalog);
    expect(apart.incidentsAfter).toBe(14);
  });

  it('takes 20,000 alerts in good time and lets others run between', async () => {
    const alerts = Array.from({ length: 20_000 }, (_, i) =>
      stored(i, { service: `service-${i % 40}`, status: 'resolved', resolvedAt: instant(i + 300) }),
    );
    let breaths = 0;
    const run = createReplay(
      compileRules(withDraft([builtIn], byEnv), () => {}),
      byEnv,
      noCatalog,
    );
    const began = process.cpuUsage();
    await replayAll(run, alerts, () => {
      breaths += 1;
      return Promise.resolve();
    });
    expect(run.result().alertsReplayed).toBe(20_000);
    expect(breaths).toBe(200);
    // 100,000 in 5 s, a fifth of it here; the processor's time, so that a busy machine does not decide.
    const { user } = process.cpuUsage(began);
    expect(user / 1_000).toBeLessThan(1_500);
  });
});

it('ends come out in their order', () => {
  const ends = createEnds<number>();
  for (const n of [5, 3, 9, 1, 7, 3]) ends.add(String(n), n);
  const taken: number[] = [];
  for (let next = ends.take('8'); next !== null; next = ends.take('8')) taken.push(next.item);
  expect(taken).toEqual([1, 3, 3, 5, 7]);
  expect(ends.take('9')).toEqual({ at: '9', item: 9 });
  expect(ends.take('9')).toBeNull();
});
