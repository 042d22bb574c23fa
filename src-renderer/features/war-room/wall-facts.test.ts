import { describe, expect, it } from 'vitest';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { shortName, stripsThatFit, wallElapsed, wallEntry, wallStrips, wallUpdate } from './wall-facts.ts';

const now = Date.parse('2026-11-21T14:32:10.000Z');
const incident = (n: number, severity: 'sev1' | 'sev2' | 'sev3') =>
  sampleIncident(`00000000-0000-7000-8000-00000000000${n}`, { severity, nextUpdateDueAt: '2026-11-21T14:38:00.000Z' });

describe('the wall', () => {
  it('gives severity 1 and 2 a strip each, at most three, and counts the rest', () => {
    const list = [
      incident(1, 'sev2'),
      incident(2, 'sev1'),
      incident(3, 'sev3'),
      incident(4, 'sev2'),
      incident(5, 'sev2'),
    ];
    const { shown, more, lesser } = wallStrips(list, 3);
    expect(shown.map((each) => each.severity)).toEqual(['sev1', 'sev2', 'sev2']);
    expect({ more, lesser }).toEqual({ more: 1, lesser: 1 });
  });

  it('shows fewer strips where type has to be larger, but never none', () => {
    expect(stripsThatFit(5.8, 4.7)).toBe(3);
    expect(stripsThatFit(9, 7.2)).toBe(2);
    expect(stripsThatFit(20, 16)).toBe(1);
  });

  it('counts down while it is live, and says clock times when it is not', () => {
    expect(wallUpdate(incident(1, 'sev1'), now, true)).toEqual({ overdue: false, text: '05:50' });
    expect(wallUpdate(incident(1, 'sev1'), now, false)).toEqual({ overdue: false, text: 'due 14:38' });
    expect(wallUpdate(incident(1, 'sev1'), now + 484_000, true)).toEqual({ overdue: true, text: 'OVERDUE +02:14' });
    expect(wallUpdate(incident(1, 'sev1'), now + 484_000, false)).toEqual({ overdue: true, text: 'was due 14:38' });
    expect(wallElapsed(incident(1, 'sev1'), now, true)).toBe('0:23:58');
    expect(wallElapsed(incident(1, 'sev1'), now, false)).toBe('since 14:08');
  });

  it('shows neither names nor notes unless allowed', () => {
    const entry = {
      id: 'x',
      version: 1,
      incidentId: 'i',
      at: '',
      recordedAt: '',
      actorId: null,
      detail: null,
      alertId: null,
      starred: false,
      kind: 'status' as const,
      source: 'person' as const,
      actor: 'Mara Lindqvist',
      text: 'Mara Lindqvist acknowledged',
    };
    expect(wallEntry(entry, false)).toBe('Somebody acknowledged');
    expect(wallEntry({ ...entry, kind: 'note' }, false)).toBeNull();
    expect(wallEntry(entry, true)).toBe('Mara Lindqvist acknowledged');
    expect(shortName('Mara Lindqvist')).toBe('Mara L.');
  });
});
