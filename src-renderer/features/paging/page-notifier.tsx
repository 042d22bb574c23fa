import { useEffect, useMemo, useState } from 'react';
import { create } from 'zustand';
import type { Page } from '#server/contract/page.ts';
import { severityRank } from '#server/contract/severity.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useLocation } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useEntity, useFreshness, useMe, useSession, useSubmit, useTable } from '../../session.tsx';
import { serverNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useEscalateTo } from '../incidents/use-escalate.ts';
import { createTeller } from './page-teller.ts';
import './paging.css';

/** Pages that could not be shown outside the window, with the reason: the window itself tells of them. */
const useUnshown = create<{
  pages: Readonly<Record<string, string>>;
  add: (pageId: string, reason: string) => void;
}>((set) => ({
  pages: {},
  add: (pageId, reason) => set(({ pages }) => ({ pages: { ...pages, [pageId]: reason } })),
}));

/** Shows my pages as notifications of the machine, and says to the server what became of each. */
export function PageNotifier() {
  const { host, api } = useSession();
  const me = useMe();
  const pages = useTable('page');
  const incidents = useTable('incident');
  const { path } = useLocation();
  const { state } = useFreshness();
  const escalateTo = useEscalateTo();
  const addUnshown = useUnshown((unshown) => unshown.add);
  const [teller] = useState(() =>
    createTeller({
      notify: (notification) => host.notify(notification),
      dismiss: (id) => host.dismiss(id),
      receipt: (receipt) => api.pages.receipt.mutate(receipt),
      failed: (page, reason) => {
        addUnshown(page.id, reason);
        host.alarm();
      },
    }),
  );
  const live = state === 'live';
  useEffect(() => {
    // What is old is not told as news; it stands on Now.
    if (!live) return;
    teller.look({
      pages: pages.rows.values(),
      incidents: incidents.rows,
      meId: me.id,
      onScreen: (page: Page) => document.hasFocus() && onScreen(path, page),
      escalateTo,
      nowMs: serverNow(),
    });
  }, [teller, live, pages, incidents, me.id, path, escalateTo]);
  useEffect(() => {
    if (live) teller.retry();
  }, [teller, live, pages]);
  return null;
}

function onScreen(path: string, page: Page): boolean {
  return path === '/' || path === `/pages/${page.id}` || path.startsWith(`/incidents/${page.incidentId}`);
}

/** My pages that the machine would not show, the worst first. */
export function useUnshownPages(): Page[] {
  const me = useMe();
  const unshown = useUnshown((state) => state.pages);
  const table = useTable('page');
  const incidents = useTable('incident');
  return useMemo(() => {
    const rank = (page: Page) => severityRank(incidents.rows.get(page.incidentId)?.severity ?? 'info');
    return [...table.rows.values()]
      .filter((page) => page.userId === me.id && page.status === 'open' && unshown[page.id] !== undefined)
      .toSorted((a, b) => rank(a) - rank(b) || (a.at < b.at ? 1 : -1));
  }, [table, incidents, unshown, me.id]);
}

/** Assertive: it is the one thing that may interrupt. */
export function PageBanner() {
  const mine = useUnshownPages();
  const reasons = useUnshown((state) => state.pages);
  const [page] = mine;
  if (page === undefined) return <div role="alert" />;
  return (
    <div role="alert">
      <Banner page={page} reason={reasons[page.id] ?? ''} more={mine.length - 1} />
    </div>
  );
}

function Banner({ page, reason, more }: { page: Page; reason: string; more: number }) {
  const incident = useEntity('incident', page.incidentId);
  const can = useCan();
  const submit = useSubmit();
  return (
    <div className="page-banner">
      <Mark kind={incident?.severity ?? 'unknown'} size="large" />
      <div className="two-line grow">
        <div className="strong">
          <a className="need-title" href={paths.incident(page.incidentId)}>
            {t`You are paged: ${incident?.title ?? `P-${page.number}`}`}
          </a>
        </div>
        <div>
          {rich`Told here only, because ${reason}. ${<a href={paths.settings('notifications')}>{t`Notification settings`}</a>}`}
          {more > 0 ? ` · ${t`${more} more on Now`}` : ''}
        </div>
      </div>
      <a className="button" href={paths.page(page.id)}>
        {t`Why?`}
      </a>
      <Button
        look="primary"
        unavailable={
          incident === undefined ? t`its incident is not on this machine` : can('incident.acknowledge', incident)
        }
        onPress={() => void submit({ kind: 'incident.acknowledge', incidentId: page.incidentId })}
      >
        {t`Acknowledge`}
      </Button>
    </div>
  );
}
