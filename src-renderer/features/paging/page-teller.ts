// Pages of mine that this client has to show outside the window, each told once, with one receipt each (UX.md 4).
// Time, machine and server are given, so that the rules run in tests.
import type { DesktopNotification, NotifyOutcome } from '../../../src-main/bridge.ts';
import { plural, t } from '../../language/words.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { Notification, Page, Receipt } from '#server/contract/page.ts';

export interface TellerWorld {
  pages: Iterable<Page>;
  incidents: ReadonlyMap<string, Incident>;
  meId: string;
  /** The incident or page that is on screen in a focused window; null when none is, or nobody looks. */
  onScreen: (page: Page) => boolean;
  /** Whom an escalation of it would page next; null: nobody, or it is not known here. */
  escalateTo: (incidentId: string) => string | null;
  nowMs: number;
}

export interface Teller {
  /** Looks at what there is now. Idempotent: the same page in the same state does nothing. */
  look(world: TellerWorld): void;
  /** Receipts that the server has not taken yet go again. */
  retry(): void;
}

export interface TellerDeps {
  notify: (notification: DesktopNotification) => Promise<NotifyOutcome>;
  /** Takes a shown notification away. */
  dismiss: (id: string) => void;
  receipt: (receipt: Receipt) => Promise<unknown>;
  /** It could not be shown outside: the window itself has to. */
  failed: (page: Page, reason: string) => void;
}

const minuteMs = 60_000;
/** So many within a minute are told as one. */
const digestFrom = 5;
const digestId = 'pages-digest';
const untoldStatuses: ReadonlySet<string> = new Set(['sending', 'sent']);

export function createTeller(deps: TellerDeps): Teller {
  /** Attempts that were told, whatever came of it: the server tries again when nobody showed it, and that is a new one. */
  const told = new Set<string>();
  const shownFor = new Map<string, Set<string>>();
  const unsent = new Map<string, Receipt>();
  const sending = new Set<string>();
  let recent: { at: number; incidentId: string }[] = [];

  function send(receipt: Receipt): void {
    const { notificationId } = receipt;
    if (sending.has(notificationId)) return;
    unsent.set(notificationId, receipt);
    sending.add(notificationId);
    deps
      .receipt(receipt)
      .then(
        () => unsent.delete(notificationId),
        () => undefined,
      )
      .finally(() => sending.delete(notificationId));
  }

  function tell(page: Page, ids: readonly string[], world: TellerWorld): void {
    const incident = world.incidents.get(page.incidentId);
    recent = recent.filter(({ at }) => world.nowMs - at < minuteMs);
    recent.push({ at: world.nowMs, incidentId: page.incidentId });
    const digest = recent.length >= digestFrom;
    const subject = subjectOf(page.incidentId);
    const shown = digest ? digestOf(recent, world) : noticeOf(page, incident, world.escalateTo(page.incidentId));
    const finish = (outcome: NotifyOutcome): void => {
      if (outcome.kind === 'shown') {
        const pages = shownFor.get(subject) ?? new Set();
        pages.add(page.id);
        shownFor.set(subject, pages);
      }
      const reason = outcome.kind === 'shown' ? (digest ? t`in a digest` : '') : outcome.reason;
      for (const notificationId of ids) send({ notificationId, result: outcome.kind, reason: reason.slice(0, 500) });
      if (outcome.kind === 'failed') deps.failed(page, outcome.reason);
    };
    deps.notify({ ...shown, visible: world.onScreen(page) }).then(finish, (error: unknown) => {
      finish({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
    });
  }

  return {
    look(world) {
      for (const page of world.pages) {
        if (page.userId !== world.meId) continue;
        if (page.status !== 'open') {
          withdraw(page);
          continue;
        }
        const ids = page.notifications
          .filter((one) => one.via === 'desktop' && untoldStatuses.has(one.status) && !told.has(attemptOf(one)))
          .map((one) => {
            told.add(attemptOf(one));
            return one.id;
          });
        if (ids.length > 0) tell(page, ids, world);
      }
    },
    retry() {
      for (const receipt of unsent.values()) send(receipt);
    },
  };

  /** Answered here or elsewhere: it closes everywhere. */
  function withdraw(page: Page): void {
    const subject = subjectOf(page.incidentId);
    const pages = shownFor.get(subject);
    if (pages?.delete(page.id) !== true || pages.size > 0) return;
    shownFor.delete(subject);
    deps.dismiss(subject);
    if (shownFor.size === 0) deps.dismiss(digestId);
  }
}

function attemptOf({ id, attempts }: Notification): string {
  return `${id} ${attempts}`;
}

/** One place an incident: what comes later about it replaces what is there. */
function subjectOf(incidentId: string): string {
  return `page ${incidentId}`;
}

function noticeOf(
  page: Page,
  incident: Incident | undefined,
  escalateTo: string | null,
): Omit<DesktopNotification, 'visible'> {
  const severity = incident === undefined || incident.severity === 'info' ? '' : `SEV${incident.severity.slice(3)} `;
  const said = page.late ? t`You are paged: ${page.reason} (late)` : t`You are paged: ${page.reason}`;
  return {
    id: subjectOf(page.incidentId),
    title: clipped(`${severity}${incident?.title ?? t`You are paged: P-${page.number}`}`, 200),
    body: clipped(incident === undefined ? said : `INC-${incident.number}. ${said}`, 1_000),
    tier: 'page',
    path: `/incidents/${page.incidentId}/answer`,
    // What is not on this machine cannot be answered from outside the window.
    ...(incident === undefined ? {} : { answer: { incidentId: page.incidentId, escalateTo } }),
  };
}

/** `7 pages, 3 services`. */
function digestOf(recent: readonly { incidentId: string }[], world: TellerWorld): Omit<DesktopNotification, 'visible'> {
  const incidents = [...new Set(recent.map(({ incidentId }) => incidentId))];
  const services = new Set(incidents.flatMap((id) => world.incidents.get(id)?.services ?? []));
  return {
    id: digestId,
    title:
      services.size === 0
        ? t`${recent.length} pages in a minute`
        : t`${recent.length} pages in a minute, ${plural(services.size, { one: '1 service', other: '# services' })}`,
    body: incidents
      .map((id) => world.incidents.get(id)?.title)
      .filter((title) => title !== undefined)
      .slice(0, 3)
      .join('; ')
      .slice(0, 1_000),
    tier: 'page',
    path: '/',
  };
}

function clipped(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}
