// What the desktop is told of the page, and what an answer pressed outside the window comes to. Pure.
import type { Answer, DesktopNotification, MenuCommand, PageState } from '../../../src-main/bridge.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { Action, IntentResult } from '#server/contract/intent.ts';
import type { Page } from '#server/contract/page.ts';
import { capital, t, term } from '../../language/words.ts';
import type { ActiveCommand } from '../../ui/commands.ts';
import { codeOf, isOpen } from '../incidents/incident-facts.ts';

/** `Commander of INC-7`: the first role in an open incident; an update waits for it. */
export function heldRoleOf(incidents: Iterable<Incident>, meId: string): string | null {
  for (const incident of incidents) {
    const slot = isOpen(incident) ? incident.roles.find(({ userId }) => userId === meId) : undefined;
    if (slot !== undefined) return clipped(t`${capital(slot.role)} of ${codeOf(incident)}`, 300);
  }
  return null;
}

/** My newest page that nobody has answered. */
export function latestPageOf(
  pages: Iterable<Page>,
  incidents: ReadonlyMap<string, Incident>,
  meId: string,
  escalateTo: (incidentId: string) => string | null,
): PageState['latest'] {
  let latest: Page | null = null;
  for (const page of pages) {
    if (page.userId !== meId || page.status !== 'open' || !incidents.has(page.incidentId)) continue;
    if (latest === null || page.at > latest.at) latest = page;
  }
  const incident = incidents.get(latest?.incidentId ?? '');
  if (incident === undefined) return null;
  return {
    incidentId: incident.id,
    escalateTo: escalateTo(incident.id),
    title: clipped(`${codeOf(incident)} ${incident.title}`, 300),
    path: `/incidents/${incident.id}/answer`,
  };
}

export function menuCommandsOf(commands: readonly ActiveCommand[]): MenuCommand[] {
  return commands.slice(0, 500).map(({ id, label, group, keys, unavailable }) => ({
    id: clipped(id, 100),
    label: clipped(label, 300),
    group: clipped(term(group ?? ''), 100),
    keys: keys === null ? null : clipped(keys, 100),
    unavailable: unavailable === null || unavailable === undefined ? null : clipped(unavailable, 500),
  }));
}

export type AnswerPlan = { do: 'act'; action: Action } | { do: 'show'; why: string };

/** Escalates to nobody else than the button named: by the time it is pressed another step may be next. */
export function planOf(
  answer: Answer,
  facts: { known: boolean; cannot: string | null; escalateTo: string | null },
): AnswerPlan {
  const { kind, incidentId } = answer;
  if (!facts.known) return { do: 'show', why: t`its incident is not on this machine` };
  if (facts.cannot !== null) return { do: 'show', why: facts.cannot };
  if (kind === 'acknowledge') return { do: 'act', action: { kind: 'incident.acknowledge', incidentId } };
  if (answer.escalateTo === null) return { do: 'show', why: t`nobody would be paged next` };
  if (answer.escalateTo !== facts.escalateTo)
    return { do: 'show', why: t`by now it would page ${facts.escalateTo ?? t`nobody`}, not ${answer.escalateTo}` };
  return { do: 'act', action: { kind: 'escalation.escalate', incidentId, target: null } };
}

/** Null: the server has not answered within the time that a person waits. */
export type Came = IntentResult | { outcome: 'refused' | 'not-done'; reason: string } | null;

/** Takes the place of the notification that was pressed. Only what the server said is said to be so. */
export function outcomeOf(answer: Answer, incident: Incident | undefined, came: Came): DesktopNotification {
  const what = incident === undefined ? t`It` : `${codeOf(incident)} ${incident.title}`;
  return {
    id: `page ${answer.incidentId}`,
    title: clipped(titleOf(answer, came), 200),
    body: clipped(`${what}${came !== null && 'reason' in came && came.reason !== '' ? `: ${came.reason}` : ''}`, 1_000),
    tier: 'direct',
    path: `/incidents/${answer.incidentId}/answer`,
    visible: false,
    outcome: true,
  };
}

function titleOf({ kind, escalateTo }: Answer, came: Came): string {
  if (came === null)
    return kind === 'acknowledge' ? t`Not acknowledged yet: waiting for the server` : t`Not escalated yet`;
  if (came.outcome === 'applied')
    return kind === 'acknowledge' ? t`Acknowledged by you` : t`Escalated to ${escalateTo}`;
  if (came.outcome === 'noop')
    return kind === 'acknowledge' ? t`It was acknowledged already` : t`It was escalated already`;
  return kind === 'acknowledge' ? t`Not acknowledged` : t`Not escalated`;
}

function clipped(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
