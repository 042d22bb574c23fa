// Every interleaving in a small scope: two servers, three alerts, two people, one policy of two steps. The atomic steps of
// paging (lock and decide, commit, claim, send, record, acknowledge, flap, tick, crash) run the product's own decisions.
import type { PolicyDraft } from '#server/contract/policy.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { decideStop } from '#server/modules/escalation/decide-stop.ts';
import { isRunning, noticed, seenOf } from '#server/modules/escalation/notice.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { decideHold } from '#server/modules/routing/decide-hold.ts';

export interface ExploreBugs {
  noStepKey?: boolean;
  /** Both servers may take the same row. */
  noRowLock?: boolean;
  oldClaims?: boolean;
  pagesLive?: boolean;
  holdIgnored?: boolean;
  noFencing?: boolean;
}

export interface Explored {
  states: number;
  transitions: number;
  /** The first broken promise and how to get there. */
  broken: { promise: string; path: string[] } | null;
}

/** About 700 ms: a claim is sent within one, and no page leaves two after an acknowledgement. */
const tickMs = 700;
const stepTicks = 2;
const leaseTicks = 2;
const people = ['p1', 'p2'] as const;
/** Alerts 0 and 1 make incident 0, alert 2 makes incident 1; 1 and 2 are under a silence all the time. */
const incidentOf = [0, 0, 1] as const;
const silenced = [false, true, true] as const;

