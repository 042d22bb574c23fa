import { useReplica } from '../../session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { IncidentDrafts } from './incident-drafts.tsx';
import { ConflictSheet } from './conflict-sheet.tsx';
import './incidents.css';
import { OutboxList } from './outbox-list.tsx';

/** Everything of mine that the server has not taken yet. */
export function OutboxScreen() {
  const outbox = useReplica((state) => state.outbox);
  const kept = useReplica((state) => state.kept);
  const shown = outbox.filter((item) => item.state !== 'applied');
  const conflicts = shown.filter((item) => item.state === 'conflict');
  return (
    <div className="screen-pad outbox-screen">
      <h1 className="title">Outbox</h1>
      <p className="muted">
        {kept
          ? 'Kept on this machine until the server answered. Each action has its effect once, however often it is sent.'
          : 'This browser gives no storage: what waits here is lost when the window closes.'}
      </p>
      {shown.length === 0 ? <Empty title="Nothing waits">All you did has reached the server.</Empty> : null}
      <IncidentDrafts />
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <OutboxList items={shown.filter((item) => item.state !== 'conflict')} />
    </div>
  );
}
