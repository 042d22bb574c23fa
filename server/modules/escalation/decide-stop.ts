// Whether paging begins, begins anew, goes on or ends, after what happened to the incident. Pure.
import type { Escalation, PolicyDraft } from '#server/contract/policy.ts';
import type { IncidentStatus } from '#server/contract/incident.ts';
import { severityInWords, type Severity, severityRank } from '#server/contract/severity.ts';

export interface StopInput {
  incident: { status: IncidentStatus; severity: Severity; alertCount: number };
  /** The same when paging last looked. */
  seen: { status: IncidentStatus; severity: Severity; alertCount: number };
  paging: Pick<Escalation, 'status' | 'run' | 'acknowledgedBy' | 'acknowledgementsNeeded'>;
  pageAgain: PolicyDraft['pageAgain'];
  /** Somebody acknowledges just now. */
  acknowledgement: { userId: string; name: string } | null;
}

export interface StopOutput {
  /** begin: a new run. go-on: nothing changes for the run. stop: it ends. rest: none runs, and none begins. */
  action: 'begin' | 'go-on' | 'stop' | 'rest';
  cause:
    | 'opened'
    | 'reopened'
    | 'severity-rose'
    | 'new-alert'
    | 'acknowledged'
    | 'mitigated'
    | 'resolved'
    | 'more-needed'
    | null;
  /** In words. */
  text: string;
  acknowledgedBy: string[];
}

export function decideStop({ incident, seen, paging, pageAgain, acknowledgement }: StopInput): StopOutput {
  const { acknowledgedBy, acknowledgementsNeeded: needed } = paging;
  const runs = paging.status === 'waiting' || paging.status === 'held';
  const answer = (
    action: StopOutput['action'],
    cause: StopOutput['cause'],
    text: string,
    by = acknowledgedBy,
  ): StopOutput => ({ action, cause, text, acknowledgedBy: by });

  if (acknowledgement !== null) {
    const by = acknowledgedBy.includes(acknowledgement.userId)
      ? acknowledgedBy
      : [...acknowledgedBy, acknowledgement.userId];
    const { name } = acknowledgement;
    if (by.length >= needed) return answer('stop', 'acknowledged', acknowledgedText(name, by.length, needed), by);
    const action = runs ? 'go-on' : 'rest';
    return answer(action, 'more-needed', `${name} acknowledged; ${by.length} of ${needed} needed`, by);
  }
  if (incident.status === 'resolved' || incident.status === 'mitigated') {
    return runs ? answer('stop', incident.status, `it is ${incident.status}`) : answer('rest', null, '');
  }
  const rose = severityRank(incident.severity) < severityRank(seen.severity);
  const risen = `its severity rose from ${severityInWords(seen.severity)} to ${severityInWords(incident.severity)}`;
  const grew = pageAgain === 'every-alert' && incident.alertCount > seen.alertCount;
  const grown = 'a new alert joined it, and its policy pages for each';

  if (incident.status === 'triggered') {
    if (paging.run === 0) return answer('begin', 'opened', 'the incident opened', []);
    if (paging.status === 'stopped') return answer('begin', 'reopened', 'the incident is open again', []);
    // Whoever was paged has had every step; what is worse than then is worth paging for again.
    if (!runs && rose) return answer('begin', 'severity-rose', risen, []);
    if (!runs && grew) return answer('begin', 'new-alert', grown, []);
    return answer(runs ? 'go-on' : 'rest', null, '');
  }
  if (runs) {
    // Acknowledged in another way than by an acknowledgement counted here, as by a merge or an old server.
    const counted = acknowledgedBy.length >= needed || (seen.status === 'triggered' && needed === 1);
    return counted ? answer('stop', 'acknowledged', 'it is acknowledged') : answer('go-on', null, '');
  }
  if (rose) return answer('begin', 'severity-rose', `${risen} after it was acknowledged`, []);
  if (grew) return answer('begin', 'new-alert', grown, []);
  return answer('rest', null, '');
}

function acknowledgedText(name: string, count: number, needed: number): string {
  return needed === 1 ? `${name} acknowledged` : `${name} acknowledged; that makes ${count} of ${needed} needed`;
}
