// How bad it was, over time: severity and status as the entries say them. What no entry says is unknown, never calm.
import type { Incident, IncidentStatus } from '#server/contract/incident.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { TimelineEvent } from './events.ts';

export interface ImpactSpan {
  fromMs: number;
  toMs: number;
  /** Null is not known. */
  severity: Severity | null;
  status: Exclude<IncidentStatus, 'resolved'>;
  /** It goes on. */
  open: boolean;
}

interface Step<T> {
  ms: number;
  to: T;
}

export function impactOf(incident: Incident, events: readonly TimelineEvent[], nowMs: number): ImpactSpan[] {
  const startMs = Date.parse(incident.startedAt);
  const impact = events.filter((event) => event.lane === 'impact' || event.entry?.kind === 'merge');
  const severities = severitySteps(incident, impact, startMs);
  const statuses = statusSteps(incident, impact, startMs);
  const edges = [...new Set([...severities, ...statuses].map(({ ms }) => ms))].toSorted((a, b) => a - b);
  const spans: ImpactSpan[] = [];
  edges.forEach((fromMs, i) => {
    const last = i === edges.length - 1;
    const toMs = last ? Math.max(nowMs, fromMs) : (edges[i + 1] as number);
    const status = valueAt(statuses, fromMs) ?? 'triggered';
    if (status === 'resolved') return;
    spans.push({ fromMs, toMs, severity: valueAt(severities, fromMs) ?? null, status, open: last });
  });
  return spans;
}

function severitySteps(incident: Incident, events: readonly TimelineEvent[], startMs: number): Step<Severity | null>[] {
  const changes = events.filter(({ entry }) => entry?.kind === 'severity');
  const declared = events.find(({ entry }) => entry?.kind === 'declared')?.entry?.data?.severity?.to;
  const first = changes[0]?.entry?.data?.severity?.from;
  const steps: Step<Severity | null>[] = [
    { ms: startMs, to: declared ?? first ?? (changes.length === 0 ? incident.severity : null) },
  ];
  changes.forEach(({ ms, entry }, i) => {
    // An entry of before says it in words only; what the last one set is what the incident has now.
    const last = i === changes.length - 1;
    steps.push({ ms: Math.max(ms, startMs), to: entry?.data?.severity?.to ?? (last ? incident.severity : null) });
  });
  return steps;
}

function statusSteps(incident: Incident, events: readonly TimelineEvent[], startMs: number): Step<IncidentStatus>[] {
  const steps: Step<IncidentStatus>[] = [{ ms: startMs, to: 'triggered' }];
  for (const { ms, entry } of events) {
    const status = entry?.data?.status;
    if (status !== undefined && status.from !== null) steps.push({ ms: Math.max(ms, startMs), to: status.to });
  }
  const told = new Set(steps.map(({ to }) => to));
  const fields: [IncidentStatus, string | null][] = [
    ['acknowledged', incident.acknowledgedAt],
    ['mitigated', incident.mitigatedAt],
    ['resolved', incident.resolvedAt],
  ];
  for (const [to, at] of fields) {
    if (at !== null && !told.has(to)) steps.push({ ms: Math.max(Date.parse(at), startMs), to });
  }
  return steps.toSorted((a, b) => a.ms - b.ms);
}

/** The last step at or before it. */
function valueAt<T>(steps: readonly Step<T>[], ms: number): T | undefined {
  return steps.findLast((step) => step.ms <= ms)?.to;
}

export function severityAt(spans: readonly ImpactSpan[], ms: number): Severity | null {
  return spans.findLast((span) => span.fromMs <= ms)?.severity ?? null;
}
