import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { TimelineEntry } from '#server/contract/incident.ts';
import type { Database } from '#server/database/pool.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { incidentStore, readIncidentsForReplica } from '#server/modules/incidents/store.ts';
import { readTasksForReplica, taskStore } from '#server/modules/incidents/task-store.ts';
import { readTimeline, readTimelineForReplica, timelineStore } from '#server/modules/incidents/timeline-store.ts';
import { anIncident, testId } from '#server/testkit/incidents.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const at = '2026-11-21T13:00:00.000Z';
const teamA = testId(501);
const teamB = testId(502);
const outsider = { userId: testId(601), teamIds: [teamB] };
const insider = { userId: testId(602), teamIds: [teamA] };

let database: Database;
beforeAll(async () => {
  database = await testDatabase();
});
beforeEach(async () => {
  await database.query('TRUNCATE incident, task, timeline_entry, feed CASCADE');
});

const save = (...incidents: IncidentState[]) => database.withTransaction((tx) => incidentStore.save(tx, at, incidents));
const lockByGroups = (...keys: string[]) => database.withTransaction((tx) => incidentStore.lockByGroups(tx, keys));
const feed = () =>
  database.query<{ entity: string; op: string; id: string; version: number; audience: string[] | null }>(
    'SELECT entity, op, id, version, audience FROM feed ORDER BY xid, seq',
  );

function anEntry(fields: Partial<TimelineEntry>): TimelineEntry {
  return {
    id: testId(301),
    version: 1,
    incidentId: testId(1),
    at,
    recordedAt: at,
    kind: 'note',
    source: 'person',
    actorId: null,
    actor: 'Mara',
    text: 'a note',
    detail: null,
    alertId: null,
    starred: false,
    ...fields,
  };
}

describe('an incident', () => {
  it('comes back as it was saved', async () => {
    const full = anIncident({
      impact: 'Nobody can pay "now" \\ and {later}',
      groupKey: 'g',
      ruleId: testId(9),
      services: ['a b', 'c,"d'],
      roles: [{ role: 'commander', userId: testId(4), since: at, offer: null }],
      links: [{ id: testId(5), kind: 'bridge', label: 'call', url: 'https://example.org' }],
      lastUpdate: { at, by: testId(4), text: 'looking' },
      restrictedTo: [teamA, teamB],
      fieldVersions: { status: 1, 'role:commander': 1 },
    });
    await save(full);
    const changed = {
      ...full,
      version: 2,
      status: 'resolved' as const,
      resolvedAt: at,
      lastUpdate: null,
      restrictedTo: null,
    };
    await save(changed);
    expect(await database.withTransaction((tx) => incidentStore.lockByIds(tx, [full.id]))).toEqual([changed]);
  });

  it('is not saved over a newer one', async () => {
    await save(anIncident());
    await save(anIncident({ version: 2 }));
    await expect(save(anIncident({ version: 2, title: 'stale' }))).rejects.toThrow('not the newest');
  });

  it('gets numbers that nobody else gets', async () => {
    const lists = await Promise.all(
      [1, 2, 3].map(() => database.withTransaction((tx) => incidentStore.nextNumbers(tx, 3))),
    );
    expect(new Set(lists.flat()).size).toBe(9);
  });
});

