import { useEffect, useMemo, useRef, useState } from 'react';
import { roleAtLeast } from '#server/contract/people.ts';
import { navigate, useLocation } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { usePreferenceValues } from '../../preference.ts';
import { useFreshness, useMe, useSession, useTable } from '../../session.tsx';
import { after, useServerNow } from '../../time.ts';
import { useToasts } from '../../ui/toast.tsx';
import { needsMe } from '../now/needs-me.ts';
import { needKey, noticesFor, withdrawn } from './notices.ts';

const minuteMs = 60_000;
/** After the first word from the server: until then what arrives is the past. */
const settleMs = 2_000;

/** Tells of new needs outside the window, and keeps the badge. */
export function Notifier() {
  const { host } = useSession();
  const me = useMe();
  const incidents = useTable('incident');
  const tasks = useTable('task');
  const asks = useTable('ask');
  const polls = useTable('poll');
  const updates = useTable('statusUpdate');
  const pages = useTable('page');
  const escalations = useTable('escalation');
  const { muted } = usePreferenceValues();
  const { path } = useLocation();
  const { state } = useFreshness();
  const live = state === 'live';
  const show = useToasts((toasts) => toasts.show);
  const quarter = Math.floor(useServerNow() / 15_000) * 15_000;
  const needs = useMemo(
    () =>
      needsMe(
        { id: me.id, responds: roleAtLeast(me.role, 'responder') },
        incidents.rows.values(),
        tasks.rows.values(),
        quarter,
        { pages: pages.rows.values(), escalations: escalations.rows },
        { asks: asks.rows.values(), polls: polls.rows.values(), updates: updates.rows.values() },
      ),
    [me, incidents, tasks, asks, polls, updates, pages, escalations, quarter],
  );
  // What was there when this client came up is on the screen; only what comes after is news.
  const told = useRef<ReadonlySet<string>>(new Set());
  const [watching, setWatching] = useState(false);
  const recent = useRef<number[]>([]);

  useEffect(() => (live ? after(settleMs, () => setWatching(true)) : undefined), [live]);
  useEffect(() => host.setBadge(needs.length), [host, needs.length]);
  useEffect(() => {
    if (state !== 'live') return;
    const before = told.current;
    told.current = new Set(needs.map(needKey));
    for (const id of withdrawn(before, told.current)) host.dismiss(id);
    if (!watching) return;
    const fresh = needs.filter((need) => !before.has(needKey(need)));
    recent.current = recent.current.filter((at) => quarter - at < minuteMs);
    const notices = noticesFor(fresh, recent.current.length, me, (id) => paths.incident(id).slice(1), muted);
    for (const notice of notices) {
      recent.current.push(quarter);
      const visible = document.hasFocus() && (path === '/' || path === notice.path);
      void host.notify({ ...notice, visible }).then((outcome) => {
        if (outcome.kind === 'failed') {
          show({
            icon: 'alerts',
            text: `${notice.title}. ${notice.body}`,
            action: { label: 'Open', run: () => navigate(`#${notice.path}`) },
          });
        }
      });
    }
  }, [needs, state, watching, quarter, me, path, host, show, muted]);
  return null;
}
