import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { entryDetail } from './timeline-words.ts';

const at = '2026-11-21T17:05:00.000Z';

function entry(change: Partial<TimelineEntry>): TimelineEntry {
  return {
    id: '00000000-0000-7000-8000-000000000001',
    version: 1,
    incidentId: '00000000-0000-7000-8000-000000000002',
    at,
    recordedAt: at,
    kind: 'status',
    source: 'person',
    actorId: null,
    actor: 'Mara',
    text: 'Mara acknowledged',
    detail: null,
    alertId: null,
    starred: false,
    ...change,
  };
}

describe('the second line of a timeline entry', () => {
  it('names the actor only where the first line does not', () => {
    expect(entryDetail(entry({}))).toBe('');
    expect(entryDetail(entry({ text: 'Mara renamed it: X', detail: 'Before: Y' }))).toBe('Before: Y');
    expect(entryDetail(entry({ kind: 'note', text: 'Seen in the log' }))).toBe('Mara');
    expect(entryDetail(entry({ kind: 'note', text: 'Maratech is down' }))).toBe('Mara');
  });

  it('says once when a note that was dated back was written', () => {
    const recordedAt = '2026-11-21T17:33:00.000Z';
    const detail = 'Dated by Mara, written 21 Nov 17:33 UTC';
    expect(entryDetail(entry({ kind: 'note', text: 'Seen', detail, recordedAt }))).toBe(detail);
    expect(entryDetail(entry({ recordedAt }))).toBe('entered 17:33 UTC');
    expect(entryDetail(entry({ recordedAt, source: 'rule', actor: 'Tocsin', text: 'Resolved' }))).toBe('Tocsin');
  });
});