interface Model {
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

const instant = (tick: number) => new Date(Date.UTC(2026, 0, 1) + tick * tickMs).toISOString();
const step = (id: string, userId: string): PolicyDraft['steps'][number] => ({
  id,
  targets: [{ type: 'user', id: userId }],
  roundRobin: false,
  delayMinutes: 1,
  when: { severities: [], hours: 'any' },
  priority: 'by-route',
});
const draft: PolicyDraft = {
  name: 'small',
  description: '',
  teamId: null,
  steps: [step('s1', 'p1'), step('s2', 'p2')],
  repeat: 0,
  acknowledgementsNeeded: 1,
  pageAgain: 'severity-rises',
  workingHours: null,
};
const policy = {
  $document: 'policy/p@1',
  kind: 'policy',
  id: 'p',
  version: 1,
  draft,
} as unknown as StoredDocument<'policy'>;
const noInhibitions = { $documents: 'inhibition@1', items: [] };
const noSubject = {
  alert: { title: '', severity: 'sev1', service: '', source: '', fingerprint: '', labels: {}, annotations: {} },
  incident: { title: '', severity: 'sev1', services: [], declared: false, alertCount: 1 },
};

export function explore(bugs: ExploreBugs = {}, limits = { ticks: 3, flips: 1, crashes: 1 }): Explored {
  const first = begin();
  const seen = new Set([keyOf(first)]);
  const stack: { model: Model; path: string[] }[] = [{ model: first, path: [] }];
  let transitions = 0;
  for (let here = stack.pop(); here !== undefined; here = stack.pop()) {
    const moves = movesOf(here.model, bugs, limits);
    for (const [name, move] of moves) {
      transitions += 1;
      const next = structuredCopy(here.model);
      const promise = move(next) ?? brokenIn(next);
      const path = [...here.path, name];
      if (promise !== null) return { states: seen.size, transitions, broken: { promise, path } };
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      stack.push({ model: next, path });
    }
    const last = moves.length === 0 ? brokenAtEnd(here.model) : null;
    if (last !== null) return { states: seen.size, transitions, broken: { promise: last, path: here.path } };
  }
  return { states: seen.size, transitions, broken: null };
}

function begin(): Model {
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

type Move = [name: string, move: (model: Model) => string | null];

function movesOf(model: Model, bugs: ExploreBugs, limits: { ticks: number; flips: number; crashes: number }): Move[] {
  const moves: Move[] = [];
  const locked = (incident: number) =>
    bugs.noRowLock !== true && model.workers.some((worker) => worker?.incident === incident);
  for (const server of [0, 1]) {
    const worker = model.workers[server];
    if (worker === null || worker === undefined) {
      model.paging.forEach((state, incident) => {
        if (isDue(state, model.tick) && !locked(incident)) {
          moves.push([`${server} decides ${incident}`, (next) => decide(next, server, incident, bugs)]);
        }
      });
    } else moves.push([`${server} commits`, (next) => commit(next, server, bugs)]);
    const sender = model.senders[server];
    if (sender === null || sender === undefined) {
      model.notes.forEach((note, index) => {
        const free = note.status === 'pending' || (note.status === 'sending' && note.until < model.tick);
        if (free) moves.push([`${server} claims ${index}`, (next) => claim(next, server, index)]);
      });
    } else if (sender.sent) moves.push([`${server} records`, (next) => record(next, server, bugs)]);
    else moves.push([`${server} sends`, (next) => send(next, server, bugs)]);
    const busy = model.workers[server] !== null || model.senders[server] !== null;
    if (busy && model.crashes < limits.crashes) moves.push([`${server} crashes`, (next) => crash(next, server)]);
  }
  for (const person of people) {
    const open = model.incidents[0]?.status === 'triggered' && !model.acked.includes(person);
    if (open && !locked(0)) moves.push([`${person} acknowledges`, (next) => acknowledge(next, person, bugs)]);
  }
  if (model.flips < limits.flips) {
    model.alerts.forEach((_firing, alert) => {
      if (!locked(incidentOf[alert] ?? 0)) moves.push([`alert ${alert} flaps`, (next) => flap(next, alert)]);
    });
  }
  if (model.tick < limits.ticks) {
    moves.push([
      'tick',
      (next) => {
        next.tick += 1;
        return null;
      },
    ]);
  }
  return moves;
}

function isDue(state: EscalationState, tick: number): boolean {
  return state.changed || (state.nextAt !== null && state.nextAt <= instant(tick));
}

function decide(model: Model, server: number, incident: number, bugs: ExploreBugs): string | null {
  const state = model.paging[incident]!;
  const facts = { status: model.incidents[incident]!.status, severity: 'sev1', alertCount: 1 } as const;
  let next: EscalationState = {
    ...state,
    changed: false,
    seen: seenOf({ ...facts, version: model.incidents[incident]!.version }),
  };
  const { run, status, acknowledgedBy, acknowledgementsNeeded } = state;
  const paging = { status, run, acknowledgedBy, acknowledgementsNeeded };
  const stop = decideStop({
    incident: facts,
    seen: state.seen,
    paging,
    pageAgain: 'severity-rises',
    acknowledgement: null,
  });
  if (stop.action === 'stop') next = { ...next, status: 'stopped', nextAt: null };
  if (stop.action === 'rest') next.nextAt = null;
  if (stop.action === 'begin') {
    next = { ...next, run: run + 1, status: 'waiting', step: 0, stepId: 's1', loop: 0, nextAt: instant(model.tick) };
  }
  let key: string | null = null;
  let paged: string[] = [];
  if (isRunning(next) && (next.status === 'held' || (next.nextAt !== null && next.nextAt <= instant(model.tick)))) {
    const firing = model.alerts.filter((on, alert) => on && incidentOf[alert] === incident).length;
    const suppressed = model.alerts.filter(
      (on, alert) => on && silenced[alert] && incidentOf[alert] === incident,
    ).length;
    const hold = decideHold({
      incidentId: String(incident),
      subject: noSubject,
      silences: [],
      inhibitions: noInhibitions,
      causes: [],
      firing,
      suppressed: bugs.holdIgnored === true ? 0 : suppressed,
    });
    if (hold.held) next = { ...next, status: 'held', nextAt: null };
    else {
      const place = { stepId: next.stepId, index: next.step, loop: next.loop };
      const at = instant(model.tick);
      const output = decideStep({ policy, place, severity: 'sev1', dueAt: next.nextAt ?? at, at, turns: {} });
      if (output.result !== 'fire') next = { ...next, status: 'exhausted', nextAt: null };
      else {
        key = `${incident} ${next.run} ${output.stepId} ${output.loop}`;
        const known = people.map((id) => ({ id, name: id, disabled: false, teamIds: [] }));
        const recipients = decideRecipients({
          targets: output.targets,
          schedules: [],
          teams: [],
          people: known,
          channels: [],
          acknowledgedBy,
          pagedNow: { userIds: [], channelIds: [] },
          restrictedTo: null,
        });
        paged = recipients.people.map((person) => person.id);
        const after = output.next?.place ?? { stepId: null, index: 0, loop: output.loop + 1 };
        // The wait in the small scope's own time.
        const nextAt = instant(model.tick + stepTicks);
        next = { ...next, status: 'waiting', step: after.index, stepId: after.stepId, loop: after.loop, nextAt };
      }
    }
  }
  model.workers[server] = { incident, next, key, people: paged };
  return null;
}

function commit(model: Model, server: number, bugs: ExploreBugs): string | null {
  const { incident, next, key, people: paged } = model.workers[server]!;
  model.workers[server] = null;
  const fresh = key === null || bugs.noStepKey === true || !model.keys.includes(key);
  if (key !== null && fresh) {
    model.fired.push(key);
    if (!model.keys.includes(key)) model.keys.push(key);
    const through = model.alerts.every((on, alert) => incidentOf[alert] !== incident || !on || silenced[alert]);
    const fires = model.alerts.some((on, alert) => on && incidentOf[alert] === incident);
    // Without its lock a decision may be older than what it would see now; that is another promise's matter.
    if (through && fires && bugs.noRowLock !== true) return `incident ${incident} was paged through its silence`;
    for (const person of paged) {
      model.pages.push({ incident, person, open: true, endedAt: null });
      model.notes.push({ status: 'pending', token: 0, until: 0 });
    }
  }
  model.paging[incident] = next;
  return null;
}

function claim(model: Model, server: number, index: number): null {
  const note = model.notes[index]!;
  Object.assign(note, { status: 'sending', token: note.token + 1, until: model.tick + leaseTicks });
  model.senders[server] = { note: index, token: note.token, at: model.tick, sent: false };
  return null;
}

function send(model: Model, server: number, bugs: ExploreBugs): string | null {
  const sender = model.senders[server]!;
  if (bugs.oldClaims !== true && model.tick - sender.at > 1) {
    model.senders[server] = null;
    return null;
  }
  sender.sent = true;
  const { endedAt } = model.pages[sender.note]!;
  return endedAt !== null && model.tick - endedAt >= 2
    ? 'a page left two ticks after its acknowledgement returned'
    : null;
}

function record(model: Model, server: number, bugs: ExploreBugs): string | null {
  const sender = model.senders[server]!;
  model.senders[server] = null;
  const note = model.notes[sender.note]!;
  const stands = note.status === 'sending' && note.token === sender.token;
  if (!stands && bugs.noFencing !== true) return null;
  if (note.status === 'cancelled') return 'a result was written over an acknowledgement';
  if (!stands) return 'a result counted under a claim that another server had taken over';
  note.status = 'sent';
  return null;
}

function crash(model: Model, server: number): null {
  model.workers[server] = null;
  model.senders[server] = null;
  model.crashes += 1;
  return null;
}

function acknowledge(model: Model, person: string, bugs: ExploreBugs): null {
  model.acked.push(person);
  model.incidents[0] = { status: 'acknowledged', version: model.incidents[0]!.version + 1 };
  notice(model, 0);
  const state = model.paging[0]!;
  model.paging[0] = { ...state, acknowledgedBy: [...state.acknowledgedBy, person], changed: false };
  endPages(model, 0, bugs);
  return null;
}

function flap(model: Model, alert: number): null {
  model.flips += 1;
  model.alerts[alert] = !model.alerts[alert];
  const incident = incidentOf[alert]!;
  const fires = model.alerts.some((on, other) => on && incidentOf[other] === incident);
  const { status, version } = model.incidents[incident]!;
  if (!fires && status !== 'resolved') {
    model.incidents[incident] = { status: 'resolved', version: version + 1 };
    notice(model, incident);
    endPages(model, incident, {});
  } else if (fires && status === 'resolved') {
    model.incidents[incident] = { status: 'triggered', version: version + 1 };
    notice(model, incident);
  }
  return null;
}

function endPages(model: Model, incident: number, bugs: ExploreBugs): void {
  model.pages.forEach((page, index) => {
    if (page.incident !== incident || !page.open) return;
    Object.assign(page, { open: false, endedAt: model.tick });
    const note = model.notes[index]!;
    if (bugs.pagesLive !== true && (note.status === 'pending' || note.status === 'sending')) note.status = 'cancelled';
  });
}

function notice(model: Model, incident: number): void {
  const { status, version } = model.incidents[incident]!;
  const facts = { id: String(incident), status, severity: 'sev1', alertCount: 1, version, restrictedTo: null } as const;
  model.paging[incident] = noticed(model.paging[incident] ?? null, facts, instant(model.tick)).next;
}

function brokenIn(model: Model): string | null {
  const twice = model.fired.find((key, index) => model.fired.indexOf(key) !== index);
  return twice === undefined ? null : `step ${twice} fired twice`;
}

/** Nobody can do anything more: then nothing may be left. */
function brokenAtEnd(model: Model): string | null {
  if (model.notes.some((note) => note.status === 'pending' || note.status === 'sending'))
    return 'a message never went out';
  const stuck = model.paging.findIndex(
    (state) => state.changed || (state.status === 'waiting' && isDue(state, model.tick)),
  );
  return stuck < 0 ? null : `paging of incident ${stuck} is due and nobody takes it`;
}

function structuredCopy(model: Model): Model {
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
function keyOf(model: Model): string {
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
