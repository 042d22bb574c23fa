// What happens in one simulated run, made from its seed alone: the same for the memory model and for PostgreSQL.
import type { GroupingRule } from '#server/contract/grouping.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { AlertSignal } from '#server/contract/signal.ts';
import type { Random } from '#server/ports/random.ts';
import type { Catalog } from '#server/modules/services/state.ts';
import { aRule, aSignal } from '#server/testkit/alert-world.ts';
import { aCatalog } from '#server/testkit/catalog.ts';

export const startMs = Date.UTC(2026, 0, 1, 12);
export const partitions = 3;
const keys = 7;
const services = ['checkout', 'payments', null];
const index = aCatalog({ checkout: ['payments'], payments: [] });
/** The two services are connected, so that alerts of one join the incident of the other. */
export const simulatedCatalog: Catalog = { index: () => Promise.resolve(index) };

export type Step =
  /** `copies` more of the same delivery come after it; with an identity they carry the same record id. */
  | {
      kind: 'post';
      key: number;
      action: AlertSignal['action'];
      severity: Severity;
      lateMs: number;
      copies: number;
      identity: boolean;
    }
  | { kind: 'change' }
  | { kind: 'poison' }
  | { kind: 'advance'; ms: number }
  | { kind: 'silence'; service: string; startsInMs: number; lastsMs: number }
  | { kind: 'end-silence' }
  | { kind: 'hand'; action: 'alert.resolve' | 'alert.reopen' | 'alert.acknowledge' }
  | { kind: 'crash' }
  /** Lets the others do so many steps first. */
  | { kind: 'wait'; steps: number };

export interface Scenario {
  rules: GroupingRule[];
  steps: Step[];
}

export function makeScenario(random: Random): Scenario {
  const rules: GroupingRule[] = [
    aRule(random.uuid(), {
      position: 9,
      minimumCount: 1,
      reopenSeconds: pick(random, [0, 60, 900]),
      resolvePolicy: pick(random, ['all', 'all', 'first']),
    }),
  ];
  if (random.number() < 0.5) {
    rules.push(
      aRule(random.uuid(), {
        name: 'Payments together',
        builtIn: false,
        condition: 'alert.service == "payments"',
        keys: pick(random, [[], ['service'], ['service', 'env']]),
        minimumCount: pick(random, [1, 2, 3]),
        windowSeconds: pick(random, [30, 300]),
        severityMap: { sev3: 'sev2' },
        reopenSeconds: 60,
      }),
    );
  }
  const steps: Step[] = [{ kind: 'advance', ms: 180_000 }];
  const count = 25 + Math.floor(random.number() * 35);
  for (let i = 0; i < count; i += 1) steps.push(...makeStep(random));
  return { rules, steps };
}

function makeStep(random: Random): Step[] {
  const roll = random.number();
  const key = Math.floor(random.number() * keys);
  const post = (action: AlertSignal['action']): Step => ({
    kind: 'post',
    key,
    action,
    severity: pick(random, ['sev1', 'sev2', 'sev3', 'info']),
    lateMs: random.number() < 0.1 ? Math.floor(random.number() * 3_000) : 0,
    copies: random.number() < 0.2 ? 1 + Math.floor(random.number() * 3) : 0,
    identity: random.number() < 0.5,
  });
  if (roll < 0.4) return [post('fire')];
  if (roll < 0.55) return [post('resolve')];
  if (roll < 0.58) return [post('acknowledge')];
  // A key that flaps.
  if (roll < 0.62)
    return Array.from({ length: 6 }, (_, i) => [
      post(i % 2 === 0 ? 'fire' : 'resolve'),
      { kind: 'advance', ms: 5_000 } as Step,
    ]).flat();
  // A service that falls over: all its alerts at once, through different partitions.
  if (roll < 0.63) return [1, 4].map((hit): Step => ({ ...post('fire'), key: hit, copies: 0 }) as Step);
  if (roll < 0.64) return [{ kind: 'change' }];
  if (roll < 0.66) return [{ kind: 'poison' }];
  if (roll < 0.78) return [{ kind: 'advance', ms: pick(random, [200, 5_000, 40_000, 120_000, 700_000]) }];
  if (roll < 0.83) {
    const service = pick(random, ['checkout', 'payments']);
    return [
      {
        kind: 'silence',
        service,
        startsInMs: pick(random, [0, 0, 20_000]),
        lastsMs: pick(random, [10_000, 90_000, 600_000]),
      },
    ];
  }
  if (roll < 0.85) return [{ kind: 'end-silence' }];
  if (roll < 0.91)
    return [{ kind: 'hand', action: pick(random, ['alert.resolve', 'alert.reopen', 'alert.acknowledge']) }];
  if (roll < 0.94) return [{ kind: 'crash' }];
  return [{ kind: 'wait', steps: Math.floor(random.number() * 40) }];
}

/** Some keys come from a source that gives an end time with each signal, as Prometheus does. */
export function expires(key: number): boolean {
  return key % 3 === 2;
}

/** Alerts of one service come through different partitions: their consumers meet at the incident. */
export function partitionOf(key: number): number {
  return (2 * key + Math.floor(key / services.length)) % partitions;
}

export function keyName(key: number): string {
  return `key-${key}`;
}

export function signalOf(step: Extract<Step, { kind: 'post' }>, now: number): AlertSignal {
  const receivedAt = now - step.lateMs;
  return aSignal({
    receivedAt,
    action: step.action,
    dedupKey: keyName(step.key),
    severity: step.severity,
    service: services[step.key % services.length] ?? null,
    title: `Alert ${step.key}`,
    labels: { env: step.key % 2 === 0 ? 'prod' : 'test' },
    endsAt: expires(step.key) && step.action === 'fire' ? receivedAt + 240_000 : null,
  });
}

export function pick<A>(random: Random, list: readonly A[]): A {
  return list[Math.floor(random.number() * list.length)] as A;
}
