import { useInfiniteQuery } from '@tanstack/react-query';
import type { Alert } from '#server/contract/alert.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import { apiFailure } from '../../api/client.ts';
import { Failure } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useApi, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';

/** Alerts that are too old for the copy on this machine: an ordinary query, page by page, that says what it is. */
export function OlderAlerts({
  filter,
  beforeMs,
  onOpen,
}: {
  filter: AlertFilter;
  beforeMs: number;
  onOpen: (alert: Alert) => void;
}) {
  const api = useApi();
  const { serverName } = useSession();
  const before = new Date(beforeMs).toISOString();
  const pages = useInfiniteQuery({
    queryKey: ['older-alerts', filter, before],
    queryFn: ({ pageParam }) =>
      api.alerts.list.query({ ...filter, before, limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    retry: false,
    networkMode: 'always',
  });
  const until = before.slice(0, 16).replace('T', ' ');
  const alerts: Alert[] = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="older">
      <p className="alerts-note">
        <span className="grow">
          {pages.dataUpdatedAt === 0
            ? t`Last seen before ${until} UTC, asked from ${serverName}.`
            : rich`Last seen before ${until} UTC, asked from ${serverName} at ${<Time at={new Date(pages.dataUpdatedAt).toISOString()} seconds zone />}.`}{' '}
          {t`They do not update by themselves.`}
        </span>
        <a href={paths.alerts()}>{t`Back to the last 24 h`}</a>
      </p>
      {pages.error === null ? null : (
        <div className="older-pad">
          <Failure
            what={t`Older alerts could not be had`}
            failure={apiFailure(pages.error)}
            onRetry={() => void pages.refetch()}
          />
        </div>
      )}
      <ul className="older-list" aria-label={t`Older alerts`}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <button type="button" className="older-row" onClick={() => onOpen(alert)}>
              <Mark kind={alert.severity} />
              <span className="clip">{alert.title}</span>
              <span className="mono muted clip">{alert.service ?? ''}</span>
              <span className="small-text muted">{term(alert.status)}</span>
              <span className="small-text faint end">
                {alert.lastSeenAt.slice(0, 10)} <Time at={alert.lastSeenAt} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="older-pad">
        {pages.isPending && pages.error === null ? <p className="small-text faint">{t`Asking the server…`}</p> : null}
        {pages.data !== undefined && alerts.length === 0 ? (
          <Empty title={t`No older alert fits`}>
            {t`The server holds none for this filter. Loosen it, or look at other words.`}
          </Empty>
        ) : null}
        {pages.hasNextPage ? (
          <Button isDisabled={pages.isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>
            {pages.isFetchingNextPage ? t`Asking…` : t`More`}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
