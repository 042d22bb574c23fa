// A route, an inhibition and a monitor said in sentences. Pure.
import type { InhibitionDraft, Monitor, MonitorDraft, RouteDraft } from '#server/contract/route.ts';
import { duration } from '../grouping/rule-words.ts';
import { listed } from '../policies/policy-words.ts';

export interface RouteNames {
  policy: (id: string) => string | null;
  channel: (id: string) => string;
}

export function routeWords(route: RouteDraft, builtIn: boolean, names: RouteNames): string {
  const which = builtIn
    ? 'What no route above takes'
    : route.condition.trim() === 'true'
      ? 'Every incident'
      : 'An incident that fits the condition';
  const policy = route.policyId === null ? null : names.policy(route.policyId);
  const pages =
    route.policyId === null
      ? 'pages nobody, and the ledger says so'
      : policy === null
        ? 'pages with a policy that is gone: nobody'
        : `pages with ${policy}${priorityWords[route.priority]}`;
  const waits = route.holdSeconds === 0 ? '' : ` after ${duration(route.holdSeconds)}`;
  const tells =
    route.channelIds.length === 0 ? '' : ` ${listed(route.channelIds.map(names.channel))} is told as it goes on.`;
  const service = route.service.trim() === '' ? '' : ` Without a service of its own it counts for ${route.service}.`;
  return `${which} ${pages}${waits}.${tells}${service}`;
}

const priorityWords: Record<RouteDraft['priority'], string> = {
  'by-severity': ', severity 1 and 2 as important',
  important: ', always as important',
  default: ', never as important',
};

export function inhibitionWords(draft: InhibitionDraft): string {
  const same = draft.equal.length === 0 ? '' : ` if both have the same ${listed(draft.equal)}`;
  return `While an incident that fits the cause is open, those that fit the symptom page nobody${same}. They page when the cause is over and they are not.`;
}

export function monitorWords(draft: MonitorDraft): string {
  const on = draft.service.trim() === '' ? '' : ` on ${draft.service}`;
  const severity = draft.severity === 'info' ? 'an info alert' : `a severity ${draft.severity.slice(3)} alert`;
  return `A call is expected every ${duration(draft.intervalSeconds)}; ${duration(draft.intervalSeconds + draft.graceSeconds)} after the last one, silence is ${severity}${on}. The next call resolves it.`;
}

/** One word of state, and the mark that goes with it. Unknown never looks healthy. */
export function monitorState(monitor: Monitor, nowMs: number): { mark: 'ok' | 'unknown' | 'failed'; words: string } {
  switch (monitor.status) {
    case 'off':
      return { mark: 'unknown', words: 'switched off' };
    case 'waiting':
      return { mark: 'unknown', words: 'waits for its first call' };
    case 'missed':
      return { mark: 'failed', words: 'silent' };
    case 'healthy':
      return monitor.dueAt !== null && Date.parse(monitor.dueAt) < nowMs - 60_000
        ? { mark: 'unknown', words: 'not known now' }
        : { mark: 'ok', words: 'on time' };
  }
}
