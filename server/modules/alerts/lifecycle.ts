// The life of an alert as pure decisions: what each signal, person and passing of time makes of it, and why in words.
import type { AlertEvent } from '#server/contract/alert.ts';
import type { Labels } from '#server/contract/primitives.ts';
import { severityNumber, severityRank } from '#server/contract/severity.ts';
import type { AlertSignal } from '#server/contract/signal.ts';
import {
  type AlertDecision,
  changed,
  event,
  flappingWindowMs,
  marked,
  type NewId,
  resolved,
  shift,
  turned,
} from '#server/modules/alerts/decision.ts';
import { withArrival } from '#server/modules/alerts/recent.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';

const oldestStartMs = 30 * 86_400_000;

/**
 * What a signal makes of the newest alert of its key.
 *
 * The log's order decides, but for one case: news that was received before the newest the source said (`lastSeenAt`) is
 * late. A late firing does not open a key again that resolved since, and does not overwrite newer words; a late
 * resolve does not close what fired since. A `lastSeenAt` in the future only says that the clock was set back: then
 * nothing counts as late.
 */
export function decideSignal(latest: AlertState | null, signal: AlertSignal, now: string, newId: NewId): AlertDecision {
  const received = new Date(signal.receivedAt).toISOString();
  const late = latest !== null && received < latest.lastSeenAt && latest.lastSeenAt <= now;
  switch (signal.action) {
    case 'fire':
      if (latest === null) return opened(null, signal, received, newId);
      if (latest.status === 'firing') return repeated(latest, signal, received, late, newId);
      if (late)
        return {
          kind: 'unchanged',
          reason: `It fired before it resolved at ${latest.lastSeenAt}; the news came late.`,
        };
      return opened(latest, signal, received, newId);
    case 'acknowledge':
      if (latest?.status !== 'firing') return { kind: 'unchanged', reason: 'Nothing of this key is firing.' };
      if (latest.acknowledged) return { kind: 'unchanged', reason: 'It is acknowledged already.' };
      return changed(
        latest,
        {
          acknowledged: true,
          acknowledgedBy: null,
          acknowledgedAt: received,
          lastSeenAt: seen(latest, received, late),
        },
        [
          event(
            latest.id,
            received,
            'acknowledged',
            `Its source, ${signal.source}, says it was acknowledged there.`,
            newId,
          ),
        ],
      );
    case 'resolve':
      if (latest?.status !== 'firing') return { kind: 'unchanged', reason: 'Nothing of this key is firing.' };
      if (late) return { kind: 'unchanged', reason: `It fired again after this resolve, at ${latest.lastSeenAt}.` };
      return resolved(
        { ...latest, lastSeenAt: received },
        latest,
        received,
        [event(latest.id, received, 'resolved', `Its source, ${signal.source}, says it is over.`, newId)],
        newId,
      );
  }
}

/** Past its source's end time without being sent again. */
export function decideExpiry(alert: AlertState, now: string, newId: NewId): AlertDecision {
  if (alert.status !== 'firing') return { kind: 'unchanged', reason: 'It is resolved already.' };
  if (alert.endsAt === null || alert.endsAt > now) return { kind: 'unchanged', reason: 'Its end time has not passed.' };
  const cause = `Its source stopped sending it; the end time it gave, ${clockTime(alert.endsAt)}, passed.`;
  return resolved(alert, alert, now, [event(alert.id, now, 'expired', cause, newId)], newId);
}

/** Takes the mark off an alert that flapped and has been quiet since. */
export function decideSettled(alert: AlertState, now: string, newId: NewId): AlertDecision {
  if (!alert.flapping) return { kind: 'unchanged', reason: 'It does not flap.' };
  if (settlesAt(alert) > now) return { kind: 'unchanged', reason: 'It changed too recently.' };
  const cause = `It stayed ${alert.status} for ${flappingWindowMs / 60_000} minutes.`;
  return changed(alert, { flapping: false }, [event(alert.id, now, 'flapping-stopped', cause, newId)]);
}

/** When a flapping alert settles unless it changes again. */
export function settlesAt(alert: AlertState): string {
  return shift(alert.transitions.at(-1) ?? alert.firstSeenAt, flappingWindowMs);
}

