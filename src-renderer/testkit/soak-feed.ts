// A busy day as changes of the feed: things begin, end, and leave after an hour, so that from then on there is always as
// much of everything. The same for the same clock.
import type { Change, EntityName } from '#server/contract/replica.ts';
import { sampleId, samplePeople } from './sample-ids.ts';
import { sampleAlert, sampleIncident } from './sample-rows.ts';

const minute = 60_000;
const keptMs = 60 * minute;
const services = ['checkout', 'payments', 'payments-db', 'search', 'inventory', 'gateway', 'redis', 'mail'];

export interface SoakFeed {
  /** What happened until then: each moment's changes, in order. */
  until(now: number): Change[][];
}

export function createSoakFeed(begin: number): SoakFeed {
  const due: { at: number; change: (at: number) => Change }[] = [];
  const every = [
    { ms: 10_000, next: begin, make: alert },
    { ms: 30_000, next: begin, make: entry },
    { ms: 5 * minute, next: begin, make: deploy },
    { ms: 12 * minute, next: begin, make: incident },
  ];
  let count = 0;

  function put<Row extends { id: string }>(at: number, entity: EntityName, body: Row): void {
    due.push({ at, change: () => ({ op: 'put', entity, id: body.id, version: 1, body: { ...body, version: 1 } }) });
  }
  /** Changed once, then gone: each with the next version. */
  function ends<Row extends { id: string }>(at: number, entity: EntityName, body: Row): void {
    due.push({ at, change: () => ({ op: 'put', entity, id: body.id, version: 2, body: { ...body, version: 2 } }) });
  }
  function leaves(at: number, entity: EntityName, id: string): void {
    due.push({ at, change: () => ({ op: 'delete', entity, id, version: 3 }) });
  }

  function alert(at: number): void {
    const id = sampleId('alert', 10_000 + count);
    const severity = count % 5 === 0 ? 'sev1' : count % 2 === 0 ? 'sev2' : 'sev3';
    const service = services[count % services.length] ?? null;
    const row = sampleAlert(id, {
      service,
      severity,
      title: `Alert ${count}`,
      firstSeenAt: iso(at),
      lastSeenAt: iso(at),
    });
    put(at, 'alert', row);
    ends(at + 4 * minute, 'alert', { ...row, status: 'resolved' as const, resolvedAt: iso(at + 4 * minute) });
    leaves(at + keptMs, 'alert', id);
  }

  function incident(at: number): void {
    const id = sampleId('incident', 10_000 + count);
    const row = sampleIncident(id, {
      number: count,
      title:
        count % 2 === 0 ? `Payments fail in region ${count}` : `Search is slow for everybody who is signed in ${count}`,
      severity: count % 2 === 0 ? 'sev1' : 'sev2',
      impact: count % 3 === 0 ? null : '4 % of orders',
      services: ['payments', 'search'],
      startedAt: iso(at),
      roles: [{ role: 'commander', userId: samplePeople.mara, since: iso(at + minute), offer: null }],
      nextUpdateDueAt: iso(at + 10 * minute),
    });
    put(at, 'incident', row);
    put(at, 'ask', {
      id: sampleId('ask', 10_000 + count),
      incidentId: id,
      text: 'Who sees it?',
      ownerId: samplePeople.diego,
      askedBy: samplePeople.mara,
      askedAt: iso(at),
      dueAt: iso(at + 5 * minute),
      overdueAt: null,
      answer: null,
      cancelledAt: null,
    });
    ends(at + 30 * minute, 'incident', { ...row, status: 'resolved' as const, resolvedAt: iso(at + 30 * minute) });
    leaves(at + keptMs, 'ask', sampleId('ask', 10_000 + count));
    leaves(at + keptMs, 'incident', id);
  }

  function entry(at: number): void {
    const id = sampleId('timeline', 10_000 + count);
    const open = due.flatMap(({ change }) => {
      const made = change(at);
      return made.op === 'put' && made.entity === 'incident' && made.version === 2 ? [made.id] : [];
    });
    put(at, 'timeline', {
      id,
      incidentId: open.at(-1) ?? sampleId('incident', 1),
      at: iso(at),
      recordedAt: iso(at),
      kind: count % 7 === 0 ? 'update' : 'alert',
      source: 'system',
      actorId: null,
      actor: 'Tocsin',
      text: `What happened at ${iso(at)}`,
      detail: null,
      alertId: null,
      starred: false,
    });
    leaves(at + keptMs, 'timeline', id);
  }

  function deploy(at: number): void {
    const id = sampleId('change', 10_000 + count);
    const title = `payments 4.${count}.0 to eu-west-1`;
    put(at, 'change', { id, at: iso(at), title, service: 'payments', source: 'deploys', integrationId: id, links: [] });
    leaves(at + keptMs, 'change', id);
  }

  return {
    until(now) {
      for (;;) {
        const next = every.reduce((soonest, one) => (one.next < soonest.next ? one : soonest));
        if (next.next > now) break;
        count += 1;
        next.make(next.next);
        next.next += next.ms;
      }
      const ready = due.filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at);
      const waiting = due.filter(({ at }) => at > now);
      due.splice(0, due.length, ...waiting);
      const moments = new Map<number, Change[]>();
      for (const { at, change } of ready) moments.set(at, [...(moments.get(at) ?? []), change(at)]);
      return [...moments.values()];
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
