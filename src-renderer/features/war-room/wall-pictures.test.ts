import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { sampleAlert, sampleIncident } from '../../testkit/sample-rows.ts';
import { newest, timelineTail } from './wall-pictures.ts';

const shown = [sampleIncident('i', { severity: 'sev1', services: ['checkout'] })];
const at = (minute: number) => `2026-11-21T14:${String(minute).padStart(2, '0')}:00.000Z`;
const entry = (n: number, change: Partial<TimelineEntry> = {}): TimelineEntry => ({
  id: `e${n}`,
  version: 1,
  incidentId: 'i',
  at: at(n),
  recordedAt: at(n),
  actorId: null,
  actor: '',
  text: `text ${n}`,
  detail: null,
  alertId: null,
  starred: false,
  kind: 'status',
  source: 'person',
  ...change,
});

describe('the end of the timeline', () => {
  it('is the newest entries of the incidents shown, newest first', () => {
    const entries = [entry(3), entry(1), entry(9, { incidentId: 'other' }), entry(2), entry(4, { kind: 'note' })];
    const tail = timelineTail(entries, shown, ({ kind, text }) => (kind === 'note' ? null : text));
    expect(tail.map(({ text }) => text)).toEqual(['text 3', 'text 2', 'text 1']);
    expect(tail[0]?.severity).toBe('sev1');
    const many = Array.from({ length: 59 }, (_, n) => entry((n * 37) % 59));
    const kept = timelineTail(many, shown, ({ text }) => text);
    expect(kept).toHaveLength(40);
    expect(kept.map((line) => line.at)).toEqual(
      kept
        .map((line) => line.at)
        .toSorted()
        .toReversed(),
    );
    expect(kept[0]?.at).toBe(at(58));
  });
});

describe('what is new', () => {
  it('is in the picture that shows it, and of what is on the wall alone', () => {
    const entries = [
      entry(1, { kind: 'declared' }),
      entry(2),
      entry(3, { kind: 'note' }),
      entry(9, { incidentId: 'o' }),
    ];
    const alerts = [
      sampleAlert('1', { severity: 'sev2', firstSeenAt: at(5) }),
      sampleAlert('2', { severity: 'sev3', firstSeenAt: at(8) }),
      sampleAlert('3', { severity: 'sev1', firstSeenAt: at(8), status: 'resolved' }),
    ];
    const change = { id: 'c', version: 1, title: 'x', source: 's', integrationId: 'n', links: [] };
    const changes = [
      { ...change, at: at(6), service: 'checkout' },
      { ...change, at: at(7), service: 'mail' },
    ];
    const events = (there: ('map' | 'timeline')[]) =>
      Object.fromEntries(newest(shown, entries, alerts, changes, new Set(there)).map((one) => [one.picture, one.at]));
    const ms = (minute: number) => Date.parse(at(minute));
    expect(events(['map'])).toEqual({ map: ms(1), timeline: ms(2), alerts: ms(5), changes: ms(6) });
    expect(events([])).toEqual({ timeline: ms(2), alerts: ms(5), changes: ms(6) });
  });
});
