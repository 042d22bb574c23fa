import { describe, expect, it } from 'vitest';
import { absorbWords, defaultFilter, emptyFilter, filterChips, sameFilter, toggleFacet } from './alert-filter.ts';
import { alertIdsOf, flattenBlocks, groupAlerts } from './alert-groups.ts';
import { sampleAlert } from './sample-alerts.ts';
import { conditionsFor, joinConditions } from './silence-matcher.ts';

const incident = '018f0000-0000-7000-8000-0000000000f1';

describe('groups', () => {
  const blocks = groupAlerts([
    sampleAlert(0, { incidentId: incident, severity: 'sev2', count: 3, service: 'a' }),
    sampleAlert(1, { severity: 'info' }),
    sampleAlert(2, { incidentId: incident, severity: 'sev1', count: 4, service: 'b', acknowledged: true }),
  ]);

  it('stand where their first alert stood, with the worst severity and the summed count', () => {
    expect(blocks.map((block) => block.kind)).toEqual(['group', 'alone']);
    const [block] = blocks;
    if (block?.kind !== 'group') throw new Error('expected a group');
    expect(block.group).toMatchObject({ severity: 'sev1', count: 7, services: ['a', 'b'], acknowledged: false });
  });

  it('open and close, and a closed group still stands for all its alerts', () => {
    expect(flattenBlocks(blocks, new Set(), true)).toHaveLength(4);
    const closed = flattenBlocks(blocks, new Set([incident]), true);
    expect(closed).toHaveLength(2);
    expect(closed.flatMap(alertIdsOf)).toHaveLength(3);
    expect(flattenBlocks(blocks, new Set([incident]), false)).toHaveLength(4);
  });
});

describe('filter words', () => {
  it('become facets where they name one, and stay text where they do not', () => {
    const filter = absorbWords({ ...emptyFilter, text: 'service:payments slow sev:1 state:silenced http://x foo:bar' });
    expect(filter).toMatchObject({
      text: 'slow http://x foo:bar',
      services: ['payments'],
      severities: ['sev1'],
      marks: ['suppressed'],
    });
  });

  it('come back as chips, each of which takes away only itself', () => {
    const filter = { ...defaultFilter, severities: ['sev1' as const, 'sev2' as const], services: [''] };
    const chips = filterChips(filter, () => 'INC-1');
    expect(chips.map((chip) => `${chip.name}: ${chip.value}`)).toEqual([
      'severity: 1 critical',
      'severity: 2 high',
      'state: firing',
      'service: none',
    ]);
    expect(chips[0]?.without).toEqual({ ...filter, severities: ['sev2'] });
  });

  it('compare by meaning, not by order', () => {
    const a = toggleFacet(toggleFacet(emptyFilter, 'services', 'a'), 'services', 'b');
    const b = toggleFacet(toggleFacet(emptyFilter, 'services', 'b'), 'services', 'a');
    expect(sameFilter(a, b)).toBe(true);
    expect(sameFilter(a, emptyFilter)).toBe(false);
  });
});

describe('silence matcher', () => {
  const suggested = (alerts: Parameters<typeof conditionsFor>[0]): string => {
    const conditions = conditionsFor(alerts);
    return joinConditions(conditions, new Set(conditions.filter((one) => one.suggested).map((one) => one.name)));
  };

  it('names what the selection shares', () => {
    const one = {
      title: 'DiskFull',
      service: 'db',
      source: 'grafana',
      labels: { alertname: 'DiskFull', env: 'prod', pod: 'x' },
    };
    expect(suggested([one])).toBe('alert.title == "DiskFull" && alert.service == "db" && alert.labels.env == "prod"');
    expect(suggested([one, { ...one, title: 'DiskSlow', labels: {} }])).toBe(
      'alert.title in ["DiskFull", "DiskSlow"] && alert.service == "db"',
    );
  });

  it('quotes what would otherwise end the string or the path', () => {
    const odd = { title: 'say "hi"\\\n', service: null, source: 's', labels: { 'a.b"c': 'd' } };
    const expressions = conditionsFor([odd]).map((condition) => condition.expression);
    expect(expressions).toContain('alert.title == "say \\"hi\\"\\\\\\n"');
    expect(expressions).toContain('alert.labels["a.b\\"c"] == "d"');
  });

  it('always suggests something', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ title: `t${i}`, service: `s${i}`, source: 's', labels: {} }));
    expect(suggested(many)).toBe('alert.source == "s"');
  });
});
