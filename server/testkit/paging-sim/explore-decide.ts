// A server decides one incident in the small scope, by the product's own decisions.
import type { PolicyDraft } from '#server/contract/policy.ts';
import type { StoredDocument } from '#server/modules/config/state.ts';
import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { decideStop } from '#server/modules/escalation/decide-stop.ts';
import { isRunning, seenOf } from '#server/modules/escalation/notice.ts';
import type { EscalationState } from '#server/modules/escalation/state.ts';
import { decideHold } from '#server/modules/routing/decide-hold.ts';
import {
  incidentOf,
  instant,
  type Model,
  people,
  silenced,
  stepTicks,
} from '#server/testkit/paging-sim/explore-model.ts';

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

export function decide(model: Model, server: number, incident: number, bugs: { holdIgnored?: boolean }): string | null {
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
