import { memo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t, term } from '../../language/words.ts';
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
import { codeOf, commanderOf, gapsOf, isOpen, updateDue } from '../incidents/incident-facts.ts';

export function IncidentRowHead() {
  return (
    <div className="incident-row incident-row-head" aria-hidden="true">
      <span />
      <span>{t`Incident`}</span>
      <span>{t`Alerts, 60 min`}</span>
      <span>{t`Commander`}</span>
      <span>{t`Next update`}</span>
      <span className="end">{t`Gaps`}</span>
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
  const asked = lateAsks === 0 ? [] : [t`${lateAsks} ${plural(lateAsks, { one: 'ask', other: 'asks' })} overdue`];
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
          <RunsFor incident={incident} />, {incident.impact ?? term(incident.status)}
        </div>
      </div>
      <div className="incident-alerts row" title={t`${incident.firingAlertCount} of ${incident.alertCount} fire`}>
        {spark === undefined ? null : (
          <Sparkline
            path={sparkPath(spark)}
            severity={incident.severity}
            hot={firesNow(spark)}
            label={sparkWords(spark)}
          />
        )}
        <span className="grow end">{numberText(incident.firingAlertCount)}</span>
      </div>
      <CommanderCell incident={incident} />
      <UpdateCell incident={incident} />
      <div className="two-line end incident-gaps">
        <div className={gap === undefined ? 'faint' : undefined}>{open ? (gap ?? t`none`) : ''}</div>
        <div>{open ? (gap2 ?? '\u00a0') : '\u00a0'}</div>
      </div>
    </div>
  );
});

function Chosen() {
  return (
    <>
      <Icon name="check" small />
      <span className="visually-hidden">{t`Chosen`}</span>
    </>
  );
}

/** With old data a running clock would look live, so it becomes the time it runs from. */
function RunsFor({ incident }: { incident: Incident }) {
  const { state } = useFreshness();
  const running = isOpen(incident);
  if (running && (state === 'stale' || state === 'offline')) return rich`since ${<Time at={incident.startedAt} />}`;
  return <Elapsed since={incident.startedAt} until={running ? null : incident.resolvedAt} />;
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
          {commander?.userId === me.id ? t`You` : (name ?? t`Nobody`)}
        </span>
      </div>
      <div className="indent">
        {commander !== null && commander.since !== null
          ? rich`since ${<Time at={commander.since} />}`
          : incident.status === 'triggered'
            ? t`not acknowledged`
            : '\u00a0'}
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
        <div className="faint">{isOpen(incident) ? t`none due` : term(incident.status)}</div>
        <div>&nbsp;</div>
      </div>
    );
  }
  // With old data a countdown would look live, so it becomes a clock time.
  if (state === 'stale' || state === 'offline') {
    return (
      <div className="two-line incident-update">
        <div className="muted">{rich`due ${<Time at={incident.nextUpdateDueAt} zone />}`}</div>
        <div>{t`as last heard`}</div>
      </div>
    );
  }
  const soon = due.kind === 'due' && due.leftMs < 10 * 60_000;
  return (
    <div className="two-line incident-update">
      <div className={soon ? 'medium' : 'muted'}>
        {due.kind === 'overdue' ? (
          <Flag severity={incident.severity}>{t`Overdue ${duration(due.byMs)}`}</Flag>
        ) : (
          t`in ${duration(due.leftMs)}`
        )}
      </div>
      <div>
        {due.kind === 'overdue' ? (
          rich`was ${<Time at={incident.nextUpdateDueAt} zone />}`
        ) : (
          <Time at={incident.nextUpdateDueAt} zone />
        )}
      </div>
    </div>
  );
}
