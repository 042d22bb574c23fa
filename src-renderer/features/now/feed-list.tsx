import { useMemo } from 'react';
import type { Integration } from '#server/contract/integration.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Empty } from '../../ui/empty.tsx';
import { Mark } from '../../ui/mark.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { shortAgo } from '../../ui/time.tsx';
import { feedState } from './feeds.ts';

export function FeedList() {
  const integrations = useTable('integration');
  const now = useServerNow();
  const { state } = useFreshness();
  const list = useMemo(
    () => [...integrations.rows.values()].sort((a, b) => a.name.localeCompare(b.name)),
    [integrations],
  );
  // Old data never looks live: without a stream no feed counts as reporting.
  const known = state === 'live' || state === 'lagging';
  const reporting = known ? list.filter((integration) => feedState(integration, now) === 'reporting').length : 0;
  return (
    <>
      <SectionHead
        title={t`Feeds`}
        actions={
          <span className="count small-text faint">
            {known ? t`${reporting} of ${list.length} reporting` : t`not known now`}
          </span>
        }
      />
      {list.length === 0 ? (
        <Empty
          title={t`Nothing sends to this server yet`}
          actions={
            <a className="button" href={paths.integrations()}>
              {t`Connect a source`}
            </a>
          }
        />
      ) : (
        <ul>
          {list.map((integration) => (
            <FeedRow key={integration.id} integration={integration} now={now} known={known} />
          ))}
        </ul>
      )}
    </>
  );
}

function FeedRow({ integration, now, known }: { integration: Integration; now: number; known: boolean }) {
  const state = feedState(integration, now);
  const healthy = known && state === 'reporting';
  const seen = integration.lastSeenAt === null ? null : shortAgo(now - Date.parse(integration.lastSeenAt));
  const words = { reporting: seen, silent: t`silent ${seen}`, never: t`nothing yet`, off: t`switched off` }[state];
  return (
    <li className="feed-row">
      <Mark kind={healthy ? 'ok' : 'unknown'} size="small" label={healthy ? t`Reporting` : t`Not known to report`} />
      <a className={healthy ? 'grow clip' : 'grow clip muted'} href={paths.integration(integration.id)}>
        {integration.name}
      </a>
      <span className="small-text faint nowrap">{words}</span>
    </li>
  );
}
