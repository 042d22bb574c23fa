// One incident while a batch is decided: what joined, left, resolved and got worse, and in the end its new state and
// the timeline entries that tell it.
import type { TimelineData, TimelineEntry, TimelineKind } from '#server/contract/incident.ts';
import { type Cadence, type Severity, severityNumber, severityRank, worstSeverity } from '#server/contract/severity.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import type { GroupChoice } from '#server/modules/grouping/choice.ts';
import { duration, openReason } from '#server/modules/grouping/reason.ts';
import { fillTemplate } from '#server/modules/grouping/template.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';

/** Up to here each alert of an incident stands on the timeline by itself; beyond, only the round numbers do. */
const toldOneByOne = 5;
const milestones = [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000];

type Note = { kind: TimelineKind; text: string; detail?: string; alertId?: string; data?: TimelineData };

export interface Draft {
  state: IncidentState;
  /** `titleTemplate` is that of the rule that opened the incident; null where there is none. */
  join(alert: AlertState, severity: Severity, titleTemplate: string | null): void;
  leave(wasFiring: boolean): void;
  /** A member changed: it resolved or fires again, or stopped flapping. */
  follow(alert: AlertState, wasFiring: boolean): void;
  raise(alert: AlertState, severity: Severity, titleTemplate: string | null): void;
  reopen(at: string, secondsAfter: number): void;
  /** What `finishDraft` needs. */
  told: {
    opened: boolean;
    before: IncidentState | null;
    joined: AlertState[];
    resolved: AlertState[];
    check: boolean;
    notes: Note[];
    statusChanged: boolean;
    severityChanged: boolean;
    touched: boolean;
  };
}

export function createDraft(before: IncidentState, opened = false): Draft {
  const told: Draft['told'] = {
    opened,
    before: opened ? null : before,
    joined: [],
    resolved: [],
    check: false,
    notes: [],
    statusChanged: false,
    severityChanged: false,
    touched: opened,
  };
  const draft: Draft = {
    state: before,
    told,
    join(alert, severity, titleTemplate) {
      change({
        alertCount: draft.state.alertCount + 1,
        firingAlertCount: draft.state.firingAlertCount + (alert.status === 'firing' ? 1 : 0),
        services: withService(draft.state.services, alert.service),
      });
      told.joined.push(alert);
      if (alert.status === 'resolved') told.check = true;
      draft.raise(alert, severity, titleTemplate);
    },
    leave(wasFiring) {
      change({
        alertCount: Math.max(0, draft.state.alertCount - 1),
        firingAlertCount: Math.max(0, draft.state.firingAlertCount - (wasFiring ? 1 : 0)),
      });
      told.check = true;
    },
    follow(alert, wasFiring) {
      const fires = alert.status === 'firing';
      const firingAlertCount = Math.max(0, draft.state.firingAlertCount + Number(fires) - Number(wasFiring));
      change({ firingAlertCount, services: withService(draft.state.services, alert.service) });
      if (fires) return;
      told.check = true;
      if (wasFiring) told.resolved.push(alert);
    },
    raise(alert, severity, titleTemplate) {
      if (told.opened || severityRank(severity) >= severityRank(draft.state.severity)) return;
      const from = severityNumber(draft.state.severity);
      const title = titleOfWorst(draft.state, alert, titleTemplate);
      told.notes.push({
        kind: 'severity',
        text: `Severity raised from ${from} to ${severityNumber(severity)} by “${alert.title}”`,
        alertId: alert.id,
        data: { severity: { from: draft.state.severity, to: severity } },
        ...(title === draft.state.title ? {} : { detail: `The title follows. Before: ${draft.state.title}` }),
      });
      change({ severity, title });
      told.severityChanged = true;
    },
    reopen(at, secondsAfter) {
      change({
        status: 'triggered',
        acknowledgedAt: null,
        acknowledgedBy: null,
        firstAcknowledgedAt: draft.state.firstAcknowledgedAt ?? draft.state.acknowledgedAt,
        mitigatedAt: null,
        resolvedAt: null,
        nextUpdateDueAt: nextUpdateDue(draft.state.updateCadenceMinutes, at),
      });
      told.statusChanged = true;
      told.notes.push({
        kind: 'status',
        text: `Reopened: an alert of its group came ${duration(secondsAfter)} after it closed`,
        data: { status: { from: 'resolved', to: 'triggered' } },
      });
    },
  };
  function change(patch: Partial<IncidentState>): void {
    draft.state = { ...draft.state, ...patch };
    told.touched = true;
  }
  return draft;
}

