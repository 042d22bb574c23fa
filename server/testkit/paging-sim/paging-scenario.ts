// What happens in one run of the paging simulation, chosen by the seed.
import type { Severity } from '#server/contract/severity.ts';
import type { Random } from '#server/ports/random.ts';

export type PagingStep =
  | { kind: 'fire' | 'resolve'; key: number; severity: Severity }
  | { kind: 'silence'; service: number; minutes: number }
  | { kind: 'end-silence' }
  | { kind: 'acknowledge'; person: number; incident: number }
  | { kind: 'end'; incident: number }
  | { kind: 'escalate'; incident: number; target: boolean }
  | { kind: 'edit'; edit: 'delay' | 'add' | 'remove' }
  | { kind: 'wait'; ms: number }
  /** To just before the next due time. */
  | { kind: 'due'; early: number }
  | { kind: 'clock'; ms: number }
  | { kind: 'sleep'; ms: number }
  | { kind: 'crash'; server: number }
  | { kind: 'freeze'; server: number; ms: number; answered: boolean }
  | { kind: 'provider'; fails: boolean };

export const services = ['payments', 'search', 'net'] as const;
const hour = 3_600_000;

export function makePagingScenario(random: Random, calm: boolean): PagingStep[] {
  const below = (n: number) => Math.floor(random.number() * n);
  const pick = <A>(list: readonly A[]): A => list[below(list.length)]!;
  const ordinary: (() => PagingStep)[] = [
    () => ({ kind: 'fire', key: below(5), severity: pick(['sev1', 'sev2', 'sev3']) }),
    () => ({ kind: 'fire', key: below(5), severity: 'sev1' }),
    () => ({ kind: 'resolve', key: below(5), severity: 'sev2' }),
    () => ({ kind: 'acknowledge', person: below(3), incident: below(4) }),
    () => ({ kind: 'acknowledge', person: below(3), incident: below(4) }),
    () => ({ kind: 'silence', service: below(3), minutes: 1 + below(20) }),
    () => ({ kind: 'end-silence' }),
    () => ({ kind: 'end', incident: below(4) }),
    () => ({ kind: 'escalate', incident: below(4), target: random.number() < 0.5 }),
    () => ({ kind: 'edit', edit: pick(['delay', 'add', 'remove']) }),
    () => ({ kind: 'provider', fails: random.number() < 0.5 }),
    ...Array.from({ length: 3 }, () => (): PagingStep => ({ kind: 'wait', ms: 50 + below(1_500) })),
    ...Array.from({ length: 5 }, () => (): PagingStep => ({ kind: 'due', early: 1 + below(200) })),
  ];
  const faults: (() => PagingStep)[] = [
    () => ({ kind: 'clock', ms: pick([hour, -hour, 24 * hour, -24 * hour, 90_000, -90_000]) }),
    () => ({ kind: 'sleep', ms: pick([8 * hour, 10 * 60_000]) }),
    () => ({ kind: 'crash', server: below(2) }),
    () => ({ kind: 'freeze', server: below(2), ms: pick([500, 5_000, 60_000]), answered: random.number() < 0.5 }),
  ];
  const kinds = calm ? ordinary : [...ordinary, ...faults, ...faults];
  const steps: PagingStep[] = [{ kind: 'fire', key: 0, severity: 'sev1' }];
  const count = 14 + below(14);
  for (let i = 0; i < count; i += 1) steps.push(pick(kinds)());
  return steps;
}
