import { t, term } from '../../language/words.ts';
import { useFreshness, useReplica, useSession } from '../../session.tsx';
import { useDeviceNow, useServerOffset } from '../../time.ts';
import { durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { useClock } from '../../ui/use-clock.ts';
import { FactList } from './fact-list.tsx';

const skewNoticedMs = 250;
const skewWarnMs = 2_000;

export function ConnectionPanel() {
  const { serverUrl, replica } = useSession();
  const connection = useReplica((state) => state.connection);
  const fresh = useFreshness();
  const offsetMs = useServerOffset((state) => state.offsetMs);
  const now = useDeviceNow();
  const clock = useClock();
  return (
    <Panel
      title={t`Connection`}
      label={t`Connection`}
      actions={
        <Button compact icon="replay" onPress={() => replica.stream.kick()}>
          {connection.reachable ? t`Check now` : t`Try now`}
        </Button>
      }
    >
      <FactList
        facts={[
          { name: t`Server`, value: <span className="mono">{serverUrl}</span> },
          {
            name: t`Stream`,
            value: connection.reachable ? t`open, ${term(fresh.state)}` : t`closed, ${term(fresh.state)}`,
          },
          {
            name: t`Last heartbeat`,
            value: connection.heardAt === null ? t`never` : t`${shortAgo(now - connection.heardAt)} ago`,
            note:
              connection.retryAt === null
                ? t`one is due every 2 s`
                : t`next try in ${shortAgo(connection.retryAt - now)}`,
          },
          { name: t`Data of`, value: fresh.dataAt === null ? null : `${clock.time(fresh.dataAt, true)} ${clock.zone}` },
          {
            name: t`This machine's clock`,
            value: skewWords(offsetMs),
            note:
              Math.abs(offsetMs) > skewWarnMs
                ? t`Elapsed times are corrected for it, but set the clock: sign-ins may fail.`
                : t`Elapsed times are corrected for it.`,
          },
        ]}
      />
    </Panel>
  );
}

function skewWords(offsetMs: number): string {
  const size = Math.abs(offsetMs);
  if (size < skewNoticedMs) return t`agrees with the server`;
  const text = size < 1_000 ? t`${Math.round(size)} ms` : durationWords(size);
  return offsetMs > 0 ? t`${text} behind the server` : t`${text} ahead of the server`;
}
