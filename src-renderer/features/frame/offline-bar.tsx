import { clockTime, duration } from '../../time-format.ts';
import { useFreshness, useReplica, useSession } from '../../session.tsx';
import { useDeviceNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';

export function OfflineBar() {
  const { replica } = useSession();
  const { state, ageMs, dataAt } = useFreshness();
  const retryAt = useReplica((replicaState) => replicaState.connection.retryAt);
  const now = useDeviceNow();
  if (state === 'connecting' || state === 'live' || state === 'lagging') return null;
  const waitMs = retryAt === null ? null : retryAt - now;
  const since = ageMs === null ? '' : ` for ${duration(ageMs)}`;
  const word = state === 'offline' ? 'Offline' : 'No word from the server';
  return (
    <div className="offline-bar hatch tabular" role="status">
      <Mark kind={state === 'offline' ? 'unknown' : 'stale'} label={word} />
      <span className="strong nowrap">
        {word}
        {since}
      </span>
      <span className="muted grow clip detail">
        {dataAt === null
          ? 'Nothing is stored on this machine yet.'
          : `What you see is from ${clockTime(dataAt, true)} UTC.`}{' '}
        Notes, tasks and acknowledgements wait here; publishing needs the server.
      </span>
      <span className="small-text muted nowrap">
        {waitMs === null || waitMs < 0 ? 'trying now' : `next try in ${Math.ceil(waitMs / 1000)} s`}
      </span>
      <Button compact onPress={() => replica.stream.kick()}>
        Try now
      </Button>
    </div>
  );
}
