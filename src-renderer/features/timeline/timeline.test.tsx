import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '#server/contract/incident.ts';
import { lanes } from '#server/contract/timeline.ts';
import { sampleIncident } from '../../testkit/sample-rows.ts';
import { manyEvents } from '../../testkit/sample-timeline.ts';
import { eachBin, firstFrom } from './bins.ts';
import { EventPane } from './event-pane.tsx';
import { eventOfChange, eventOfEntry, inOrder, type TimelineEvent } from './events.ts';
import { cadenceOf, cadenceShare, quietGaps } from './gaps.ts';
import { impactOf } from './impact.ts';
import { laneAt, layoutOf, fullSize, msOf, xOf } from './lane-layout.ts';
import { cadenceWords, gapWords, lanesLabel } from './lane-words.ts';
import { lastIncident } from './last-incident.ts';
import { rowFrom, rowsOf } from './rows.ts';
import { createStage } from './stage.ts';
import { choicesOf, noFilter } from './timeline-filter.ts';
import { byLane, createTimelineIndex, decisionMark, starredMark } from './timeline-index.ts';
import { axisTicks, between, fit, panned, showing, zoomed } from './viewport.ts';

const startMs = Date.parse('2026-11-21T14:00:00.000Z');
const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString();
const ms = (minutes: number) => startMs + minutes * 60_000;
const incident = sampleIncident('i', { startedAt: at(0), severity: 'sev1' });

let made = 0;
function event(minutes: number, fields: Partial<TimelineEntry> = {}): TimelineEvent {
  made += 1;
  return eventOfEntry({
    id: `e${String(made).padStart(4, '0')}`,
    version: 1,
    incidentId: 'i',
    at: at(minutes),
    recordedAt: at(minutes),
    kind: 'note',
    source: 'person',
    actorId: null,
    actor: 'Mara',
    text: 'a note',
    detail: null,
    alertId: null,
    starred: false,
    data: null,
    ...fields,
  });
}

const severity = (minutes: number, from: 'sev1' | 'sev2' | 'sev3', to: 'sev1' | 'sev2' | 'sev3') =>
  event(minutes, { kind: 'severity', data: { severity: { from, to } } });
const status = (minutes: number, from: 'triggered' | 'resolved', to: 'acknowledged' | 'resolved' | 'triggered') =>
  event(minutes, { kind: 'status', data: { status: { from, to } } });

