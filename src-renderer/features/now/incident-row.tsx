import { memo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useMe, useNameOf, useQueued } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Flag, Queued } from '../../ui/chip.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { firesNow, type Spark, sparkPath, sparkWords } from '../../ui/spark.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { codeOf, commanderOf, gapsOf, isOpen, statusWord, updateDue } from '../incidents/incident-facts.ts';

export function IncidentRowHead() {
  return (
    <div className="incident-row incident-row-head" aria-hidden="true">
      <span />
      <span>Incident</span>
      <span>Alerts, 60 min</span>
      <span>Commander</span>
      <span>Next update</span>
      <span className="end">Gaps</span>
    </div>
  );
}

export const IncidentRow = memo(function IncidentRow({
  incident,
  index,
  focused,
  chosen,
  spark,
  lateAsks,
  onFocus,
}: {
  incident: Incident;
  /** Its place among the incidents, for `onFocus`. */
  index: number;
  focused: boolean;
  /** Selected for what acts on several. */
  chosen: boolean;
  /** Arrivals of its alerts in the last hour. */
  spark: Spark | undefined;
  /** Asks in it that nobody answered in time. */
  lateAsks: number;
  onFocus: (index: number) => void;
}) {
  const queued = useQueued('incident', incident.id);
  const asked = lateAsks === 0 ? [] : [`${lateAsks} ${lateAsks === 1 ? 'ask' : 'asks'} overdue`];
  const [gap, gap2] = [...asked, ...gapsOf(incident)];
  const open = isOpen(incident);
  return (
    <div
      className={`incident-row${focused ? ' focused' : ''}${chosen ? ' chosen' : ''}`}
      onClick={() => onFocus(index)}
    >
      <Mark kind={incident.severity} />
      <div className="two-line">
        <div className="row">
          {chosen ? <Chosen /> : null}
          <a className="need-title medium" href={paths.incident(incident.id)}>
            {incident.title}
          </a>
          {queued ? <Queued /> : null}
        </div>
        <div className="clip">
          <span className="mono faint">{codeOf(incident)}</span>&ensp;
          <Elapsed since={incident.startedAt} until={open ? null : incident.resolvedAt} />,{' '}
          {incident.impact ?? statusWord(incident).toLowerCase()}
        </div>
      </div>
      <div className="incident-alerts row" title={`${incident.firingAlertCount} of ${incident.alertCount} fire`}>
        {spark === undefined ? null : (
          <Sparkline
            path={sparkPath(spark)}
            severity={incident.severity}
            hot={firesNow(spark)}
            label={sparkWords(spark)}
          />
        )}
        <span className="grow end">{incident.firingAlertCount.toLocaleString('en')}</span>
      </div>
      <CommanderCell incident={incident} />
      <UpdateCell incident={incident} />
      <div className="two-line end incident-gaps">
        <div className={gap === undefined ? 'faint' : 'nowrap'}>{open ? (gap ?? 'none') : ''}</div>
        <div>{open ? (gap2 ?? '\u00a0') : '\u00a0'}</div>
      </div>
    </div>
  );
});

function Chosen() {
  return (
    <>
      <Icon name="check" small />
      <span className="visually-hidden">Chosen</span>
    </>
  );
}

function CommanderCell({ incident }: { incident: Incident }) {
  const me = useMe();
  const nameOf = useNameOf();
  const commander = commanderOf(incident);
  const name = commander === null ? null : nameOf(commander.userId);
  return (
    <div className="two-line incident-commander">
      <div className="row">
        <Avatar name={name} me={commander?.userId === me.id} />
        <span className={name === null ? 'clip muted' : 'clip'}>
          {commander?.userId === me.id ? 'You' : (name ?? 'Nobody')}
        </span>
      </div>
      <div className="indent">
        {commander !== null && commander.since !== null ? (
          <>
            since <Time at={commander.since} />
          </>
        ) : incident.status === 'triggered' ? (
          'not acknowledged'
        ) : (
          '\u00a0'
        )}
      </div>
    </div>
  );
}

function UpdateCell({ incident }: { incident: Incident }) {
  const now = useServerNow();
  const { state } = useFreshness();
  const due = updateDue(incident, now);
  if (due.kind === 'none' || incident.nextUpdateDueAt === null) {
    return (
      <div className="two-line incident-update">
        <div className="faint">{isOpen(incident) ? 'none due' : statusWord(incident).toLowerCase()}</div>
        <div>&nbsp;</div>
      </div>
    );
  }
  // With old data a countdown would look live, so it becomes a clock time.
  if (state === 'stale' || state === 'offline') {
    return (
      <div className="two-line incident-update">
        <div className="muted">
          due <Time at={incident.nextUpdateDueAt} zone />
        </div>
        <div>as last heard</div>
      </div>
    );
  }
  const soon = due.kind === 'due' && due.leftMs < 10 * 60_000;
  return (
    <div className="two-line incident-update">
      <div className={soon ? 'medium' : 'muted'}>
        {due.kind === 'overdue' ? (
          <Flag severity={incident.severity}>Overdue {duration(due.byMs)}</Flag>
        ) : (
          `in ${duration(due.leftMs)}`
        )}
      </div>
      <div>
        {due.kind === 'overdue' ? 'was ' : ''}
        <Time at={incident.nextUpdateDueAt} zone />
      </div>
    </div>
  );
}
