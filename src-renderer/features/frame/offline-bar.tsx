import { dataTime, duration } from '../../time-format.ts';
import { useFreshness, useReplica, useSession } from '../../session.tsx';
import { serverNow, useDeviceNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useConnect } from '../connect/connect-store.ts';
import { useWhyUnreachable } from '../connect/use-why-unreachable.ts';

export function OfflineBar() {
  const { replica, host, serverUrl } = useSession();
  const { state, ageMs, dataAt } = useFreshness();
  const retryAt = useReplica((replicaState) => replicaState.connection.retryAt);
  const now = useDeviceNow();
  const why = useWhyUnreachable(host.desktop, serverUrl, state === 'offline');
  const connect = useConnect((store) => store.begin);
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
          : `What you see is from ${dataTime(dataAt, serverNow())}.`}{' '}
        {why ?? 'Notes, tasks and acknowledgements wait here; publishing needs the server.'}
      </span>
      {why === null ? null : (
        <Button compact onPress={() => connect(serverUrl)}>
          Look…
        </Button>
      )}
      <span className="small-text muted nowrap">
        {waitMs === null || waitMs < 0 ? 'trying now' : `next try in ${Math.ceil(waitMs / 1000)} s`}
      </span>
      <Button compact onPress={() => replica.stream.kick()}>
        Try now
      </Button>
    </div>
  );
}
