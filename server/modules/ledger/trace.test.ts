import { expect, it, vi } from 'vitest';
import { createTraces, type DecisionTable } from '#server/modules/ledger/trace.ts';
import { testId } from '#server/testkit/incidents.ts';

const at = '2026-11-21T12:00:00.000Z';

function createScene() {
  const lookup = vi.fn<(input: { schedule: string }) => object>((input) => ({
    answered: `whoever has ${input.schedule}`,
  }));
  const plan = vi.fn<() => object>(() => ({ answered: 'desktop at once' }));
  let ids = 0;
  const decisions = { lookup, plan } as unknown as DecisionTable;
  const newTrace = createTraces({ decisions, newId: () => testId((ids += 1)) });
  const ask = (kind: 'lookup' | 'plan', incident: number, when: string, schedule: string) => {
    const trace = newTrace(testId(100 + incident), when);
    const output = trace.decide(kind, { schedule } as never, () => ({ title: `for ${incident}`, detail: '' }));
    return { output, entry: trace.entries[0] };
  };
  return { lookup, plan, ask };
}

it('what several incidents ask at one moment is decided once, and stands in the ledger of each', () => {
  const { lookup, ask } = createScene();
  const first = ask('lookup', 1, at, 'payments');
  const second = ask('lookup', 2, at, 'payments');
  expect(lookup).toHaveBeenCalledTimes(1);
  expect(second.output).toEqual(first.output);
  expect(second.entry).toEqual({ ...first.entry, id: testId(2), incidentId: testId(102), title: 'for 2' });
  expect(second.entry).toMatchObject({
    input: '{"schedule":"payments"}',
    output: '{"answered":"whoever has payments"}',
  });
});

it('another input, another decision and another moment are asked anew', () => {
  const { lookup, plan, ask } = createScene();
  ask('lookup', 1, at, 'payments');
  expect(ask('lookup', 2, at, 'search').output).toEqual({ answered: 'whoever has search' });
  expect(ask('plan', 3, at, 'payments').output).toEqual({ answered: 'desktop at once' });
  expect(lookup).toHaveBeenCalledTimes(2);
  expect(plan).toHaveBeenCalledTimes(1);
  ask('lookup', 4, '2026-11-21T12:00:01.000Z', 'payments');
  ask('lookup', 5, at, 'payments');
  expect(lookup).toHaveBeenCalledTimes(4);
});