function opened(previous: AlertState | null, signal: AlertSignal, received: string, newId: NewId): AlertDecision {
  const id = newId();
  const began =
    signal.startsAt === null
      ? received
      : new Date(Math.max(signal.startsAt, signal.receivedAt - oldestStartMs)).toISOString();
  const fresh: AlertState = {
    id,
    version: 1,
    integrationId: signal.integrationId,
    dedupKey: signal.dedupKey,
    fingerprint: signal.fingerprint,
    status: 'firing',
    acknowledged: false,
    acknowledgedBy: null,
    acknowledgedAt: null,
    suppressed: false,
    suppressedBy: null,
    flapping: false,
    severity: signal.severity,
    source: signal.source,
    service: signal.service,
    serviceId: null,
    title: signal.title,
    labels: signal.labels,
    annotations: signal.annotations,
    sourceUrl: signal.sourceUrl,
    runbookUrl: signal.runbookUrl,
    count: 1,
    // Never before the end of the alert that came before it, whatever the source says.
    firstSeenAt: later(began < received ? began : received, previous?.resolvedAt ?? null, received),
    lastSeenAt: received,
    endsAt: signal.endsAt === null ? null : new Date(signal.endsAt).toISOString(),
    resolvedAt: null,
    incidentId: null,
    groupKey: null,
    ruleId: null,
    placedBy: null,
    groupReason: null,
    previousId: previous?.id ?? null,
    recent: withArrival(null, received),
    transitions: previous?.transitions ?? [],
    audience: null,
  };
  const cause =
    previous === null
      ? `${signal.source} sent it for the first time.`
      : `${signal.source} sent it again after it had resolved.`;
  const next = turned(fresh, received);
  const events = [event(id, received, 'fired', cause, newId)];
  if (previous?.flapping !== true || settlesAt(previous) <= received)
    return marked(null, next, received, events, newId);
  // The mark moves on to the newer alert of the key.
  return {
    kind: 'changed',
    changes: [
      { before: previous, after: { ...previous, flapping: false } },
      { before: null, after: { ...next, flapping: true } },
    ],
    events,
  };
}

function repeated(
  alert: AlertState,
  signal: AlertSignal,
  received: string,
  late: boolean,
  newId: NewId,
): AlertDecision {
  const counted = {
    count: alert.count + 1,
    lastSeenAt: seen(alert, received, late),
    recent: withArrival(alert.recent ?? null, received),
  };
  if (late) return changed(alert, counted, []);
  const events: AlertEvent[] = [];
  if (signal.severity !== alert.severity) {
    const verb = severityRank(signal.severity) < severityRank(alert.severity) ? 'rose' : 'fell';
    const cause = `Its severity ${verb} from ${severityNumber(alert.severity)} to ${severityNumber(signal.severity)}: ${signal.source} sent it so.`;
    events.push(event(alert.id, received, 'severity-changed', cause, newId));
  }
  if (signal.title !== alert.title) {
    events.push(
      event(
        alert.id,
        received,
        'repeated',
        `${signal.source} sent it with a new title; it was “${alert.title}”.`,
        newId,
      ),
    );
  }
  return changed(
    alert,
    {
      ...counted,
      severity: signal.severity,
      title: signal.title,
      service: signal.service,
      labels: same(alert.labels, signal.labels),
      annotations: same(alert.annotations, signal.annotations),
      sourceUrl: signal.sourceUrl,
      runbookUrl: signal.runbookUrl,
      endsAt: signal.endsAt === null ? null : new Date(signal.endsAt).toISOString(),
    },
    events,
  );
}

/** The old object if it says the same, so that whoever compares before and after sees at once that nothing changed. */
function same(before: Labels, after: Labels): Labels {
  const names = Object.keys(after);
  return names.length === Object.keys(before).length && names.every((name) => before[name] === after[name])
    ? before
    : after;
}

function seen(alert: AlertState, received: string, late: boolean): string {
  return late ? alert.lastSeenAt : received;
}

function later(began: string, bound: string | null, received: string): string {
  if (bound === null || began >= bound) return began;
  return bound < received ? bound : received;
}

function clockTime(instant: string): string {
  return `${instant.slice(11, 19)} UTC`;
}
