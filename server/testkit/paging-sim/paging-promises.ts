// What has to hold after every run of paging, whatever was lost, doubled, frozen or set on the way.
import type { PolicyDraft } from '#server/contract/policy.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import type { EntryDraft } from '#server/modules/ledger/trace.ts';
import type { PageState } from '#server/modules/notify/state.ts';
import type { Fired, NotificationRow } from '#server/testkit/paging-sim/memory-paging.ts';
import type { Sent } from '#server/testkit/paging-sim/model-sender.ts';

/** An acknowledgement whose caller was told that it is done. */
export interface Answered {
  incidentId: string;
  elapsed: number;
  /** Pages that had ended then. */
  ended: ReadonlySet<string>;
  /** The run that stopped, or null when more acknowledgements were needed. */
  run: number | null;
  /** Pages that were open all the same. */
  open: number;
}

export interface PagingDump {
  /** No fault was put in. */
  calm: boolean;
  edited: boolean;
  /** Claims that a crash or a freeze may have cut off, each of which may send once more. */
  cuts: number;
  policies: ReadonlyMap<number, PolicyDraft>;
  fired: Fired[];
  escalations: EscalationState[];
  incidents: IncidentState[];
  pages: PageState[];
  notifications: NotificationRow[];
  sent: Sent[];
  answered: Answered[];
  /** Incidents with steps forced by hand. */
  forced: ReadonlySet<string>;
  /** Pages made while every firing alert of the incident was under an active silence. */
  throughSilence: string[];
  /** Notifications whose end was written over. */
  unsettled: string[];
  entries: EntryDraft[];
}

export const aheadMs = 50;
export const lateMs = 2_000;

export function brokenPagingPromises(dump: PagingDump): string[] {
  const broken: string[] = [];
  const expect = (holds: boolean, promise: string) => {
    if (!holds) broken.push(promise);
  };
  stepsOnce(dump, expect);
  for (const fired of Map.groupBy(dump.fired, (step) => `${step.incidentId} ${step.run}`).values()) {
    inOrderAndTime(dump, fired, expect);
  }
  nothingLeft(dump, expect);
  afterAcknowledgement(dump, expect);
  sending(dump, expect);
  for (const id of dump.unsettled) expect(false, `the end of notification ${id.slice(-4)} was written over`);
  for (const page of dump.throughSilence) expect(false, `${page} was paged through a silence`);
  reasons(dump, expect);
  return broken;
}

type Expect = (holds: boolean, promise: string) => void;

function stepsOnce({ fired }: PagingDump, expect: Expect): void {
  const times = Map.groupBy(
    fired,
    (step) => `${step.incidentId} run ${step.run} step ${step.stepId} loop ${step.loop}`,
  );
  for (const [step, list] of times) expect(list.length === 1, `${step} fired ${list.length} times`);
}

function inOrderAndTime(dump: PagingDump, list: readonly Fired[], expect: Expect): void {
  // In the order of their commits.
  const steps = list.filter((step) => step.policyVersion > 0);
  const paging = new Set(dump.pages.map((page) => `${page.incidentId} ${page.loop} ${page.step} ${page.at}`));
  for (const [index, step] of steps.entries()) {
    const name = `step ${placeOf(dump, step)?.index} loop ${step.loop} of ${step.incidentId.slice(-4)} run ${step.run}`;
    const late = Date.parse(step.firedAt) - Date.parse(step.dueAt);
    expect(late >= 0, `${name} fired ${-late} ms before it was due`);
    expect(!dump.calm || late <= lateMs, `${name} fired ${late} ms late, and nothing was wrong`);
    const before = steps[index - 1];
    if (before === undefined || dump.forced.has(step.incidentId)) continue;
    const place = placeOf(dump, before);
    // Who was not there is not waited for.
    const key = `${before.incidentId} ${before.loop} ${place?.index} ${before.firedAt}`;
    if (place !== null && paging.has(key)) {
      const due = before.decided - (Date.parse(before.firedAt) - Date.parse(before.dueAt)) + place.delayMs;
      expect(step.decided >= due - aheadMs, `${name} fired ${due - step.decided} ms early`);
    }
    if (!dump.edited && place !== null) {
      const gap = order(dump, step) - order(dump, before);
      expect(gap === 1 || place.conditional, `${name} came ${gap} places after the one before: steps were missed`);
    }
  }
}

