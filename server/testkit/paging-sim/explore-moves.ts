// The atomic steps of the small scope: what can happen next, and what each does to the model. A step that breaks a promise
// answers it in words.
import { decide } from '#server/testkit/paging-sim/explore-decide.ts';
import {
  incidentOf,
  isDue,
  leaseTicks,
  type Model,
  notice,
  people,
  silenced,
} from '#server/testkit/paging-sim/explore-model.ts';

export interface ExploreBugs {
  noStepKey?: boolean;
  /** Both servers may take the same row. */
  noRowLock?: boolean;
  oldClaims?: boolean;
  pagesLive?: boolean;
  holdIgnored?: boolean;
  noFencing?: boolean;
}

type Move = [name: string, move: (model: Model) => string | null];

export function movesOf(
  model: Model,
  bugs: ExploreBugs,
  limits: { ticks: number; flips: number; crashes: number },
): Move[] {
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
