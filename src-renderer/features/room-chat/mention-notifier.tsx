import { useEffect, useRef } from 'react';
import type { ChatMessage } from '#server/contract/chat.ts';
import { t } from '../../language/words.ts';
import { navigate, useLocation } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { usePreferenceValues } from '../../preference.ts';
import { isQuietAt } from '../../quiet-hours.ts';
import { useEntity, useFreshness, useMe, useSession } from '../../session.tsx';
import { after, serverNow } from '../../time.ts';
import { useToasts } from '../../ui/toast.tsx';
import { mentionNotices, mentions } from './mention-notices.ts';

/** After the first word from the server: until then what arrives is the past. */
const settleMs = 2_000;
/** What comes in one go is told in one go. */
const gatherMs = 300;

/** Tells of new mentions of me outside the window. */
export function MentionNotifier() {
  const { host, replica } = useSession();
  const me = useMe();
  const { path } = useLocation();
  const { state } = useFreshness();
  const show = useToasts((toasts) => toasts.show);
  const watching = useRef(false);
  const told = useRef(new Set<string>());
  const fresh = useRef(new Map<string, ChatMessage>());
  const cancel = useRef<(() => void) | null>(null);
  const { muted } = usePreferenceValues();
  const profile = useEntity('responder', me.id);
  const latest = useRef({ path, me, muted, profile });
  useEffect(() => {
    latest.current = { path, me, muted, profile };
  });

  useEffect(() => {
    if (state !== 'live' || watching.current) return undefined;
    return after(settleMs, () => {
      for (const message of replica.view.tables().chat.rows.values())
        if (mentions(message, latest.current.me)) told.current.add(message.id);
      watching.current = true;
    });
  }, [state, replica]);

  useEffect(() => {
    const tell = (): void => {
      cancel.current = null;
      const { rows } = replica.view.tables().incident;
      const notices = mentionNotices(
        [...fresh.current.values()].filter(({ incidentId }) => !latest.current.muted.includes(incidentId)),
        latest.current.me,
        (id) => rows.get(id),
        (id) => paths.incident(id).slice(1),
      );
      fresh.current.clear();
      // Found in the inbox afterwards.
      if (isQuietAt(latest.current.profile, serverNow())) return;
      for (const notice of notices) {
        const visible = document.hasFocus() && latest.current.path === notice.path;
        void host.notify({ ...notice, visible }).then((outcome) => {
          if (outcome.kind !== 'failed') return;
          const action = { label: t`Open`, run: () => navigate(`#${notice.path}`) };
          show({ icon: 'note', text: `${notice.title}. ${notice.body}`, action });
        });
      }
    };
    return replica.view.follow('chat', (id) => {
      const message = id === null ? undefined : replica.view.visible('chat', id);
      if (!watching.current || message === undefined || told.current.has(message.id)) return;
      if (!mentions(message, latest.current.me)) return;
      told.current.add(message.id);
      fresh.current.set(message.id, message);
      cancel.current ??= after(gatherMs, tell);
    });
  }, [host, replica, show]);
  return null;
}
