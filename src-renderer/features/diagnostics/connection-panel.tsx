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
      title="Connection"
      label="Connection"
      actions={
        <Button compact icon="replay" onPress={() => replica.stream.kick()}>
          {connection.reachable ? 'Check now' : 'Try now'}
        </Button>
      }
    >
      <FactList
        facts={[
          { name: 'Server', value: <span className="mono">{serverUrl}</span> },
          { name: 'Stream', value: connection.reachable ? `open, ${fresh.state}` : `closed, ${fresh.state}` },
          {
            name: 'Last heartbeat',
            value: connection.heardAt === null ? 'never' : `${shortAgo(now - connection.heardAt)} ago`,
            note:
              connection.retryAt === null
                ? 'one is due every 2 s'
                : `next try in ${shortAgo(connection.retryAt - now)}`,
          },
          { name: 'Data of', value: fresh.dataAt === null ? null : `${clock.time(fresh.dataAt, true)} ${clock.zone}` },
          {
            name: "This machine's clock",
            value: skewWords(offsetMs),
            note:
              Math.abs(offsetMs) > skewWarnMs
                ? 'Elapsed times are corrected for it, but set the clock: sign-ins may fail.'
                : 'Elapsed times are corrected for it.',
          },
        ]}
      />
    </Panel>
  );
}

function skewWords(offsetMs: number): string {
  const size = Math.abs(offsetMs);
  if (size < skewNoticedMs) return 'agrees with the server';
  const text = size < 1_000 ? `${Math.round(size)} ms` : durationWords(size);
  return `${text} ${offsetMs > 0 ? 'behind' : 'ahead of'} the server`;
}
