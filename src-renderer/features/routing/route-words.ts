// A route, an inhibition and a monitor said in sentences. Pure.
import type { InhibitionDraft, Monitor, MonitorDraft, RouteDraft } from '#server/contract/route.ts';
import { listText, t } from '../../language/words.ts';
import { duration } from '../grouping/rule-words.ts';

export interface RouteNames {
  policy: (id: string) => string | null;
  channel: (id: string) => string;
}

export function routeWords(route: RouteDraft, builtIn: boolean, names: RouteNames): string {
  const which = builtIn
    ? t`What no route above takes`
    : route.condition.trim() === 'true'
      ? t`Every incident`
      : t`An incident that fits the condition`;
  const policy = route.policyId === null ? null : names.policy(route.policyId);
  const sentences = [
    route.policyId === null
      ? t`${which} pages nobody, and the ledger says so.`
      : policy === null
        ? t`${which} pages with a policy that is gone: nobody.`
        : pagesWords(which, policy, route),
  ];
  if (route.channelIds.length > 0)
    sentences.push(t`${listText(route.channelIds.map(names.channel))} is told as it goes on.`);
  if (route.service.trim() !== '') sentences.push(t`Without a service of its own it counts for ${route.service}.`);
  return sentences.join(' ');
}

function pagesWords(which: string, policy: string, { priority, holdSeconds }: RouteDraft): string {
  const hold = duration(holdSeconds);
  switch (priority) {
    case 'by-severity':
      return holdSeconds === 0
        ? t`${which} pages with ${policy}, severity 1 and 2 as important.`
        : t`${which} pages with ${policy}, severity 1 and 2 as important after ${hold}.`;
    case 'important':
      return holdSeconds === 0
        ? t`${which} pages with ${policy}, always as important.`
        : t`${which} pages with ${policy}, always as important after ${hold}.`;
    case 'default':
      return holdSeconds === 0
        ? t`${which} pages with ${policy}, never as important.`
        : t`${which} pages with ${policy}, never as important after ${hold}.`;
  }
}

export function inhibitionWords(draft: InhibitionDraft): string {
  return draft.equal.length === 0
    ? t`While an incident that fits the cause is open, those that fit the symptom page nobody. They page when the cause is over and they are not.`
    : t`While an incident that fits the cause is open, those that fit the symptom page nobody if both have the same ${listText(draft.equal)}. They page when the cause is over and they are not.`;
}

export function monitorWords(draft: MonitorDraft): string {
  const alert = draft.severity === 'info' ? t`an info alert` : t`a severity ${draft.severity.slice(3)} alert`;
  const what = draft.service.trim() === '' ? alert : t`${alert} on ${draft.service}`;
  return t`A call is expected every ${duration(draft.intervalSeconds)}; ${duration(draft.intervalSeconds + draft.graceSeconds)} after the last one, silence is ${what}. The next call resolves it.`;
}

/** One word of state, and the mark that goes with it. Unknown never looks healthy. */
export function monitorState(monitor: Monitor, nowMs: number): { mark: 'ok' | 'unknown' | 'failed'; words: string } {
  switch (monitor.status) {
    case 'off':
      return { mark: 'unknown', words: t`switched off` };
    case 'waiting':
      return { mark: 'unknown', words: t`waits for its first call` };
    case 'missed':
      return { mark: 'failed', words: t`silent` };
    case 'healthy':
      return monitor.dueAt !== null && Date.parse(monitor.dueAt) < nowMs - 60_000
        ? { mark: 'unknown', words: t`not known now` }
        : { mark: 'ok', words: t`on time` };
  }
}