describe('the incident of a group', () => {
  const resolved = { status: 'resolved' as const };

  it('is the open one, else the one resolved last', async () => {
    await save(
      anIncident({ id: testId(1), number: 1, groupKey: 'open', ...resolved, resolvedAt: at }),
      anIncident({ id: testId(2), number: 2, groupKey: 'open' }),
      anIncident({ id: testId(3), number: 3, groupKey: 'closed', ...resolved, resolvedAt: '2026-11-21T12:40:00.000Z' }),
      anIncident({ id: testId(4), number: 4, groupKey: 'closed', ...resolved, resolvedAt: '2026-11-21T12:50:00.000Z' }),
    );
    const found = await lockByGroups('open', 'closed', 'unknown', 'open');
    expect([...found].map(([key, incident]) => [key, incident.number]).toSorted()).toEqual([
      ['closed', 4],
      ['open', 2],
    ]);
  });

  it('is the incident it was merged into, over several merges, while that is open', async () => {
    const target = anIncident({ id: testId(3), number: 3 });
    await save(
      target,
      anIncident({ id: testId(2), number: 2, groupKey: 'b', ...resolved, resolvedAt: at, mergedInto: testId(3) }),
      anIncident({ id: testId(1), number: 1, groupKey: 'a', ...resolved, resolvedAt: at, mergedInto: testId(2) }),
      anIncident({ id: testId(4), number: 4, groupKey: 'a', ...resolved, resolvedAt: at }),
    );
    const found = await lockByGroups('a', 'b');
    expect([...found].map(([key, incident]) => [key, incident.number]).toSorted()).toEqual([
      ['a', 3],
      ['b', 3],
    ]);

    await save({ ...target, version: 2, ...resolved, resolvedAt: at });
    const later = await lockByGroups('a', 'b');
    expect([...later].map(([key, incident]) => [key, incident.number])).toEqual([['a', 4]]);
  });

  it('is the target when the merge commits while the alert waits for the lock', async () => {
    const source = anIncident({ id: testId(1), number: 1, groupKey: 'g' });
    const target = anIncident({ id: testId(2), number: 2 });
    await save(source, target);
    let asked: Promise<Map<string, IncidentState>> | null = null;
    await database.withTransaction(async (tx) => {
      await incidentStore.lockByIds(tx, [source.id, target.id]);
      asked = lockByGroups('g');
      // Until the other transaction waits for our lock.
      for (let waiting = 0; waiting === 0;) {
        const [row] = await database.query<{ n: number }>(
          `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        waiting = row!.n;
      }
      await incidentStore.save(tx, at, [{ ...source, version: 2, ...resolved, resolvedAt: at, mergedInto: target.id }]);
    });
    expect((await asked!).get('g')?.number).toBe(2);
  });
});

describe('a restricted incident', () => {
  beforeEach(async () => {
    await save(anIncident());
    await database.withTransaction(async (tx) => {
      await incidentStore.addTimeline(tx, [anEntry({})]);
      const task = { id: testId(401), version: 1, incidentId: testId(1), title: 'look', ownerId: null };
      const rest = { dueAt: null, doneAt: null, doneBy: null, createdBy: null, createdAt: at, fieldVersions: {} };
      await taskStore.save(tx, at, { ...task, ...rest }, null);
    });
  });

  const restrict = (version: number, before: string[] | null, after: string[] | null) =>
    database.withTransaction(async (tx) => {
      await incidentStore.save(tx, at, [anIncident({ version, restrictedTo: after })]);
      await timelineStore.reissue(tx, at, testId(1), before, after);
      await taskStore.reissue(tx, at, testId(1), before, after);
    });

  it('is taken from everyone and given to its teams, history included', async () => {
    await restrict(2, null, [teamA]);
    const rows = await feed();
    expect(rows.slice(0, 3).map((row) => row.audience)).toEqual([[teamA], [teamA], [teamA]]);
    expect(rows.slice(3).map((row) => [row.entity, row.op, row.version, row.audience])).toEqual([
      ['incident', 'delete', 1, null],
      ['incident', 'put', 2, [teamA]],
      ['timeline', 'delete', 1, null],
      ['timeline', 'put', 2, [teamA]],
      ['task', 'delete', 1, null],
      ['task', 'put', 2, [teamA]],
    ]);
  });

  it('goes back to everyone without a delete when it is opened again', async () => {
    await restrict(2, null, [teamA]);
    await database.query('TRUNCATE feed');
    await restrict(3, [teamA], null);
    expect((await feed()).map((row) => [row.entity, row.op, row.audience])).toEqual([
      ['incident', 'put', null],
      ['timeline', 'put', null],
      ['task', 'put', null],
    ]);
  });

  it('is in the copies of its teams only', async () => {
    await restrict(2, null, [teamA]);
    for (const read of [readIncidentsForReplica, readTasksForReplica, readTimelineForReplica]) {
      expect(await read(database, outsider, null, 10, at)).toEqual([]);
      expect(await read(database, insider, null, 10, at)).toHaveLength(1);
    }
    expect(await readTimeline(database, outsider, testId(1), { after: null, limit: 10 })).toBeNull();
    expect((await readTimeline(database, insider, testId(1), { after: null, limit: 10 }))?.items).toHaveLength(1);
  });

  it('sends new entries to its teams only', async () => {
    await restrict(2, null, [teamA]);
    await database.query('TRUNCATE feed');
    await database.withTransaction((tx) => incidentStore.addTimeline(tx, [anEntry({ id: testId(302) })]));
    expect((await feed()).map((row) => row.audience)).toEqual([[teamA]]);
  });
});

describe("a client's copy", () => {
  it('has all open incidents and those closed within 30 days, page by page', async () => {
    await save(
      ...[1, 2, 3].map((n) => anIncident({ id: testId(n), number: n })),
      anIncident({ id: testId(4), number: 4, status: 'resolved', resolvedAt: '2026-10-23T13:00:00.000Z' }),
      anIncident({ id: testId(5), number: 5, status: 'resolved', resolvedAt: '2026-10-21T13:00:00.000Z' }),
    );
    const first = await readIncidentsForReplica(database, insider, null, 2, at);
    const second = await readIncidentsForReplica(database, insider, first[1]!.id, 10, at);
    expect([...first, ...second].map((row) => row.body.number)).toEqual([1, 2, 3, 4]);
    expect(Object.keys(first[0]!.body)).not.toContain('resolvePolicy');
  });

  it('has the timelines of open incidents and of the 50 closed last', async () => {
    const closed = Array.from({ length: 51 }, (_, n) =>
      anIncident({
        id: testId(n + 10),
        number: n + 10,
        status: 'resolved',
        resolvedAt: new Date(Date.parse(at) - n * 60_000).toISOString(),
      }),
    );
    await save(anIncident(), ...closed);
    await database.withTransaction((tx) =>
      incidentStore.addTimeline(
        tx,
        [anIncident(), ...closed].map((incident, n) => anEntry({ id: testId(1_000 + n), incidentId: incident.id })),
      ),
    );
    const rows = await readTimelineForReplica(database, insider, null, 100, at);
    expect(rows).toHaveLength(51);
    expect(rows.map((row) => row.body.incidentId)).not.toContain(closed[50]!.id);
  });

  it('pages a timeline in the order of what happened, backdated entries in their place', async () => {
    await save(anIncident());
    await database.withTransaction((tx) =>
      incidentStore.addTimeline(tx, [
        anEntry({ id: testId(311), text: 'second' }),
        anEntry({ id: testId(312), text: 'third' }),
        anEntry({ id: testId(313), text: 'first', at: '2026-11-21T11:00:00.000Z' }),
      ]),
    );
    const first = await readTimeline(database, insider, testId(1), { after: null, limit: 2 });
    const second = await readTimeline(database, insider, testId(1), { after: first!.nextCursor, limit: 2 });
    expect([...first!.items, ...second!.items].map((entry) => entry.text)).toEqual(['first', 'second', 'third']);
    expect(second!.nextCursor).toBeNull();
  });
});