function placeOf({ policies }: PagingDump, step: Fired) {
  const steps = policies.get(step.policyVersion)?.steps ?? [];
  const index = steps.findIndex((other) => other.id === step.stepId);
  if (index < 0) return null;
  const conditional = steps.some((other) => other.when.severities.length > 0);
  const shortest = index === steps.length - 1 && steps.every((other) => other.delayMinutes === 0) ? 60_000 : 0;
  return { index, count: steps.length, conditional, delayMs: Math.max(shortest, steps[index]!.delayMinutes * 60_000) };
}

function order(dump: PagingDump, step: Fired): number {
  const place = placeOf(dump, step);
  return place === null ? step.elapsed : step.loop * place.count + place.index;
}

function nothingLeft(
  { escalations, incidents, notifications, edited, fired, forced, policies }: PagingDump,
  expect: Expect,
): void {
  for (const state of escalations) {
    const incident = incidents.find((other) => other.id === state.id);
    const name = `paging of ${state.id.slice(-4)}`;
    expect(!state.changed, `${name} was never looked at after its last change`);
    expect(state.status !== 'waiting', `${name} still waits for ${state.nextAt}`);
    expect(incident?.status !== 'triggered' || state.run > 0, `${name} never began`);
    // Whoever is not there now may be there for the next repeat.
    const ranOut = state.status === 'exhausted' || state.status === 'nobody';
    if (!ranOut || edited || forced.has(state.id)) continue;
    const draft = policies.get(state.policyVersion ?? 0);
    if (draft === undefined || draft.steps.some((step) => step.when.severities.length > 0)) continue;
    const done = fired.filter(
      (step) => step.incidentId === state.id && step.run === state.run && step.policyVersion > 0,
    );
    const wanted = draft.steps.length * ((draft.repeat ?? 0) + 1);
    expect(done.length === wanted, `${name} is ${state.status} after ${done.length} of ${wanted} steps`);
  }
  for (const incident of incidents) {
    expect(
      escalations.some((state) => state.id === incident.id),
      `#${incident.number} has no paging`,
    );
  }
  const open = notifications.filter((row) => row.status === 'pending' || row.status === 'sending');
  const rows = open.map(
    (row) => `${row.status} of ${row.incidentId.slice(-4)} due ${row.dueAt}, ${row.attempts} tries`,
  );
  expect(open.length === 0, `notifications never went out: ${rows.join('; ')}`);
}

function afterAcknowledgement({ answered, sent, fired }: PagingDump, expect: Expect): void {
  for (const answer of answered) {
    expect(
      answer.run === null || answer.open === 0,
      'pages stayed open after the acknowledgement that stopped their run',
    );
    for (const send of sent) {
      const late = send.elapsed - answer.elapsed;
      expect(
        late <= 1_000 || !answer.ended.has(send.pageId),
        `a page left ${late} ms after its acknowledgement returned`,
      );
    }
    for (const step of fired) {
      const after = step.elapsed > answer.elapsed + 1_000;
      const stopped = answer.run !== null && step.incidentId === answer.incidentId && step.run <= answer.run;
      expect(
        !after || !stopped,
        `a step fired ${step.elapsed - answer.elapsed} ms after the acknowledgement that stopped it`,
      );
    }
  }
}

function sending({ sent, notifications, pages, cuts }: PagingDump, expect: Expect): void {
  const times = Map.groupBy(sent, (send) => send.id);
  let again = 0;
  for (const row of notifications) {
    const count = times.get(row.id)?.length ?? 0;
    // Each attempt that was written down sent once; beyond that only what was cut off between sending and writing.
    again += Math.max(0, count - row.attempts - (row.status === 'cancelled' ? 1 : 0));
    const settled = row.status === 'delivered' || row.status === 'sent';
    expect(!settled || count > 0, `notification ${row.id.slice(-4)} is ${row.status} and was never sent`);
  }
  expect(again <= cuts, `${again} messages went twice, and ${cuts} were cut off`);
  for (const send of sent) expect(send.written, 'a message left before its intent was written');
  const told = new Set(notifications.map((row) => row.pageId));
  for (const page of pages) expect(told.has(page.id), `page ${page.number} has nothing that tells it`);
}

function reasons({ pages, entries }: PagingDump, expect: Expect): void {
  const planned = new Set(entries.filter((entry) => entry.kind === 'plan').map((entry) => entry.pageId));
  const whys = new Set(
    entries
      .filter((entry) => ['step', 'forced'].includes(entry.kind) || entry.title.startsWith('Paging fell back'))
      .map((entry) => `${entry.incidentId} ${entry.at}`),
  );
  for (const page of pages) {
    const why = planned.has(page.id) && whys.has(`${page.incidentId} ${page.at}`) && page.reason !== '';
    expect(why, `page ${page.number} has no reason in the ledger`);
  }
}
