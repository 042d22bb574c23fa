import { useMemo } from 'react';
import { rich } from '../../language/rich.ts';
import { numberText, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useReplica, useTable } from '../../session.tsx';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Ago } from '../../ui/time.tsx';

/** Why the list is empty. It says "no alerts" only while the feed is healthy: unknown never looks healthy. */
export function AlertsEmpty({
  held,
  filtered,
  onClear,
  onOlder,
}: {
  held: number;
  filtered: boolean;
  onClear: () => void;
  onOlder: () => void;
}) {
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const integrations = useTable('integration');
  const lastSeen = useMemo(
    () =>
      [...integrations.rows.values()]
        .flatMap((one) => (one.lastSeenAt === null ? [] : [one.lastSeenAt]))
        .toSorted()
        .at(-1) ?? null,
    [integrations],
  );
  const older = <Button onPress={onOlder}>{t`Ask for older ones`}</Button>;

  if (!ready || fresh.state === 'connecting') return null;
  if (fresh.state === 'offline' || fresh.state === 'stale') {
    return (
      <Empty
        title={filtered ? t`Nothing kept on this machine fits` : t`Whether anything fires is not known`}
        actions={filtered ? <Clear onClear={onClear} /> : null}
      >
        {fresh.dataAt === null
          ? t`This machine has had no data from the server yet.`
          : t`There is no connection; the last data is of ${clockTime(fresh.dataAt, true)} UTC.`}
      </Empty>
    );
  }
  if (filtered && held > 0) {
    return (
      <Empty
        title={t`No alert of the last 24 h fits this filter`}
        actions={
          <>
            <Clear onClear={onClear} />
            {older}
          </>
        }
      >
        {t`${numberText(held)} are held here in all.`}
      </Empty>
    );
  }
  if (lastSeen === null) {
    return (
      <Empty
        title={t`No alerts yet, because nothing sends to this server`}
        actions={
          <a className="button primary" href={paths.integrations()}>
            {t`Connect a source`}
          </a>
        }
      >
        {t`Add an integration: it shows the configuration for Alertmanager, Prometheus, Grafana and others, ready to copy.`}
      </Empty>
    );
  }
  return (
    <Empty title={t`No alerts in the last 24 h`} actions={older}>
      {rich`The feed is live, and a source last sent ${<Ago at={lastSeen} />} ago.`}
    </Empty>
  );
}

function Clear({ onClear }: { onClear: () => void }) {
  return <Button onPress={onClear}>{t`Clear the filter`}</Button>;
}
