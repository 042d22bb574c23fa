import { useEffect } from 'react';
import type { Action } from '#server/contract/intent.ts';
import { numberText, t } from '../../language/words.ts';
import type { ReplicaNews as News } from '../../replica/replica-state.ts';
import { paths } from '../../paths.ts';
import { useSession } from '../../session.tsx';
import { navigate } from '../../navigation.ts';
import { useToasts } from '../../ui/toast.tsx';
import { actionTitle } from '../incidents/action-words.ts';

/** Turns what the replica has to tell into toasts. */
export function ReplicaNews() {
  const { onNews } = useSession();
  const show = useToasts((state) => state.show);
  useEffect(() => onNews((news) => tell(news, show)), [onNews, show]);
  return null;
}

/** What an editor or a dialog sends, which says itself what came of it. */
const editors: ReadonlySet<Action['kind']> = new Set([
  'config.save',
  'config.delete',
  'rule.save',
  'rule.delete',
  'service.save',
  'service.delete',
]);

type Show = ReturnType<typeof useToasts.getState>['show'];

function tell(news: News, show: Show): void {
  const outbox = { label: t`Look`, run: () => navigate(paths.outbox()) };
  switch (news.kind) {
    case 'caught-up':
      show({
        icon: 'replay',
        text: t`Back online. Changes while away: ${numberText(news.changes)}.`,
        action: { label: t`Show`, run: () => navigate(paths.away()) },
      });
      return;
    case 'rebuilt':
      show({
        icon: 'replay',
        text: t`The copy on this machine is being taken again: ${news.why}. Your queued actions are kept.`,
      });
      return;
    case 'kept':
      return;
    case 'failed':
      show({
        icon: 'refused',
        text: t`${actionTitle(news.item.intent.action)}: the server failed at it. It is tried again by itself.`,
        action: outbox,
      });
      return;
    case 'settled': {
      const what = actionTitle(news.item.intent.action);
      const { result } = news;
      const inEditor = editors.has(news.item.intent.action.kind);
      if (result.outcome === 'noop' && !inEditor)
        show({ icon: 'check', text: t`${what}: already so. ${result.reason}` });
      if (result.outcome === 'conflict')
        show({
          icon: 'refused',
          text: t`${what}: somebody changed it first. You decide.`,
          action: outbox,
          // The editor asks below its head, and the top bar goes on counting what is not decided.
          passing: inEditor,
        });
      if (result.outcome === 'rejected' && result.code === 'unknown-action') {
        show({ icon: 'refused', text: t`${what} waits here: the center is older than this client.`, action: outbox });
        return;
      }
      // Of what was applied again after a conflict its editor hears nothing.
      if (result.outcome === 'rejected' && (!inEditor || news.item.confirmed))
        show({ icon: 'refused', text: t`${what} was refused: ${result.reason}`, action: outbox });
    }
  }
}
