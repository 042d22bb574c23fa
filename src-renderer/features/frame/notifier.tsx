import { useEffect, useRef, useState } from 'react';
import { t } from '../../language/words.ts';
import { navigate, useLocation } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { usePreferenceValues } from '../../preference.ts';
import { isQuietAt } from '../../quiet-hours.ts';
import { useEntity, useFreshness, useMe, useSession, useTable } from '../../session.tsx';
import { after, useServerStep } from '../../time.ts';
import { useToasts } from '../../ui/toast.tsx';
import { useNeeds } from '../now/use-needs.ts';
import { needKey, noticesFor, withdrawn } from './notices.ts';

const minuteMs = 60_000;
/** After the first word from the server: until then what arrives is the past. */
const settleMs = 2_000;

/** Tells of new needs outside the window, and keeps the badge. */
export function Notifier() {
  const { host } = useSession();
  const me = useMe();
  const incidents = useTable('incident');
  const { muted } = usePreferenceValues();
  const profile = useEntity('responder', me.id);
  const { path } = useLocation();
  const { state } = useFreshness();
  const live = state === 'live';
  const show = useToasts((toasts) => toasts.show);
  const quarter = useServerStep(15_000);
  const needs = useNeeds(incidents, quarter);
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
    // In my quiet hours what is no page waits on Now.
    const quiet = isQuietAt(profile, quarter);
    for (const notice of notices) {
      if (quiet && notice.tier !== 'page') continue;
      recent.current.push(quarter);
      const visible = document.hasFocus() && (path === '/' || path === notice.path);
      void host.notify({ ...notice, visible }).then((outcome) => {
        if (outcome.kind === 'failed') {
          show({
            icon: 'alerts',
            text: `${notice.title}. ${notice.body}`,
            action: { label: t`Open`, run: () => navigate(`#${notice.path}`) },
          });
        }
      });
    }
  }, [needs, state, watching, quarter, me, path, host, show, muted, profile]);
  return null;
}
