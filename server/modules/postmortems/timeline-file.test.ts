import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Markdown from 'react-markdown';
import { describe, expect, it } from 'vitest';
import type { ChangeEvent, TimelineEntry } from '#server/contract/incident.ts';
import { isChangeOf, laneOf, TimelineFile } from '#server/contract/timeline.ts';
import { createTimelineFiles } from '#server/modules/postmortems/timeline-file.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';

const nowMs = Date.parse('2026-11-21T13:00:00.000Z');
const reader = { userId: testId(601), teamIds: [] };
const incident = anIncident({ number: 42, title: 'Checkout # fails', services: ['Checkout'] });

function entry(n: number, fields: Partial<TimelineEntry> = {}): TimelineEntry {
  const at = new Date(nowMs - (60 - n) * 60_000).toISOString();
  return {
    id: testId(300 + n),
    version: 1,
    incidentId: incident.id,
    at,
    recordedAt: at,
    kind: 'note',
    source: 'person',
    actorId: null,
    actor: 'Mara',
    text: `note ${n}`,
    detail: null,
    alertId: null,
    starred: false,
    data: null,
    ...fields,
  };
}

const change: ChangeEvent = {
  id: testId(401),
  version: 1,
  at: new Date(nowMs - 59.5 * 60_000).toISOString(),
  title: 'payments *4.18* deployed',
  service: 'checkout',
  source: 'deploys',
  integrationId: testId(9),
  links: [],
};

function files(entries: TimelineEntry[], limit = 100) {
  return createTimelineFiles({
    clock: { now: () => nowMs },
    limit,
    sources: {
      incident: async () => incident,
      timeline: async (_reader, _id, most) => entries.slice(-most),
      changesOf: async () => [change],
    },
  });
}

describe('a timeline as a file', () => {
  it('is whole as JSON, and reads back', async () => {
    const file = await files([entry(1), entry(2, { data: { severity: { from: 'sev2', to: 'sev1' } } })]).json(
      reader,
      incident.id,
    );
    const read = TimelineFile.parse(JSON.parse(JSON.stringify(file)));
    expect(read).toMatchObject({ incident: { number: 42 }, cut: false, changes: [{ title: change.title }] });
    expect(read.entries[1]?.data).toEqual({ severity: { from: 'sev2', to: 'sev1' } });
  });

  it('says when it leaves the oldest out', async () => {
    const cut = files([entry(1), entry(2), entry(3)], 2);
    expect(await cut.json(reader, incident.id)).toMatchObject({ cut: true, entries: [entry(2), entry(3)] });
    expect(await cut.markdown(reader, incident.id)).toContain('Older events are left out');
  });

  it('keeps order, lanes, stars and decisions as Markdown', async () => {
    const text = await files([
      entry(0),
      entry(1, { kind: 'poll', source: 'system', text: 'No objection: roll back', data: { poll: 'carried' } }),
      entry(2, { kind: 'update', text: 'We roll back', starred: true, detail: 'Next update due' }),
    ]).markdown(reader, incident.id);
    expect(text.split('\n').filter((line) => line.startsWith('- 12:'))).toEqual([
      '- 12:00:00 People: Mara: note 0',
      '- 12:00:30 Changes: payments \\*4.18\\* deployed on checkout (deploys)',
      '- 12:01:00 People: **Decision.** No objection: roll back',
      '- 12:02:00 Comms: ★ Mara posted an update: We roll back\\',
    ]);
    expect(text).toMatch(/^# Timeline of INC-42: Checkout \\# fails\n/);
  });

  it('stays text, whatever people wrote', async () => {
    const hostile =
      '<img src=x onerror=alert(1)> [x](javascript:alert(1))\n# heading\n- item\n![p](https://evil.test/p.png)';
    const text = await files([entry(1, { text: hostile, actor: '**Eve**', detail: hostile })]).markdown(
      reader,
      incident.id,
    );
    const html = renderToStaticMarkup(createElement(Markdown, null, text));
    expect(html).not.toMatch(/<img|<a |href=/);
    expect(html.match(/<h[1-6]>/g)).toEqual(['<h1>', '<h2>']);
    expect(html).toContain('**Eve**');
  });

  it('is not there for who may not see the incident', async () => {
    const none = createTimelineFiles({
      clock: { now: () => nowMs },
      sources: { incident: async () => null, timeline: async () => [entry(1)], changesOf: async () => [] },
    });
    await expect(none.json(reader, incident.id)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('lanes', () => {
  it('put what was said to others apart from what people did', () => {
    expect(laneOf(entry(1))).toBe('people');
    expect(laneOf(entry(1, { data: { messageId: testId(1) } }))).toBe('comms');
    expect(laneOf(entry(1, { kind: 'page' }))).toBe('comms');
    expect(laneOf(entry(1, { kind: 'severity' }))).toBe('impact');
    expect(laneOf(entry(1, { kind: 'membership' }))).toBe('system');
  });

  it.each([
    ['its service, whatever the case', {}, true],
    ['another service', { service: 'search' }, false],
    ['no service', { service: null }, false],
    ['two hours before', { at: new Date(Date.parse(incident.startedAt) - 7_199_000).toISOString() }, true],
    ['longer before', { at: new Date(Date.parse(incident.startedAt) - 7_201_000).toISOString() }, false],
  ])('join a change by %s', (_name, fields, joined) => {
    expect(isChangeOf({ ...change, ...fields }, incident)).toBe(joined);
  });
});
