import { describe, expect, it } from 'vitest';
import type { Monitor, Route } from '#server/contract/route.ts';
import { checkRoute, newRoute, routeDraftOf, routeFormOf, routesInOrder } from './route-draft.ts';
import { inhibitionWords, monitorState, monitorWords, routeWords } from './route-words.ts';

const names = { policy: (id: string) => (id === 'p' ? 'payments-critical' : null), channel: () => 'ops' };

describe('a route being edited', () => {
  it('goes to a draft and back without loss', () => {
    const route = { ...newRoute, name: 'Payments', holdSeconds: 120, id: 'r', position: 0, builtIn: false } as Route;
    const { draft, errors } = checkRoute(routeFormOf(route));
    expect(errors).toEqual({});
    expect(draft).toEqual(routeDraftOf(route));
  });

  it('says at each field what does not hold up', () => {
    const { draft, errors } = checkRoute({ ...routeFormOf(null), name: ' ', condition: '', hold: '2 h' });
    expect(draft).toBeNull();
    expect(Object.keys(errors).toSorted()).toEqual(['condition', 'hold', 'name']);
  });

  it('keeps the catch-all last, whatever its position says', () => {
    const route = (id: string, position: number, builtIn = false) => ({ id, position, builtIn }) as Route;
    expect(routesInOrder([route('all', 0, true), route('b', 2), route('a', 1)]).map(({ id }) => id)).toEqual([
      'a',
      'b',
      'all',
    ]);
  });
});

describe('routing in sentences', () => {
  it('says plainly when nobody is paged', () => {
    expect(routeWords(newRoute, true, names)).toMatch(/^What no route above takes pages nobody/);
    expect(routeWords({ ...newRoute, policyId: 'gone' }, false, names)).toContain('nobody');
    expect(routeWords({ ...newRoute, policyId: 'p', holdSeconds: 30, channelIds: ['c'] }, false, names)).toBe(
      'An incident that fits the condition pages with payments-critical, severity 1 and 2 as important after 30 s. ops is told as it goes on.',
    );
  });

  it('says what holds what, and when silence is an alert', () => {
    expect(inhibitionWords({ name: 'x', enabled: true, cause: 'true', symptom: 'true', equal: ['service'] })).toContain(
      'the same service',
    );
    const monitor = {
      name: 'Backup',
      enabled: true,
      severity: 'sev2' as const,
      service: 'db',
      intervalSeconds: 3_600,
      graceSeconds: 600,
      labels: {},
    };
    expect(monitorWords(monitor)).toContain('70 min after the last one, silence is a severity 2 alert on db');
  });

  it('never calls a monitor healthy whose beat is overdue by what is known here', () => {
    const monitor = { status: 'healthy', dueAt: '2026-11-21T14:00:00.000Z' } as Monitor;
    const at = Date.parse('2026-11-21T14:00:30.000Z');
    expect(monitorState(monitor, at).mark).toBe('ok');
    expect(monitorState(monitor, at + 120_000).mark).toBe('unknown');
    expect(monitorState({ ...monitor, status: 'missed' }, at).mark).toBe('failed');
  });
});