/** A new incident, still empty: its alerts join it like any other's. */
export function openIncident(given: {
  id: string;
  at: string;
  groupKey: string;
  choice: GroupChoice;
  alerts: readonly AlertState[];
  cadence: Cadence;
}): Draft {
  const { rule } = given.choice;
  const severityOf = (alert: AlertState) => rule.severityMap[alert.severity] ?? alert.severity;
  const severity = worstSeverity(given.alerts.map(severityOf));
  const earlier = (a: AlertState, b: AlertState) => (b.firstSeenAt < a.firstSeenAt ? b : a);
  const first = given.alerts.reduce(earlier);
  const worst = given.alerts.filter((alert) => severityOf(alert) === severity).reduce(earlier);
  const state: IncidentState = {
    id: given.id,
    version: 1,
    number: 0,
    title: fillTemplate(rule.titleTemplate, worst, given.alerts.length),
    severity,
    status: 'triggered',
    impact: null,
    ruleId: rule.id,
    groupKey: given.groupKey,
    groupReason: openReason(given.choice, given.alerts.length),
    resolvePolicy: rule.resolvePolicy,
    reopenSeconds: rule.reopenSeconds,
    declaredBy: null,
    alertCount: 0,
    firingAlertCount: 0,
    services: [],
    startedAt: first.firstSeenAt,
    acknowledgedAt: null,
    acknowledgedBy: null,
    firstAcknowledgedAt: null,
    mitigatedAt: null,
    resolvedAt: null,
    roles: [],
    links: [],
    updateCadenceMinutes: given.cadence[severity],
    nextUpdateDueAt: nextUpdateDue(given.cadence[severity], given.at),
    lastUpdate: null,
    restrictedTo: null,
    mergedInto: null,
    fieldVersions: { status: 1, severity: 1, title: 1, impact: 1, restriction: 1 },
  };
  return createDraft(state, true);
}

/** A rule's title names the worst alert, as long as nobody gave it another: what is an outage is not called by a warning. */
function titleOfWorst(state: IncidentState, alert: AlertState, titleTemplate: string | null): string {
  if (titleTemplate === null || state.ruleId === null || state.fieldVersions['title'] !== 1) return state.title;
  return fillTemplate(titleTemplate, alert, state.alertCount);
}

