import { describe, expect, it } from 'vitest';
import { severityRank } from '#server/contract/severity.ts';
import { absorbWords, defaultFilter, emptyFilter, filterChips, sameFilter, toggleFacet } from './alert-filter.ts';
import { factsOf, groupAlerts, isGroup } from './alert-groups.ts';
import { alertIdsOf, type AlertRowList, flatRows, groupedRows } from './alert-rows.ts';
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
    expect(blocks.map(isGroup)).toEqual([true, false]);
    const [facts] = blocks.filter(isGroup).map(factsOf);
    expect(facts).toMatchObject({ severity: 'sev1', count: 7, services: ['a', 'b'], acknowledged: false });
  });

  it('say when the first of their alerts began and when the last of them was heard', () => {
    const at = (minute: number) => `2026-11-22T05:${String(minute).padStart(2, '0')}:00.000Z`;
    const groups = groupAlerts(
      [5, 3, 9].map((minute, i) =>
        sampleAlert(i, { incidentId: 'i1', firstSeenAt: at(minute), lastSeenAt: at(minute + 20) }),
      ),
    );
    expect(groups.filter(isGroup).map(factsOf)).toMatchObject([{ firstSeenAt: at(3), lastSeenAt: at(29) }]);
  });

  it('say of their alerts what asking each in turn says', () => {
    const alerts = Array.from({ length: 60 }, (_, i) =>
      sampleAlert((i * 37) % 60, { incidentId: `i${i % 7}`, acknowledged: i % 7 < 3, suppressed: i % 5 === 0 }),
    );
    const groups = groupAlerts(alerts).filter(isGroup);
    expect(groups).toHaveLength(7);
    for (const group of groups) {
      const own = alerts.filter(({ incidentId }) => incidentId === group.incidentId);
      expect(group.alerts).toEqual(own);
      expect(factsOf(group)).toEqual({
        severity: own.map(({ severity }) => severity).toSorted((a, b) => severityRank(a) - severityRank(b))[0],
        count: own.reduce((sum, { count }) => sum + count, 0),
        services: [...new Set(own.map(({ service }) => service))],
        firstSeenAt: own.map(({ firstSeenAt }) => firstSeenAt).toSorted()[0],
        lastSeenAt: own
          .map(({ lastSeenAt }) => lastSeenAt)
          .toSorted()
          .at(-1),
        acknowledged: own.every(({ acknowledged }) => acknowledged),
        suppressed: own.every(({ suppressed }) => suppressed),
      });
      // Asked again, it is the same answer and not a second pass.
      expect(factsOf(group)).toBe(factsOf(group));
    }
  });

  it('open and close, and a closed group still stands for all its alerts', () => {
    expect(listed(groupedRows(blocks, new Set(), true)).map(({ kind }) => kind)).toEqual([
      'group',
      'alert',
      'alert',
      'alert',
    ]);
    const closed = listed(groupedRows(blocks, new Set([incident]), true));
    expect(closed).toHaveLength(2);
    expect(closed.flatMap(alertIdsOf)).toHaveLength(3);
    expect(groupedRows(blocks, new Set([incident]), false)).toHaveLength(4);
  });
});

describe('rows', () => {
  const alerts = [0, 1, 2].map((i) => sampleAlert(i, i === 1 ? {} : { incidentId: incident }));
  const [first = '', alone = '', last = ''] = alerts.map(({ id }) => id);
  const rows = groupedRows(groupAlerts(alerts), new Set(), true);

  it('are found by their id, groups as well, and not where there is none', () => {
    expect([incident, first, last, alone].map((id) => rows.indexOf(id))).toEqual([0, 1, 2, 3]);
    expect([rows.indexOf('gone'), rows.indexOf(null)]).toEqual([-1, -1]);
    expect(rows.at(-1)).toBeUndefined();
    expect(rows.at(2)).toMatchObject({ kind: 'alert', id: last, inGroup: true });
    expect(flatRows(alerts).at(2)).toMatchObject({ kind: 'alert', id: last, inGroup: false });
  });

  it('are stepped through and counted without their groups', () => {
    expect(rows.placeOf(alone)).toEqual({ at: 3, of: 3 });
    expect(rows.placeOf(incident)).toBeNull();
    expect(rows.nextAlert(last, 1)?.id).toBe(alone);
    expect(rows.nextAlert(alone, 1)).toBeUndefined();
  });
});

function listed(rows: AlertRowList) {
  return Array.from({ length: rows.length }, (_, i) => rows.at(i)).flatMap((row) => row ?? []);
}

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
