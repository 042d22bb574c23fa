import { describe, expect, it } from 'vitest';
import type { ConfigPlan, PlannedChange } from '#server/contract/config.ts';
import { canApply, lineDiff, planWords, shownChanges } from './plan-words.ts';

const change = (op: PlannedChange['op'], name: string): PlannedChange => ({
  op,
  kind: 'policy',
  name,
  id: null,
  fields: [],
  findings: [],
});
const plan = (changes: PlannedChange[], errors: ConfigPlan['errors'] = []): ConfigPlan => ({
  changes,
  errors,
  unmapped: [],
  basis: 'x',
});

describe('a plan', () => {
  const changes = [change('create', 'a'), change('unchanged', 'b'), change('delete', 'c'), change('update', 'd')];

  it('counts what changes, and shows what is deleted first', () => {
    expect(planWords({ changes })).toBe('1 new, 1 changed, 1 deleted; 1 stays as it is.');
    expect(shownChanges(changes).map(({ name }) => name)).toEqual(['c', 'd', 'a']);
    expect(planWords({ changes: [change('unchanged', 'b')] })).toBe('Nothing would change; 1 stays as it is.');
  });

  it('cannot be applied with an error in it, or without a change', () => {
    expect(canApply(plan(changes))).toBeNull();
    expect(canApply(plan(changes, [{ path: 'a', reason: 'b' }]))).toContain('errors');
    expect(canApply(plan([change('unchanged', 'b')]))).toContain('nothing');
  });
});

describe('the difference of two values', () => {
  it('shows what goes and what comes, with two lines around it', () => {
    const before = 'a\nb\nc\nd\ne\nf\n';
    const after = 'a\nb\nc\nX\nY\ne\nf\n';
    expect(lineDiff(before, after).map(({ mark, text }) => mark + text)).toEqual([
      ' b',
      ' c',
      '-d',
      '+X',
      '+Y',
      ' e',
      ' f',
    ]);
  });

  it('takes a missing side for empty', () => {
    expect(lineDiff(null, 'x')).toEqual([{ mark: '+', text: 'x' }]);
    expect(lineDiff('x', null)).toEqual([{ mark: '-', text: 'x' }]);
    expect(lineDiff('x', 'x').some(({ mark }) => mark !== ' ')).toBe(false);
  });
});