describe('impact', () => {
  it('follows severity and status as the entries say them', () => {
    const events = [severity(10, 'sev2', 'sev1'), status(5, 'triggered', 'acknowledged')].toSorted(inOrder);
    expect(impactOf(incident, events, ms(20))).toEqual([
      { fromMs: ms(0), toMs: ms(5), severity: 'sev2', status: 'triggered', open: false },
      { fromMs: ms(5), toMs: ms(10), severity: 'sev2', status: 'acknowledged', open: false },
      { fromMs: ms(10), toMs: ms(20), severity: 'sev1', status: 'acknowledged', open: true },
    ]);
  });

  it('does not know what entries of before only said in words, but for how it is now', () => {
    const worded = event(10, { kind: 'severity', text: 'Mara set the severity from 3 to 2' });
    const last = event(20, { kind: 'severity', text: 'Mara set the severity from 2 to 1' });
    expect(impactOf(incident, [worded, last], ms(30)).map((span) => span.severity)).toEqual([null, null, 'sev1']);
  });

  it('has a hole where it was resolved, and goes on when it is opened again', () => {
    const events = [status(10, 'triggered', 'resolved'), status(30, 'resolved', 'triggered')];
    expect(impactOf(incident, events, ms(40)).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual([
      [ms(0), ms(10)],
      [ms(30), ms(40)],
    ]);
  });

  it('takes the incident’s own times where no entry has them', () => {
    const old = sampleIncident('i', { startedAt: at(0), acknowledgedAt: at(4), resolvedAt: at(9), status: 'resolved' });
    expect(impactOf(old, [], ms(60)).map((span) => [span.status, span.toMs])).toEqual([
      ['triggered', ms(4)],
      ['acknowledged', ms(9)],
    ]);
  });
});

describe('gaps', () => {
  const impact = impactOf(incident, [], ms(60));

  it('are where nobody wrote for longer than the time between updates', () => {
    const events = [event(5), event(27), event(30, { source: 'system' }), event(40)];
    expect(quietGaps(events, impact, ms(60))).toEqual([
      { kind: 'quiet', fromMs: ms(5), toMs: ms(27), open: false },
      { kind: 'quiet', fromMs: ms(40), toMs: ms(60), open: true },
    ]);
    expect(gapWords({ kind: 'quiet', fromMs: ms(5), toMs: ms(27), open: false })).toBe('Nobody wrote for 22 min');
  });

  it('the cadence counts each update that was due, by its severity or by what the one before promised', () => {
    const events = [
      event(14, { kind: 'update' }),
      event(35, { kind: 'update', data: { nextUpdateDueAt: at(65) } }),
      event(60, { kind: 'update', data: { nextUpdateDueAt: null } }),
    ];
    const cadence = cadenceOf({ nextUpdateDueAt: null }, events, impactOf(incident, [], ms(90)), ms(90));
    expect(cadence).toMatchObject({ due: 3, kept: 2, late: [{ fromMs: ms(29), toMs: ms(35), open: false }] });
    expect(Math.round((cadenceShare(cadence) ?? 0) * 100)).toBe(67);
    expect(cadenceWords(cadence)).toBe('2 of 3 updates in time, 67 %');
  });

  it('one that is overdue now is late already', () => {
    const cadence = cadenceOf({ nextUpdateDueAt: at(15) }, [], impact, ms(60));
    expect(cadence).toMatchObject({ due: 1, kept: 0, late: [{ fromMs: ms(15), toMs: ms(60), open: true }] });
  });

  it('a severity that asks for more is no lateness of before', () => {
    const low = sampleIncident('i', { startedAt: at(0), severity: 'sev1' });
    const events = [severity(40, 'sev3', 'sev1'), event(45, { kind: 'update' })];
    const spans = impactOf(low, events, ms(50));
    expect(cadenceOf({ nextUpdateDueAt: at(60) }, events, spans, ms(50))).toMatchObject({ due: 1, kept: 0 });
    expect(cadenceOf({ nextUpdateDueAt: at(60) }, [events[0]!], spans, ms(39))).toMatchObject({ due: 0 });
  });

  it('of an incident without a cadence nothing was due', () => {
    const info = sampleIncident('i', { startedAt: at(0), severity: 'info' });
    const cadence = cadenceOf({ nextUpdateDueAt: null }, [], impactOf(info, [], ms(90)), ms(90));
    expect(cadenceWords(cadence)).toBe('No update was due yet');
  });
});

describe('the index', () => {
  const entries = fc.array(fc.record({ minute: fc.integer({ min: 0, max: 9 }), id: fc.integer({ min: 0, max: 12 }) }), {
    maxLength: 40,
  });

  it('is in the same order however its events arrived, and holds each once', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 6 }), (puts, removed) => {
        const index = createTimelineIndex();
        const expected = new Map<string, TimelineEvent>();
        for (const { minute, id } of puts) {
          const next = event(minute, { id: `x${id}` });
          index.put(next);
          expected.set(next.id, next);
        }
        for (const id of removed) {
          expect(index.remove(`x${id}`)).toBe(expected.delete(`x${id}`));
        }
        expect(index.all()).toEqual([...expected.values()].toSorted(inOrder));
        const fresh = createTimelineIndex();
        fresh.sync([...expected.values()]);
        expect(fresh.all()).toEqual(index.all());
      }),
      { numRuns: 100 },
    );
  });

  it('says whether something changed, so that nothing is drawn for nothing', () => {
    const index = createTimelineIndex();
    const one = event(1);
    expect([index.put(one), index.put(one), index.sync([one]), index.remove('other')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('filters by kind, person, words and star', () => {
    const index = createTimelineIndex();
    index.sync([
      event(1, { text: 'Roll back payments', actor: 'Mara' }),
      event(2, { text: 'Payments are slow', actor: 'Diego', starred: true }),
      event(3, {
        text: 'No objection: roll back',
        kind: 'poll',
        source: 'system',
        actor: 'Tocsin',
        data: { poll: 'carried' },
      }),
      eventOfChange({
        id: 'c',
        version: 1,
        at: at(4),
        title: '4.18.0 out',
        service: 'payments',
        source: 'deploys',
        integrationId: 'x',
        links: [],
      }),
    ]);
    const found = (change: Partial<typeof noFilter>) => index.query({ ...noFilter, ...change }).events.length;
    expect([found({}), found({ person: 'Diego' }), found({ starred: true }), found({ kind: 'decision' })]).toEqual([
      4, 1, 1, 1,
    ]);
    expect([found({ kind: 'change' }), found({ text: 'PAYMENTS' }), found({ text: 'roll back mara' })]).toEqual([
      1, 3, 1,
    ]);
    expect(choicesOf(index.all())).toEqual({
      people: ['Diego', 'Mara'],
      kinds: ['change', 'decision', 'poll', 'note'],
    });
  });

  it('finds its way about 20,000 events far faster than a frame', () => {
    const index = createTimelineIndex();
    index.sync(manyEvents(20_000, ms(60)).map(eventOfEntry));
    const view = index.query(noFilter);
    expect(lanes.reduce((sum, lane) => sum + view.lanes[lane].ms.length, 0)).toBe(20_000);
    const whole = fit(view.events[0]!.ms, view.events.at(-1)!.ms);
    let drawn = 0;
    // Processor time of this thread: other work on the machine is not what is measured.
    const before = process.threadCpuUsage();
    for (let frame = 0; frame < 60; frame += 1) {
      for (const lane of lanes) eachBin(view.lanes[lane], whole.fromMs, whole.toMs, 60_000, () => (drawn += 1));
    }
    const { user, system } = process.threadCpuUsage(before);
    // What a frame may take in all; in fact it is a tenth of a millisecond.
    expect((user + system) / 1_000 / 60).toBeLessThan(16);
    expect(drawn).toBeGreaterThan(60);
  });
});

describe('bins', () => {
  const someTimes = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 80 });

  it('lose no event and count none twice, whatever the stretch and the width', () => {
    fc.assert(
      fc.property(
        someTimes,
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 1, max: 900 }),
        (times, a, b, binMs) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const lane = byLane(times.toSorted((x, y) => x - y).map((time) => ({ ...event(0), ms: time }))).people;
          const [first, last] = [Math.floor(from / binMs), Math.floor(to / binMs)];
          const wanted = times.filter((time) => Math.floor(time / binMs) >= first && Math.floor(time / binMs) <= last);
          const bins: number[] = [];
          let count = 0;
          eachBin(lane, from, to, binMs, (bin, many, _marks, place) => {
            bins.push(bin);
            count += many;
            expect(Math.floor((lane.ms[place] as number) / binMs)).toBe(bin);
          });
          expect(count).toBe(wanted.length);
          expect(bins).toEqual([...new Set(bins)].toSorted((x, y) => x - y));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('stay together while the lanes are panned', () => {
    const lane = byLane([1, 2, 6, 11, 12, 30].map((time) => ({ ...event(0), ms: time * 1_000 }))).people;
    const groups = (from: number, to: number) => {
      const found = new Map<number, number>();
      eachBin(lane, from, to, 5_000, (bin, count) => found.set(bin, count));
      return found;
    };
    const [here, panned1s] = [groups(0, 40_000), groups(1_000, 41_000)];
    for (const [bin, count] of panned1s) expect(here.get(bin)).toBe(count);
  });

  it('remember stars and decisions inside of them', () => {
    const lane = byLane([
      event(1, { starred: true }),
      event(1, { kind: 'poll', data: { poll: 'carried' } }),
      event(1),
    ]).people;
    eachBin(lane, ms(0), ms(2), 600_000, (_bin, count, marks) => {
      expect([count, marks]).toEqual([3, starredMark | decisionMark]);
    });
    expect(firstFrom(lane.ms, ms(2))).toBe(3);
  });
});

describe('the stretch shown', () => {
  const whole = fit(ms(0), ms(100));

  it('keeps what is under the pointer where it is, and never leaves the whole', () => {
    const near = zoomed(whole, 0.25, ms(30), whole);
    const share = (view: typeof whole) => (ms(30) - view.fromMs) / (view.toMs - view.fromMs);
    expect(share(near)).toBeCloseTo(share(whole), 9);
    expect(zoomed(near, 100, ms(30), whole)).toEqual(whole);
    expect(panned(near, -1e12, whole).fromMs).toBe(whole.fromMs);
    expect(panned(near, 1e12, whole).toMs).toBe(whole.toMs);
    expect(between(ms(20), ms(10), whole)).toEqual({ fromMs: ms(10), toMs: ms(20) });
  });

  it('moves only for what is out of sight', () => {
    const near = between(ms(40), ms(60), whole);
    expect(showing(near, ms(50), whole)).toBe(near);
    const moved = showing(near, ms(80), whole);
    expect(moved.toMs).toBeGreaterThan(ms(80));
    expect(moved.toMs - moved.fromMs).toBe(near.toMs - near.fromMs);
  });

  it('has labels at round times, never too many', () => {
    for (const minutes of [0.2, 3, 24, 400, 40_000]) {
      const { ticks, stepMs } = axisTicks({ fromMs: ms(0), toMs: ms(minutes) }, 8);
      expect(ticks.length).toBeLessThanOrEqual(9);
      expect(ticks.every((tick) => tick % stepMs === 0)).toBe(true);
    }
  });

  it('follows the end for who looks at it, and stays for who does not', () => {
    const longer = fit(ms(0), ms(110));
    const stage = createStage(whole);
    stage.setWhole(longer);
    expect(stage.view()).toEqual(longer);
    stage.set(between(ms(10), ms(20), longer), 'lanes');
    stage.setWhole(whole);
    expect(stage.view()).toEqual({ fromMs: ms(10), toMs: ms(20) });
  });

  it('and its pixels are each other’s reverse', () => {
    const layout = layoutOf(800, fullSize);
    expect(msOf(layout, whole, xOf(layout, whole, ms(33)))).toBeCloseTo(ms(33), 0);
    expect([laneAt(layout, 1), laneAt(layout, layout.axisTop + 2)]).toEqual(['impact', null]);
  });
});

describe('the list', () => {
  it('has gaps where they begin, and every event', () => {
    const events = [event(5), event(27), event(40)];
    const rows = rowsOf(events, [
      { kind: 'quiet', fromMs: ms(40), toMs: ms(60), open: true },
      { kind: 'quiet', fromMs: ms(5), toMs: ms(27), open: false },
    ]);
    expect(rows.map((row) => row.event?.entry?.kind ?? row.gap?.kind)).toEqual([
      'note',
      'quiet',
      'note',
      'note',
      'quiet',
    ]);
    expect(rowFrom(rows, ms(6))).toBe(2);
    expect(lanesLabel({ events, lanes: byLane(events), total: 3 })).toContain('people 3');
  });

  it('says in full what is missing', () => {
    const [row] = rowsOf([], [{ kind: 'late', fromMs: ms(5), toMs: ms(9), open: true }]);
    const html = renderToStaticMarkup(
      <EventPane incident={incident} row={row} noStar={null} onStar={() => undefined} onCopy={() => undefined} />,
    );
    expect(html).toContain('An update is overdue for 4 min');
    expect(
      renderToStaticMarkup(
        <EventPane
          incident={incident}
          row={undefined}
          noStar={null}
          onStar={() => undefined}
          onCopy={() => undefined}
        />,
      ),
    ).toContain('No event is here');
  });

  it('opens that of the incident visited last', () => {
    const known = new Map([['b', {}]]);
    expect(lastIncident(['alert:x', 'incident:a', 'incident:b'], known)).toBe('b');
    expect(lastIncident([], known)).toBeNull();
  });
});
