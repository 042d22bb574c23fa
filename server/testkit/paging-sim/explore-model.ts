// What the small scope of `explore.ts` is made of: two servers, three alerts of two incidents, two people, and what each of
// them remembers.
import { noticed } from '#server/modules/escalation/notice.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';

/** About 700 ms: a claim is sent within one, and no page leaves two after an acknowledgement. */
const tickMs = 700;
export const stepTicks = 2;
export const leaseTicks = 2;
export const people = ['p1', 'p2'] as const;
/** Alerts 0 and 1 make incident 0, alert 2 makes incident 1; 1 and 2 are under a silence all the time. */
export const incidentOf = [0, 0, 1] as const;
export const silenced = [false, true, true] as const;

export interface Model {
  tick: number;
  alerts: boolean[];
  flips: number;
  crashes: number;
  incidents: { status: 'triggered' | 'acknowledged' | 'resolved'; version: number }[];
  paging: EscalationState[];
  keys: string[];
  fired: string[];
  pages: { incident: number; person: string; open: boolean; endedAt: number | null }[];
  /** One a page, in the same order. */
  notes: { status: 'pending' | 'sending' | 'sent' | 'cancelled'; token: number; until: number }[];
  acked: string[];
  /** What each server has in memory and nobody else can see. */
  workers: (null | { incident: number; next: EscalationState; key: string | null; people: string[] })[];
  senders: (null | { note: number; token: number; at: number; sent: boolean })[];
}

export const instant = (tick: number) => new Date(Date.UTC(2026, 0, 1) + tick * tickMs).toISOString();
export function begin(): Model {
  const model: Model = {
    tick: 0,
    alerts: [true, true, true],
    flips: 0,
    crashes: 0,
    keys: [],
    fired: [],
    pages: [],
    notes: [],
    acked: [],

    incidents: [0, 1].map(() => ({ status: 'triggered', version: 1 })),
    paging: [],
    workers: [null, null],
    senders: [null, null],
  };
  for (const incident of [0, 1]) notice(model, incident);
  return model;
}

export function notice(model: Model, incident: number): void {
  const { status, version } = model.incidents[incident]!;
  const facts = { id: String(incident), status, severity: 'sev1', alertCount: 1, version, restrictedTo: null } as const;
  model.paging[incident] = noticed(model.paging[incident] ?? null, facts, instant(model.tick)).next;
}

export function isDue(state: EscalationState, tick: number): boolean {
  return state.changed || (state.nextAt !== null && state.nextAt <= instant(tick));
}

export function structuredCopy(model: Model): Model {
  return {
    ...model,
    alerts: [...model.alerts],
    incidents: [...model.incidents],
    paging: [...model.paging],
    keys: [...model.keys],
    fired: [...model.fired],
    pages: model.pages.map((page) => ({ ...page })),
    notes: model.notes.map((note) => ({ ...note })),
    acked: [...model.acked],
    workers: [...model.workers],
    senders: model.senders.map((sender) => (sender === null ? null : { ...sender })),
  };
}

/** Two servers are alike, so which is which does not make another state. */
export function keyOf(model: Model): string {
  const short = (state: EscalationState) =>
    `${state.run}${state.status[0]}${state.step}${state.stepId}${state.loop}${state.nextAt?.slice(17)}${state.changed}${state.seen.status[0]}${state.acknowledgedBy.join()}`;
  const servers = [0, 1]
    .map((server) => {
      const worker = model.workers[server];
      const memory =
        worker === null || worker === undefined ? '' : `${worker.incident}${short(worker.next)}${worker.key}`;
      return `${memory}/${JSON.stringify(model.senders[server])}`;
    })
    .toSorted()
    .join('|');
  const { tick, alerts, flips, crashes, incidents, keys, fired, pages, notes, acked } = model;
  const ended = pages.map((page) => `${page.incident}${page.person}${page.endedAt}`).join();
  const told = notes.map((note) => `${note.status[0]}${note.status[1]}${note.token}${note.until}`).join();
  const states = incidents.map((incident) => incident.status[0]).join('');
  return `${tick}${alerts.map(Number).join('')}${flips}${crashes}${states};${model.paging.map(short).join(';')};${keys.join()};${fired.length};${ended};${told};${acked.join()};${servers}`;
}
