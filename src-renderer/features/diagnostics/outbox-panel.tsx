import { useMemo } from 'react';
import { paths } from '../../paths.ts';
import { useReplica } from '../../session.tsx';
import { useDeviceNow } from '../../time.ts';
import { Panel } from '../../ui/panel.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { FactList } from './fact-list.tsx';

export function OutboxPanel() {
  const outbox = useReplica((state) => state.outbox);
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
      title="Outbox"
      count={outbox.length === 0 ? 'empty' : `${outbox.length}`}
      label="Outbox"
      actions={
        <a className="button compact" href={paths.outbox()}>
          Open
        </a>
      }
    >
      <FactList
        facts={[
          { name: 'Go out by themselves', value: String(count.queued) },
          { name: 'Wait for your yes', value: String(count.waiting) },
          { name: 'Wait for a newer center', value: String(count.held) },
          { name: 'Drafts, of which nobody was told', value: String(count.draft) },
          { name: 'Conflicts', value: String(count.conflict) },
          { name: 'Refused', value: String(count.refused) },
          { name: 'Oldest', value: oldest === null ? 'none' : `${shortAgo(now - oldest)} ago` },
        ]}
      />
    </Panel>
  );
}
