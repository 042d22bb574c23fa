import { describe, expect, it } from 'vitest';
import { entityNames, replicaLimits } from '#server/contract/replica.ts';
import { sampleAlert, sampleIncident } from '../../testkit/sample-rows.ts';
import { type Held, outOfBounds } from './bounds.ts';

const nowMs = Date.parse('2026-11-21T14:00:00.000Z');
const hoursAgo = (hours: number): string => new Date(nowMs - hours * 3_600_000).toISOString();

function held(rows: Partial<Record<keyof Held, { id: string }[]>>): Held {
  const maps = entityNames.map((name) => [name, new Map((rows[name] ?? []).map((row) => [row.id, row]))]);
  // Rows of a kind that the test does not look into need no more than the fields that the bounds read.
  return Object.fromEntries(maps) as unknown as Held;
}

const forgotten = (rows: Parameters<typeof held>[0], keep: Parameters<typeof outOfBounds>[2] = new Set()): string[] =>
  outOfBounds(held(rows), nowMs, keep).map(({ entity, id }) => `${entity} ${id}`);

describe('what the copy on this machine forgets', () => {
  it('is what resolved or changed more than a day ago, never what still fires', () => {
    const alert = [
      sampleAlert('firing', { lastSeenAt: hoursAgo(900) }),
      sampleAlert('fresh', { status: 'resolved', resolvedAt: hoursAgo(23) }),
      sampleAlert('old', { status: 'resolved', resolvedAt: hoursAgo(25) }),
    ];
    const change = [
      { id: 'deploy', at: hoursAgo(23) },
      { id: 'yesterday', at: hoursAgo(25) },
    ];
    expect(forgotten({ alert, change })).toEqual(['alert old', 'change yesterday']);
  });

  it('is what closed more than thirty days ago, with all that belongs to it', () => {
    const incident = [
      sampleIncident('open', { startedAt: hoursAgo(2_000) }),
      sampleIncident('lately', { status: 'resolved', resolvedAt: hoursAgo(29 * 24) }),
      sampleIncident('long', { status: 'resolved', resolvedAt: hoursAgo(31 * 24) }),
    ];
    const of = (id: string) => incident.map((each) => ({ id: `${id} of ${each.id}`, incidentId: each.id }));
    const rows = { incident, task: of('task'), postmortem: of('review'), timeline: of('entry') };
    expect(forgotten(rows)).toEqual([
      'incident long',
      'task task of long',
      'postmortem review of long',
      'timeline entry of long',
    ]);
    expect(forgotten(rows, new Set(['incident:long']))).toEqual([]);
  });

  it('is what was said beyond the newest of each room, and in rooms whose timeline goes', () => {
    const closed = Array.from({ length: replicaLimits.timelines + 1 }, (_, n) =>
      sampleIncident(`closed ${n}`, { status: 'resolved', resolvedAt: hoursAgo(n + 1) }),
    );
    const said = (incidentId: string, count: number) =>
      Array.from({ length: count }, (_, n) => ({ id: `${incidentId} ${n}`, incidentId, at: hoursAgo(count - n) }));
    const oldest = closed.at(-1)!.id;
    const chat = [...said('open', replicaLimits.chatPerIncident + 2), ...said('closed 0', 3), ...said(oldest, 1)];
    const rows = { incident: [sampleIncident('open'), ...closed], chat };
    expect(forgotten(rows).toSorted()).toEqual([`chat ${oldest} 0`, 'chat open 0', 'chat open 1'].toSorted());
    expect(forgotten(rows, new Set(['chat:open 0']))).not.toContain('chat open 0');
  });

  it('is a page of more than a day ago whose incident is over, never one that still waits for somebody', () => {
    const incident = [
      sampleIncident('open'),
      sampleIncident('closed', { status: 'resolved', resolvedAt: hoursAgo(30) }),
    ];
    const page = (id: string, incidentId: string, at: string, status = 'open') => ({ id, incidentId, at, status });
    const pages = [
      page('waiting', 'open', hoursAgo(90)),
      page('acknowledged', 'open', hoursAgo(25), 'acknowledged'),
      page('lately', 'closed', hoursAgo(23)),
      page('old', 'closed', hoursAgo(31)),
      page('not known here', 'restricted', hoursAgo(31)),
      page('not known here, over', 'restricted', hoursAgo(31), 'stopped'),
    ];
    const escalation = [{ id: 'open' }, { id: 'closed' }];
    expect(forgotten({ incident, page: pages, escalation })).toEqual([
      'page old',
      'page not known here, over',
      'escalation closed',
    ]);
  });

  it('is the timeline of a closed incident that fifty others closed after', () => {
    const closed = replicaLimits.timelines + 2;
    const incident = Array.from({ length: closed }, (_, i) =>
      sampleIncident(`i${i}`, { status: 'resolved', resolvedAt: hoursAgo(i + 1) }),
    );
    const timeline = [...incident, sampleIncident('open')].map(({ id }) => ({ id: `entry of ${id}`, incidentId: id }));
    expect(forgotten({ incident, timeline })).toEqual(['timeline entry of i50', 'timeline entry of i51']);
  });

  it('is, of too many alerts, what resolved first and then what has been quiet longest', () => {
    const firing = Array.from({ length: replicaLimits.alerts - 1 }, (_, i) => sampleAlert(`f${i}`));
    const resolved = [3, 2, 1].map((hours) =>
      sampleAlert(`r${hours}`, { status: 'resolved', resolvedAt: hoursAgo(hours) }),
    );
    expect(forgotten({ alert: [...firing, ...resolved] })).toEqual(['alert r3', 'alert r2']);
    const quiet = sampleAlert('quiet', { lastSeenAt: hoursAgo(900) });
    expect(forgotten({ alert: [...firing, sampleAlert('one'), quiet] })).toEqual(['alert quiet']);
  });
});
