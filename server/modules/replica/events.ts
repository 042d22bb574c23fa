// Turns changes of state into named events for programs that want facts rather than a replica.
import type { EventName } from '#server/contract/events.ts';
import type { Change } from '#server/contract/replica.ts';

/** Things whose last status is remembered; the feed carries states, and an event is the difference between two. */
const rememberedMost = 20_000;

/** One a subscriber: fed every change it may see, in order. */
export function createEventNaming(): (change: Change) => EventName | null {
  const lastStatus = new Map<string, string>();

  return (change) => {
    if (change.op === 'delete') {
      lastStatus.delete(change.id);
      return null;
    }
    switch (change.entity) {
      case 'alert':
        return nameTransition(change.id, change.version, statusOf(change.body), alertNames);
      case 'incident':
        return nameTransition(change.id, change.version, statusOf(change.body), incidentNames);
      case 'timeline':
        return change.version === 1 ? 'TIMELINE_ADDED' : null;
      case 'chat':
        return change.version === 1 ? 'CHAT_POSTED' : null;
      case 'change':
        return change.version === 1 ? 'CHANGE_RECORDED' : null;
      case 'service':
        return 'SERVICE_CHANGED';
      default:
        return null;
    }
  };

  function nameTransition(id: string, version: number, status: string, names: Names): EventName {
    const before = lastStatus.get(id);
    lastStatus.delete(id);
    lastStatus.set(id, status);
    if (lastStatus.size > rememberedMost) lastStatus.delete(lastStatus.keys().next().value ?? '');
    const ended = status === 'resolved';
    // Not seen before and past its first version: a change of something older than this subscription.
    if (before === undefined) return version === 1 && !ended ? names.began : ended ? names.ended : names.changed;
    if (ended && before !== 'resolved') return names.ended;
    return !ended && before === 'resolved' ? names.began : names.changed;
  }
}

interface Names {
  began: EventName;
  changed: EventName;
  ended: EventName;
}
const alertNames: Names = { began: 'ALERT_FIRED', changed: 'ALERT_CHANGED', ended: 'ALERT_RESOLVED' };
const incidentNames: Names = { began: 'INCIDENT_OPENED', changed: 'INCIDENT_CHANGED', ended: 'INCIDENT_RESOLVED' };

function statusOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('status' in body)) return '';
  return String(body.status);
}
