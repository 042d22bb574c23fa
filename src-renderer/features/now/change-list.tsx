import { useMemo } from 'react';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { CopyLink } from '../links/copy-link.tsx';
import { shortIdOf } from '../links/short-id.ts';

const hourMs = 3_600_000;
const shownMax = 8;

export function ChangeList() {
  const changes = useTable('change');
  const minute = useServerStep(60_000);
  const { state } = useFreshness();
  const old = state === 'stale' || state === 'offline';
  const recent = useMemo(
    () =>
      [...changes.rows.values()]
        .filter((change) => minute - Date.parse(change.at) < hourMs)
        .sort((a, b) => b.at.localeCompare(a.at)),
    [changes, minute],
  );
  return (
    <>
      <SectionHead title={t`Changes in the last hour`} count={old && recent.length === 0 ? undefined : recent.length} />
      {recent.length === 0 ? (
        old ? (
          <Empty title={t`None is kept on this machine`}>
            {t`What was deployed since the server was last heard is not known.`}
          </Empty>
        ) : (
          <Empty title={t`No deploy, flag or migration was reported`}>
            {t`Changes come through PagerDuty Events v2, at /v2/change/enqueue.`}
          </Empty>
        )
      ) : (
        <ul>
          {recent.slice(0, shownMax).map((change) => (
            <li key={change.id} className="change-row">
              <span className="muted">
                <Icon name="change" />
              </span>
              <span className="mono muted">
                <Time at={change.at} />
              </span>
              <a className="grow clip need-title" href={paths.at(shortIdOf('change', change.id))}>
                {change.title}
              </a>
              <span className="small-text muted nowrap">{change.service ?? ''}</span>
              <CopyLink entity="change" id={change.id} />
            </li>
          ))}
        </ul>
      )}
      {recent.length > shownMax ? (
        <div className="small-text faint">{t`and ${recent.length - shownMax} more`}</div>
      ) : null}
    </>
  );
}