/** Applies the resolve policy, raises the version and writes the timeline; null if nothing changed. */
export function finishDraft(
  draft: Draft,
  given: { at: string; held(): boolean; ruleName: string | null; cadence: Cadence },
  newId: () => string,
): { state: IncidentState; timeline: TimelineEntry[] } | null {
  const { told } = draft;
  if (!told.touched) return null;
  const notes: Note[] = [
    ...openNotes(draft, given.ruleName),
    ...joinNotes(draft),
    ...told.notes,
    ...resolveNotes(draft),
  ];
  const closes = closing(draft, given.held);
  let state = draft.state;
  if (closes !== null) {
    state = { ...state, status: 'resolved', resolvedAt: given.at, nextUpdateDueAt: null };
    notes.push({ kind: 'status', text: closes, data: { status: { from: draft.state.status, to: 'resolved' } } });
  }
  const version = told.before === null ? 1 : told.before.version + 1;
  const fieldVersions = { ...state.fieldVersions };
  if (told.before !== null && (told.statusChanged || closes !== null)) fieldVersions['status'] = version;
  if (told.severityChanged) {
    fieldVersions['severity'] = version;
    const minutes = given.cadence[state.severity];
    const due = state.status === 'resolved' ? null : nextUpdateDue(minutes, state.lastUpdate?.at ?? state.startedAt);
    state = {
      ...state,
      updateCadenceMinutes: minutes,
      nextUpdateDueAt: due === null || due > given.at ? due : given.at,
    };
  }
  const actor = given.ruleName === null ? 'Tocsin' : `Rule “${given.ruleName}”`;
  const timeline = notes.map((note): TimelineEntry => {
    const { kind, text, detail = null, alertId = null, data = null } = note;
    const source = kind === 'alert' ? 'alert' : 'rule';
    const entry = { id: newId(), version: 1, incidentId: state.id, at: given.at, recordedAt: given.at, actorId: null };
    return { ...entry, kind, source, actor, text, detail, alertId, starred: false, data };
  });
  return { state: { ...state, version, fieldVersions }, timeline };
}

function openNotes({ state, told }: Draft, ruleName: string | null): Note[] {
  if (!told.opened) return [];
  return [
    {
      kind: 'declared',
      text: `Opened by rule “${ruleName ?? ''}”`,
      detail: state.groupReason ?? '',
      data: { severity: { from: null, to: state.severity }, status: { from: null, to: 'triggered' } },
    },
  ];
}

function joinNotes({ state, told: { joined } }: Draft): Note[] {
  const last = joined.at(-1);
  if (last === undefined) return [];
  const before = state.alertCount - joined.length;
  const [verb, plural] = ['joined', joined.length > 1];
  if (before < toldOneByOne) {
    if (!plural) return [{ kind: 'alert', text: `Alert ${verb}: ${last.title}`, alertId: last.id }];
    return [{ kind: 'alert', text: `${joined.length} alerts ${verb}: ${named(joined)}` }];
  }
  const passed = milestones.findLast((count) => before < count && state.alertCount >= count);
  return passed === undefined ? [] : [{ kind: 'alert', text: `${passed} alerts by now, the last one: ${last.title}` }];
}

function resolveNotes({ state, told: { resolved } }: Draft): Note[] {
  if (state.alertCount > toldOneByOne) return [];
  return resolved.map((alert) => ({ kind: 'alert', text: `Alert resolved: ${alert.title}`, alertId: alert.id }));
}

/** Why the incident closes now by its rule's policy, or null if it stays as it is. */
function closing({ state, told }: Draft, held: () => boolean): string | null {
  if (!told.check || state.status === 'resolved' || state.alertCount === 0) return null;
  switch (state.resolvePolicy) {
    case 'never':
      return null;
    case 'first': {
      const first = [...told.resolved, ...told.joined].find((alert) => alert.status === 'resolved' && !alert.flapping);
      return first === undefined ? null : `Resolved: its alert “${first.title}” resolved`;
    }
    case 'all':
      if (state.firingAlertCount > 0 || held()) return null;
      return state.alertCount === 1
        ? 'Resolved: its alert resolved'
        : `Resolved: all its ${state.alertCount} alerts resolved`;
  }
}

function named(alerts: readonly AlertState[]): string {
  const titles = [...new Set(alerts.map((alert) => alert.title))];
  const shown = titles.slice(0, 3).join(', ');
  return titles.length <= 3 ? shown : `${shown} and ${titles.length - 3} more`;
}

function withService(services: string[], service: string | null): string[] {
  return service === null || service === '' || services.includes(service) || services.length >= 100
    ? services
    : [...services, service];
}

function nextUpdateDue(minutes: number | null, from: string): string | null {
  return minutes === null ? null : new Date(Date.parse(from) + minutes * 60_000).toISOString();
}
