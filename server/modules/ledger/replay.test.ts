import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '#server/modules/ledger/canonical-json.ts';
import { addReport, replay } from '#server/modules/ledger/replay.ts';
import type { StoredEntry } from '#server/modules/ledger/store.ts';
import { createTrace, type DecisionTable } from '#server/modules/ledger/trace.ts';
import { testId } from '#server/testkit/incidents.ts';

interface Doc {
  $document: string;
  kind: string;
  draft: { steps: number[] };
}
interface Input {
  policy: Doc;
  all: { $documents: string; items: Doc[] };
  labels: Record<string, string>;
  at: string;
}
const policy: Doc = { $document: `policy/${testId(1)}@3`, kind: 'policy', draft: { steps: [1, 2] } };
const all = { $documents: 'policy@41', items: [policy] };

const table = {
  step: (input: Input) => ({
    steps: input.policy.draft.steps.length,
    names: Object.keys(input.labels).toSorted(),
    count: input.all.items.length,
    at: input.at,
  }),
} as unknown as DecisionTable;

function record(labels: Record<string, string>, decisions = table): StoredEntry[] {
  const trace = createTrace({
    decisions,
    incidentId: testId(7),
    at: '2026-11-21T12:00:00.000Z',
    newId: () => testId(9),
  });
  trace.decide('step', { policy, all, labels, at: 'x' } as never, () => ({ title: 't', detail: 'd' }));
  trace.observe('attempt', { body: 'nonsense' }, { title: 't', detail: 'd' });
  return trace.entries.map((entry, place) => ({ ...entry, sequence: place + 1 }));
}
const history = {
  documents: async (refs: readonly string[]) =>
    new Map<string, unknown>(refs.filter((ref) => ref === policy.$document).map((ref) => [ref, policy])),
  lists: async (refs: readonly string[]) =>
    new Map<string, unknown>(refs.filter((ref) => ref === all.$documents).map((ref) => [ref, all])),
};

describe('replay', () => {
  it('reaches the same decision bit for bit, from references alone', async () => {
    const entries = record({ env: 'prod' });
    expect(entries[0]?.input).not.toContain('steps');
    expect(await replay(entries, table, history)).toEqual({
      entries: 2,
      same: 1,
      observations: 1,
      documents: 2,
      different: [],
      missing: [],
      truncated: false,
    });
  });

  it('does so whatever the labels are called', () =>
    fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.oneof(fc.string(), fc.constantFrom('$document', '$documents', '$$document', '__proto__', 'draft', '1')),
          fc.string(),
        ),
        async (labels) => {
          const report = await replay(record(labels), table, history);
          expect(report).toMatchObject({ same: 1, different: [], missing: [] });
        },
      ),
    ));

  it('shows what is decided otherwise now, with both texts', async () => {
    const now = { step: () => ({ steps: 0 }) } as unknown as DecisionTable;
    const report = await replay(record({}), now, history);
    expect(report.same).toBe(0);
    expect(report.different).toEqual([
      { sequence: 1, kind: 'step', expected: expect.stringContaining('"steps":2'), got: '{"steps":0}' },
    ]);
  });

  it('names a decision that fails now', async () => {
    const now = {
      step: () => {
        throw new Error('no such step');
      },
    } as unknown as DecisionTable;
    expect((await replay(record({}), now, history)).different[0]?.got).toBe('It failed: no such step');
  });

  it('names references that nothing is stored for, instead of deciding without them', async () => {
    const none = { documents: async () => new Map(), lists: async () => new Map() };
    const report = await replay(record({}), table, none);
    expect(report).toMatchObject({ same: 0, different: [] });
    expect(report.missing).toEqual([
      { reference: all.$documents, sequences: [1] },
      { reference: policy.$document, sequences: [1] },
    ]);
  });
});

describe('canonicalJson', () => {
  it('gives equal values equal texts, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ c: 2, d: 1 }] }));
  });

  it('keeps a label that is called like a reference', () => {
    expect(canonicalJson({ labels: { $document: 'x', env: 'prod' } })).toBe(
      '{"labels":{"$$document":"x","env":"prod"}}',
    );
  });
});

it('reports of parts add up, and one that leaves out a difference says so', () => {
  const part = (differences: number) => ({
    entries: 200,
    same: 200 - differences,
    observations: 0,
    documents: 1,
    different: Array.from({ length: differences }, (_, sequence) => ({
      sequence,
      kind: 'step',
      expected: '',
      got: 'x',
    })),
    missing: [{ reference: 'policy/1@3', sequences: [1] }],
    truncated: false,
  });
  const total = part(60);
  addReport(total, part(40));
  expect(total).toMatchObject({ entries: 400, same: 300, documents: 2, truncated: false });
  expect(total.missing).toEqual([{ reference: 'policy/1@3', sequences: [1, 1] }]);
  addReport(total, part(1));
  expect([total.different.length, total.truncated]).toEqual([100, true]);
});
