import { t } from '../../language/words.ts';
import { useReplica, useSession } from '../../session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { IncidentDrafts } from './incident-drafts.tsx';
import { ConflictSheet } from './conflict-sheet.tsx';
import './incidents.css';
import { OutboxList } from './outbox-list.tsx';
import { UnreadActions } from './outbox-unread.tsx';

/** Everything of mine that the server has not taken yet. */
export function OutboxScreen() {
  const { replica } = useSession();
  const outbox = useReplica((state) => state.outbox);
  const unread = useReplica((state) => state.unreadItems);
  const show = useToasts((toasts) => toasts.show);
  const kept = useReplica((state) => state.kept);
  const shown = outbox.filter((item) => item.state !== 'applied');
  const conflicts = shown.filter((item) => item.state === 'conflict');
  return (
    <div className="screen-pad outbox-screen">
      <ScreenHead title={t`Outbox`} />
      <p className="muted">
        {kept
          ? t`Kept on this machine until the server answered. Each action has its effect once, however often it is sent.`
          : t`This machine stores nothing now: it gives no storage, or has no room. What waits here is lost when the window closes.`}
      </p>
      {shown.length + unread.length === 0 ? (
        <Empty title={t`Nothing waits`}>{t`All you did has reached the server.`}</Empty>
      ) : null}
      <UnreadActions
        items={unread}
        onDelete={(ids) => {
          replica
            .dropUnread(ids)
            .catch(() => show({ text: t`They could not be deleted: this machine did not let go of them. Try again.` }));
        }}
      />
      <IncidentDrafts />
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <OutboxList items={shown.filter((item) => item.state !== 'conflict')} />
    </div>
  );
}
