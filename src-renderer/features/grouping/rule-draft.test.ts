import { describe, expect, it } from 'vitest';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { checkForm, formOf } from './rule-draft.ts';

const rule: GroupingRule = {
  id: '018f0000-0000-7000-8000-000000000001',
  version: 3,
  position: 0,
  builtIn: false,
  updatedBy: null,
  updatedAt: '2026-11-21T14:00:00.000Z',
  name: 'By service',
  enabled: true,
  condition: 'true',
  keys: ['service'],
  windowSeconds: 90,
  minimumCount: 2,
  titleTemplate: '{{title}}',
  severityMap: { info: 'sev3' },
  resolvePolicy: 'all',
  reopenSeconds: 0,
};

describe('a rule in its form', () => {
  it('comes back as it went in', () => {
    const { draft, errors } = checkForm(formOf(rule));
    expect(errors).toEqual({});
    const { id: _i, version: _v, position: _p, builtIn: _b, updatedBy: _u, updatedAt: _a, ...expected } = rule;
    expect(draft).toEqual(expected);
  });

  it('names each field that is wrong', () => {
    const form = { ...formOf(null), window: 'soon', reopen: '9 d', minimum: '0', condition: ' ', titleTemplate: '' };
    expect(Object.keys(checkForm(form).errors).toSorted()).toEqual([
      'condition',
      'minimum',
      'name',
      'reopen',
      'titleTemplate',
      'window',
    ]);
    expect(checkForm(form).draft).toBeNull();
  });

  it('refuses what the contract refuses', () => {
    const { draft, errors } = checkForm({ ...formOf(rule), keys: Array.from({ length: 11 }, (_, i) => `k${i}`) });
    expect(draft).toBeNull();
    expect(errors.keys).toBeDefined();
  });
});
