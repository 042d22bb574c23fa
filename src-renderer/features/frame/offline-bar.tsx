import { t } from '../../language/words.ts';
import { dataTime, duration } from '../../time-format.ts';
import { useFreshness, useReplica, useSession } from '../../session.tsx';
import { serverNow, useDeviceNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useConnect } from '../connect/connect-store.ts';
import { useWhyUnreachable } from '../connect/use-why-unreachable.ts';
import { useCalling } from './call-anywhere.tsx';

export function OfflineBar() {
  const { replica, host, serverUrl } = useSession();
  const { state, ageMs, dataAt } = useFreshness();
  const retryAt = useReplica((replicaState) => replicaState.connection.retryAt);
  const now = useDeviceNow();
  const why = useWhyUnreachable(host.desktop, serverUrl, state === 'offline');
  const connect = useConnect((store) => store.begin);
  const call = useCalling((store) => store.set);
  if (state === 'connecting' || state === 'live' || state === 'lagging') return null;
  const waitMs = retryAt === null ? null : retryAt - now;
  const word = state === 'offline' ? t`Offline` : t`No word from the server`;
  return (
    // No live region: it ticks every second. The announcer says the change, once.
    <div className="offline-bar hatch tabular">
      <Mark kind={state === 'offline' ? 'unknown' : 'stale'} label={word} />
      <span className="strong nowrap">{ageMs === null ? word : t`${word} for ${duration(ageMs)}`}</span>
      <span className="muted grow clip detail">
        {dataAt === null
          ? t`Nothing is stored on this machine yet.`
          : t`What you see is from ${dataTime(dataAt, serverNow())}.`}{' '}
        {why ?? t`Notes, tasks and acknowledgements wait here; publishing needs the server.`}
      </span>
      {why === null ? null : (
        <Button compact onPress={() => connect(serverUrl)}>
          {t`Look…`}
        </Button>
      )}
      <span className="small-text muted nowrap">
        {waitMs === null || waitMs < 0 ? t`trying now` : t`next try in ${Math.ceil(waitMs / 1000)} s`}
      </span>
      <Button compact icon="phone" onPress={() => call(true)}>
        {t`Whom to call`}
      </Button>
      <Button compact onPress={() => replica.stream.kick()}>
        {t`Try now`}
      </Button>
    </div>
  );
}
