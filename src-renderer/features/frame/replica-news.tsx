import { useEffect } from 'react';
import type { Action } from '#server/contract/intent.ts';
import type { ReplicaNews as News } from '../../replica/replica.ts';
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

/** What an editor or a dialog sends, which says itself why it was refused. */
const editors: ReadonlySet<Action['kind']> = new Set(['config.save', 'config.delete']);

type Show = ReturnType<typeof useToasts.getState>['show'];

function tell(news: News, show: Show): void {
  const outbox = { label: 'Look', run: () => navigate(paths.outbox()) };
  switch (news.kind) {
    case 'caught-up':
      show({
        icon: 'replay',
        text: `Back online. Changes while away: ${news.changes.toLocaleString('en')}.`,
        action: { label: 'Show', run: () => navigate(paths.away()) },
      });
      return;
    case 'rebuilt':
      show({
        icon: 'replay',
        text: `The copy on this machine is being taken again: ${news.why}. Your queued actions are kept.`,
      });
      return;
    case 'kept':
      return;
    case 'settled': {
      const what = actionTitle(news.item.intent.action);
      const { result } = news;
      if (result.outcome === 'noop') show({ icon: 'check', text: `${what}: already so. ${result.reason}` });
      if (result.outcome === 'conflict')
        show({ icon: 'refused', text: `${what}: somebody changed it first. You decide.`, action: outbox });
      if (result.outcome === 'rejected' && result.code === 'unknown-action') {
        show({ icon: 'refused', text: `${what} waits here: the center is older than this client.`, action: outbox });
        return;
      }
      if (result.outcome === 'rejected' && !editors.has(news.item.intent.action.kind))
        show({ icon: 'refused', text: `${what} was refused: ${result.reason}`, action: outbox });
    }
  }
}
