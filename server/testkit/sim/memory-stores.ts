import type { AlertEvent } from '#server/contract/alert.ts';
import type { GroupingRule } from '#server/contract/grouping.ts';
import type { ChangeEvent, TimelineEntry } from '#server/contract/incident.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { endOf, isActive } from '#server/modules/silences/rules.ts';
import type { SilenceState } from '#server/modules/silences/state.ts';
import type { AlertStores } from '#server/testkit/alert-world.ts';
import { CommitConflict, type MemoryDatabase, type Row, type Table } from '#server/testkit/sim/memory-database.ts';

/** Guards that a test takes away, to see that the simulation notices. */
export interface Bugs {
  noInbox?: boolean;
  noGroupLock?: boolean;
  noGate?: boolean;
}

export function createMemoryStores(database: MemoryDatabase, pause: () => Promise<void>, bugs: Bugs = {}): AlertStores {
  let number = 0;

  /** One statement: others may run before it, it sees what is committed then, and it locks what it returns. */
  async function lockedWhere<R extends Row>(
    tx: Tx,
    table: Table,
    holds: (row: R) => boolean,
    limit = Infinity,
  ): Promise<R[]> {
    await pause();
    const found = database
      .rows<R>(tx, table)
      .filter(holds)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
    for (const row of found) database.lockRow(tx, table, row.id);
    return found;
  }

  function put<R extends Row & { version: number }>(tx: Tx, table: Table, rows: readonly R[]): void {
    // Where PostgreSQL would have waited for the lock, this model has gone on with an old copy: start over.
    if (database.isLost(tx)) throw new CommitConflict(`${table} rows changed since they were read`);
    for (const row of rows) {
      const stored = database.get<R>(tx, table, row.id);
      if ((stored?.version ?? 0) >= row.version)
        throw new Error(`a ${table} was saved from a copy that is not the newest`);
      if ((stored === undefined) !== (row.version === 1))
        throw new Error(`a ${table} of version ${row.version} is not there`);
      database.put(tx, table, row);
    }
  }

  const isFiring = (alert: AlertState) => alert.status === 'firing';

  return {
    alerts: {
      async lockLatest(tx, keys) {
        const wanted = new Set(keys.map((key) => `${key.integrationId} ${key.dedupKey}`));
        await pause();
        const newest = new Map<string, AlertState>();
        for (const alert of database.rows<AlertState>(tx, 'alert')) {
          const key = `${alert.integrationId} ${alert.dedupKey}`;
          const best = newest.get(key);
          if (wanted.has(key) && (best === undefined || comesFirst(alert, best))) newest.set(key, alert);
        }
        for (const alert of newest.values()) database.lockRow(tx, 'alert', alert.id);
        return [...newest.values()];
      },
      lockByIds: (tx, ids) => lockedWhere<AlertState>(tx, 'alert', (alert) => ids.includes(alert.id)),
      lockByIncidents: (tx, ids) =>
        lockedWhere<AlertState>(tx, 'alert', (alert) => alert.incidentId !== null && ids.includes(alert.incidentId)),
      lockWaiting: (tx, groupKeys, since) =>
        lockedWhere<AlertState>(
          tx,
          'alert',
          (alert) =>
            isFiring(alert) &&
            alert.groupKey !== null &&
            groupKeys.includes(alert.groupKey) &&
            alert.incidentId === null &&
            alert.placedBy === null &&
            !alert.suppressed &&
            alert.lastSeenAt >= since,
        ),
      async flappingIn(tx, ids) {
        await pause();
        return database
          .rows<AlertState>(tx, 'alert')
          .filter(
            (alert) =>
              alert.flapping && !isFiring(alert) && alert.incidentId !== null && ids.includes(alert.incidentId),
          )
          .map((alert) => ({ id: alert.id, incidentId: alert.incidentId ?? '' }));
      },
      async firingOn(tx, serviceIds) {
        await pause();
        const alerts = database.rows<AlertState>(tx, 'alert');
        const open = new Set(
          database.rows<IncidentState>(tx, 'incident').flatMap(({ id, status }) => (status === 'resolved' ? [] : [id])),
        );
        const places = new Map<string, { incidentId: string; serviceId: string; newestAt: string }>();
        for (const { incidentId, serviceId, audience, ...alert } of alerts) {
          if (incidentId === null || serviceId === null || audience !== null || alert.status !== 'firing') continue;
          if (!serviceIds.includes(serviceId) || !open.has(incidentId)) continue;
          const began = alerts.filter((other) => other.incidentId === incidentId).map((other) => other.firstSeenAt);
          const newestAt = began.sort().at(-1) ?? '';
          places.set(`${incidentId} ${serviceId}`, { incidentId, serviceId, newestAt });
        }
        return [...places.keys()].sort().flatMap((key) => places.get(key) ?? []);
      },
      async save(tx, _at, alerts) {
        await pause();
        put(tx, 'alert', alerts);
      },
      async saveRepeats(tx, _at, alerts) {
        await pause();
        put(tx, 'alert', alerts);
      },
      async addEvents(tx, events) {
        await pause();
        for (const event of events) database.put(tx, 'alert_event', event satisfies AlertEvent);
      },
      lockExpired: (tx, now, limit) =>
        lockedWhere<AlertState>(
          tx,
          'alert',
          (alert) => isFiring(alert) && alert.endsAt !== null && alert.endsAt <= now,
          limit,
        ),
      lockSettled: (tx, before, limit) =>
        lockedWhere<AlertState>(
          tx,
          'alert',
          (alert) => alert.flapping && (alert.transitions.at(-1) ?? alert.firstSeenAt) <= before,
          limit,
        ),
      lockFiring: (tx, after, limit) =>
        lockedWhere<AlertState>(tx, 'alert', (alert) => isFiring(alert) && (after === null || alert.id > after), limit),
      lockSuppressedBy: (tx, silenceId, limit) =>
        lockedWhere<AlertState>(tx, 'alert', (alert) => isFiring(alert) && alert.suppressedBy === silenceId, limit),
    },

    incidents: {
      lockByIds: (tx, ids) => lockedWhere<IncidentState>(tx, 'incident', (incident) => ids.includes(incident.id)),
      async lockByGroups(tx, groupKeys) {
        await pause();
        const chosen = new Map<string, IncidentState>();
        const joined = database.rows<GroupRow>(tx, 'incident_group');
        for (const incident of database.rows<IncidentState>(tx, 'incident')) {
          if (incident.mergedInto !== null) continue;
          const taken = joined.filter((row) => row.incidentId === incident.id).map((row) => row.groupKey);
          for (const key of [incident.groupKey, ...taken]) {
            if (key === null || !groupKeys.includes(key)) continue;
            const best = chosen.get(key);
            if (best === undefined || isBetterHome(key, incident, best)) chosen.set(key, incident);
          }
        }
        for (const incident of chosen.values()) database.lockRow(tx, 'incident', incident.id);
        return chosen;
      },
      async addGroups(tx, groups) {
        await pause();
        for (const { groupKey, incidentId } of groups) {
          database.put(tx, 'incident_group', {
            id: `${groupKey} ${incidentId}`,
            groupKey,
            incidentId,
          } satisfies GroupRow);
        }
      },
      async nextNumbers(_tx, count) {
        return Array.from({ length: count }, () => (number += 1));
      },
      async save(tx, _at, incidents) {
        await pause();
        put(tx, 'incident', incidents);
      },
      async addTimeline(tx, entries) {
        await pause();
        for (const entry of entries) database.put(tx, 'timeline', entry satisfies TimelineEntry);
      },
    },

    rules: {
      async list(tx) {
        await pause();
        const rules = database.rows<GroupingRule>(tx, 'rule');
        return rules.toSorted((a, b) => Number(a.builtIn) - Number(b.builtIn) || a.position - b.position);
      },
      async lockGroups(tx, groupKeys) {
        await pause();
        if (bugs.noGroupLock !== true) for (const key of groupKeys) database.lock(tx, `group ${key}`, 'alone');
      },
    },

    silences: {
      async gate(tx, mode) {
        await pause();
        if (bugs.noGate !== true) database.lock(tx, 'silences', mode);
      },
      async listActive(tx, at) {
        await pause();
        return database.rows<SilenceState>(tx, 'silence').filter((silence) => isActive(silence, at));
      },
      async listDue(tx, at) {
        await pause();
        return database
          .rows<SilenceState>(tx, 'silence')
          .filter(
            (silence) => !silence.finished && (endOf(silence) <= at || (!silence.started && silence.startsAt <= at)),
          );
      },
      async lockById(tx, id) {
        return (await lockedWhere<SilenceState>(tx, 'silence', (silence) => silence.id === id))[0] ?? null;
      },
      async save(tx, _at, silences) {
        await pause();
        put(tx, 'silence', silences);
      },
      async recount(tx, _at, ids) {
        await pause();
        for (const id of new Set(ids)) {
          const silence = database.get<SilenceState>(tx, 'silence', id);
          database.lockRow(tx, 'silence', id);
          if (silence !== undefined) put(tx, 'silence', [{ ...silence, version: silence.version + 1 }]);
        }
      },
    },

    inbox: {
      async claim(tx, _group, ids) {
        await pause();
        const claimed = new Set<string>();
        for (const id of ids) {
          if (bugs.noInbox !== true && database.get(tx, 'inbox', id) !== undefined) continue;
          database.lockRow(tx, 'inbox', id);
          database.put(tx, 'inbox', { id });
          claimed.add(id);
        }
        return claimed;
      },
    },

    changes: {
      async add(tx, _at, changes) {
        await pause();
        for (const change of changes) database.put(tx, 'change', change satisfies ChangeEvent);
      },
    },
  };
}

function comesFirst(alert: AlertState, other: AlertState): boolean {
  if (alert.status !== other.status) return alert.status === 'firing';
  return alert.firstSeenAt > other.firstSeenAt || (alert.firstSeenAt === other.firstSeenAt && alert.id > other.id);
}

interface GroupRow extends Row {
  groupKey: string;
  incidentId: string;
}

function isBetterHome(groupKey: string, incident: IncidentState, other: IncidentState): boolean {
  if ((incident.status === 'resolved') !== (other.status === 'resolved')) return incident.status !== 'resolved';
  if (incident.status !== 'resolved') {
    if ((incident.groupKey === groupKey) !== (other.groupKey === groupKey)) return incident.groupKey === groupKey;
    return incident.id > other.id;
  }
  return (incident.resolvedAt ?? '') > (other.resolvedAt ?? '');
}
