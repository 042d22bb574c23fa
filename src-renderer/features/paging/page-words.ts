// Pages in words: how each went, and where paging of an incident stands. Pure.
import type { Incident } from '#server/contract/incident.ts';
import type { Notification, Page } from '#server/contract/page.ts';
import type { Escalation } from '#server/contract/policy.ts';
import { capital, t } from '../../language/words.ts';

const viaWords: Record<Notification['via'], string> = {
  desktop: t`desktop`,
  email: t`mail`,
  sms: t`text`,
  voice: t`call`,
  slack: t`Slack`,
  webhook: t`webhook`,
  'slack-webhook': t`Slack`,
  teams: t`Teams`,
  twilio: t`phone`,
  pagerduty: t`PagerDuty`,
  opsgenie: t`Opsgenie`,
  statuspage: t`Statuspage`,
};

/** `Desktop shown, text delivered; call failed.` What came out of each way, one word each. */
export function deliveryWords(page: Pick<Page, 'notifications'>): string {
  const said = page.notifications
    .filter(({ status }) => status !== 'cancelled')
    .map((one) => `${viaWords[one.via]} ${notificationWord(one)}`);
  const unique = [...new Set(said)];
  if (unique.length > 0) return capital(unique.join(', '));
  return page.notifications.length === 0 ? t`No way to reach them` : t`Over before it was delivered`;
}

/** `delivered`, `failed, is tried again`. */
export function notificationWord({ status, via, attempts }: Notification): string {
  switch (status) {
    case 'pending':
      return attempts > 0 ? t`failed, is tried again` : t`waits`;
    case 'sending':
      return t`is being sent`;
    case 'sent':
      return via === 'desktop' ? t`not shown yet` : t`sent`;
    case 'delivered':
      return via === 'desktop' ? t`shown` : t`delivered`;
    case 'failed':
      return t`failed`;
    case 'shadow':
      return t`written down only`;
    case 'cancelled':
      return t`cancelled`;
  }
}

/** Nothing reached the person by any way that was tried. */
export function allFailed({ notifications }: Pick<Page, 'notifications'>): boolean {
  const wanted = notifications.filter(({ status }) => status !== 'cancelled');
  return wanted.length > 0 && wanted.every(({ status }) => status === 'failed');
}

export type PagingStand =
  | { kind: 'waiting'; at: string }
  | { kind: 'held'; why: string }
  | { kind: 'stopped'; why: string }
  /** A plain warning: nobody is going to be paged. */
  | { kind: 'nobody'; title: string; why: string }
  | { kind: 'unknown' };

export function standOf(escalation: Escalation | undefined, incident: Incident): PagingStand {
  if (escalation === undefined) return { kind: 'unknown' };
  const { status, reason, nextAt } = escalation;
  switch (status) {
    case 'waiting':
      return nextAt === null ? { kind: 'unknown' } : { kind: 'waiting', at: nextAt };
    case 'held':
      return { kind: 'held', why: reason };
    case 'stopped':
      return { kind: 'stopped', why: reason };
    case 'exhausted':
      return incident.status === 'triggered'
        ? { kind: 'nobody', title: t`Nobody answered, and nobody is left to page`, why: reason }
        : { kind: 'stopped', why: reason };
    case 'nobody':
      return { kind: 'nobody', title: t`This incident pages nobody`, why: reason };
  }
}

/** Newest first; of one person in one run only the last. */
export function pagesOfRun(pages: readonly Page[], run: number | null): Page[] {
  const sorted = pages.toSorted((a, b) => (a.at === b.at ? b.number - a.number : a.at < b.at ? 1 : -1));
  const latest = run ?? sorted.reduce((most, page) => Math.max(most, page.run), 0);
  const seen = new Set<string>();
  return sorted.filter((page) => {
    if (page.run !== latest) return false;
    const who = page.userId ?? page.channelId ?? page.id;
    if (seen.has(who)) return false;
    seen.add(who);
    return true;
  });
}

/** Pages of mine that nobody answered yet, the oldest incident first. */
export function myOpenPages(pages: Iterable<Page>, userId: string): Page[] {
  return [...pages].filter((page) => page.userId === userId && page.status === 'open');
}
