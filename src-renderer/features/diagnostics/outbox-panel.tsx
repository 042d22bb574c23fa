import { useMemo } from 'react';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useReplica } from '../../session.tsx';
import { useDeviceNow } from '../../time.ts';
import { Panel } from '../../ui/panel.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { FactList } from './fact-list.tsx';

export function OutboxPanel() {
  const outbox = useReplica((state) => state.outbox);
  const unread = useReplica((state) => state.unreadItems.length);
  const now = useDeviceNow();
  const count = useMemo(() => {
    const of = (state: string): number => outbox.filter((item) => item.state === state).length;
    return {
      queued: of('queued'),
      waiting: of('waiting'),
      held: of('held'),
      draft: of('draft'),
      conflict: of('conflict'),
      refused: of('rejected') + of('refused'),
    };
  }, [outbox]);
  const oldest = outbox.reduce<number | null>(
    (least, item) => (least === null || item.madeAt < least ? item.madeAt : least),
    null,
  );
  return (
    <Panel
      title={t`Outbox`}
      count={outbox.length === 0 ? t`empty` : `${outbox.length}`}
      label={t`Outbox`}
      actions={
        <a className="button compact" href={paths.outbox()}>
          {t`Open`}
        </a>
      }
    >
      <FactList
        facts={[
          { name: t`Go out by themselves`, value: String(count.queued) },
          { name: t`Wait for your yes`, value: String(count.waiting) },
          { name: t`Wait for a newer center`, value: String(count.held) },
          { name: t`Drafts, of which nobody was told`, value: String(count.draft) },
          { name: t`Conflicts`, value: String(count.conflict) },
          { name: t`Refused`, value: String(count.refused) },
          { name: t`Not readable by this version`, value: String(unread) },
          { name: t`Oldest`, value: oldest === null ? t`none` : t`${shortAgo(now - oldest)} ago` },
        ]}
      />
    </Panel>
  );
}
