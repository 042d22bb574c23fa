import { memo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useMe, useNameOf, useQueued } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Flag, Queued } from '../../ui/chip.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { codeOf, commanderOf, gapsOf, isOpen, statusWord, updateDue } from '../incidents/incident-facts.ts';

export function IncidentRowHead() {
  return (
    <div className="incident-row incident-row-head" aria-hidden="true">
      <span />
      <span>Incident</span>
      <span className="end">Alerts</span>
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
  onFocus,
}: {
  incident: Incident;
  /** Its place among the incidents, for `onFocus`. */
  index: number;
  focused: boolean;
  onFocus: (index: number) => void;
}) {
  const queued = useQueued('incident', incident.id);
  const [gap, gap2] = gapsOf(incident);
  const open = isOpen(incident);
  return (
    <div className={focused ? 'incident-row focused' : 'incident-row'} onMouseDown={() => onFocus(index)}>
      <Mark kind={incident.severity} />
      <div className="two-line">
        <div className="row">
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
      <div className="two-line end incident-alerts">
        <div>{incident.firingAlertCount}</div>
        <div>of {incident.alertCount}</div>
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
