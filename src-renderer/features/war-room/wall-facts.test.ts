import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { sampleAsks } from '../../testkit/sample-console.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import {
  severeOf,
  shortName,
  wallAsks,
  wallCommander,
  wallElapsed,
  wallEntry,
  wallUpdate,
  withoutNames,
} from './wall-facts.ts';

const now = Date.parse('2026-11-21T14:32:10.000Z');
const incident = (n: number, severity: 'sev1' | 'sev2' | 'sev3') =>
  sampleIncident(`00000000-0000-7000-8000-00000000000${n}`, { severity, nextUpdateDueAt: '2026-11-21T14:38:00.000Z' });

describe('the wall', () => {
  it('puts severity 1 and 2 first and counts the rest', () => {
    const list = [incident(1, 'sev2'), incident(2, 'sev1'), incident(3, 'sev3'), incident(4, 'sev2')];
    const { severe, lesser } = severeOf(list);
    expect(severe.map((each) => each.severity)).toEqual(['sev1', 'sev2', 'sev2']);
    expect(lesser).toBe(1);
  });

  it('counts down while it is live, and says clock times when it is not', () => {
    const one = incident(1, 'sev1');
    expect(wallUpdate(one, now, true)).toEqual({ kind: 'due', label: 'update in', value: '05:50' });
    expect(wallUpdate(one, now, false)).toEqual({ kind: 'due', label: 'update due', value: '14:38' });
    expect(wallUpdate(one, now + 484_000, true)).toEqual({ kind: 'overdue', label: 'update', value: 'OVERDUE +02:14' });
    expect(wallUpdate(one, now + 350_000 + 99 * 60_000, true).value).toBe('OVERDUE +99:00');
    expect(wallUpdate(one, now + 350_000 + 26 * 3_600_000, true).value).toBe('OVERDUE +26 h');
    expect(wallUpdate(one, now + 484_000, false)).toEqual({
      kind: 'overdue',
      label: '',
      value: 'update was due 14:38',
    });
    expect(wallElapsed(one, now, true)).toBe('0:23:58');
    expect(wallElapsed(one, now, false)).toBe('since 14:08');
  });

  it('counts asks that are late, and says how late the latest is', () => {
    const at = (minutes: number, seconds = 0) => new Date(now - (minutes * 60 + seconds) * 1_000).toISOString();
    const asks = sampleAsks(at, (minutes, seconds = 0) => at(-minutes, -seconds));
    expect(wallAsks(asks, now, true)).toEqual({ overdue: true, text: '1 ask overdue 03:00' });
    expect(wallAsks(asks, now, false)).toEqual({ overdue: true, text: '1 ask was overdue' });
    expect(wallAsks(asks, now + 300_000, true).text).toBe('2 asks overdue 08:00');
    expect(wallAsks(asks, now + 80 * 60_000, true).text).toBe('2 asks overdue 83:00');
    expect(wallAsks(asks, now + 97 * 60_000, true).text).toBe('2 asks overdue 1 h');
    expect(wallAsks(asks, now + 50 * 3_600_000, true).text).toBe('2 asks overdue 2 d');
    expect(wallAsks([], now, true)).toEqual({ overdue: false, text: 'no ask overdue' });
    expect(wallAsks([], now, false).text).toBe('no ask was overdue');
  });

  it('names the commander by a short name, and only where names are allowed', () => {
    const roles = [{ role: 'commander', userId: 'u', since: '2026-11-21T14:13:00.000Z', offer: null }];
    const one = sampleIncident('1', { roles });
    expect(wallCommander(one, () => 'Mara Lindqvist', true)).toEqual({ who: 'Mara L.', since: '14:13' });
    expect(wallCommander(one, () => 'Mara Lindqvist', false)).toEqual({ who: 'Commander', since: '14:13' });
    expect(wallCommander(sampleIncident('1', { roles: [] }), () => '', true).who).toBe('No commander');
    expect(shortName('Mara Lindqvist')).toBe('Mara L.');
  });
});

describe('without leave the wall', () => {
  const redact = withoutNames(['Mara Lindqvist', 'Will O’Neil', 'Lucía Ferrer']);
  const entry = (kind: TimelineEntry['kind'], text: string): TimelineEntry => ({
    id: 'x',
    version: 1,
    incidentId: 'i',
    at: '',
    recordedAt: '',
    actorId: null,
    detail: null,
    alertId: null,
    starred: false,
    kind,
    source: 'person',
    actor: 'Mara Lindqvist',
    text,
  });

  it('says nobody’s name, whoever did it, whoever it was done to', () => {
    const text = (of: TimelineEntry) => wallEntry(of, false, redact);
    expect(text(entry('status', 'Mara Lindqvist acknowledged'))).toBe('Somebody acknowledged');
    expect(text(entry('page', 'Paged Lucía Ferrer, then Will O’Neil'))).toBe('Paged Somebody, then Somebody');
    expect(text(entry('update', 'Mara says it will hold'))).toBe('Somebody says it will hold');
    expect(text(entry('role', 'Offered the role scribe to Mara Lindqvist'))).toBe('A role changed hands');
    for (const kind of ['note', 'task', 'ask', 'poll', 'responder'] as const) expect(text(entry(kind, 'x'))).toBe(null);
  });

  it('and with it everything', () => {
    expect(wallEntry(entry('note', 'Mara Lindqvist sees 288 sessions'), true, redact)).toBe(
      'Mara Lindqvist sees 288 sessions',
    );
  });
});
