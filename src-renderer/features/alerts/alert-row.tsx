import { memo, type MouseEvent } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { numberText, t } from '../../language/words.ts';
import { useQueued } from '../../session.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { firesNow, sparkOf, sparkPath } from '../../ui/spark.ts';
import { Sparkline } from '../../ui/sparkline.tsx';
import { Ago } from '../../ui/time.tsx';
import { type AlertGroup, factsOf } from './alert-groups.ts';
import type { AlertRow } from './alert-rows.ts';
import { shortWhy } from './why-words.ts';

export type RowChoice = 'all' | 'some' | 'none';

interface AlertRowLineProps {
  row: AlertRow;
  rowIndex: number;
  top: number;
  height: number;
  focused: boolean;
  choice: RowChoice;
  /** The incident of a group row. */
  incident: Incident | undefined;
  tree: boolean;
  /** What tells this alert from its likes. */
  telling: string | null;
  endSpan: number;
  onPress: (row: AlertRow) => void;
  onOpen: (row: AlertRow) => void;
  onToggle: (row: AlertRow) => void;
  onSelect: (row: AlertRow, extend: boolean) => void;
}

/** One line of the list. */
export const AlertRowLine = memo(function AlertRowLine(props: AlertRowLineProps) {
  const { row, rowIndex, top, height, focused, choice, incident, telling, tree, endSpan } = props;
  const queued = useQueued(row.kind === 'group' ? 'incident' : 'alert', row.id);
  const line = linesOf(row, incident);
  const hour = row.kind === 'group' ? hourOf(row.group, endSpan) : drawHour([row.alert], endSpan);
  const classes = ['alert-row'];
  if (focused) classes.push('focused');
  if (choice !== 'none') classes.push('chosen');
  if (row.kind === 'alert' && row.inGroup) classes.push('member');
  const stop = (event: MouseEvent, run: () => void): void => {
    event.stopPropagation();
    run();
  };
  return (
    <div
      id={rowElementId(row.id)}
      className={classes.join(' ')}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={choice === 'all'}
      {...(tree ? { 'aria-level': row.kind === 'alert' && row.inGroup ? 2 : 1 } : {})}
      {...(row.kind === 'group' ? { 'aria-expanded': row.expanded } : {})}
      style={{ transform: `translateY(${top}px)`, height }}
      onClick={(event) => (event.shiftKey ? props.onSelect(row, true) : props.onPress(row))}
      onDoubleClick={() => props.onOpen(row)}
    >
      <span role="gridcell" className="cell-box">
        <span
          role="checkbox"
          aria-checked={choice === 'some' ? 'mixed' : choice === 'all'}
          aria-label={t`Select ${line.title}`}
          className="alert-box"
          onClick={(event) => stop(event, () => props.onSelect(row, event.shiftKey))}
        >
          <span className={choice === 'none' ? 'square' : 'square on'}>
            <Icon name={choice === 'some' ? 'minus' : 'check'} />
          </span>
        </span>
      </span>
      <span role="gridcell" className="cell-mark">
        <Mark kind={line.severity} />
      </span>
      <span role="gridcell" className={line.quiet ? 'cell-title muted' : 'cell-title'}>
        {row.kind === 'group' ? (
          <span className="alert-toggle" aria-hidden="true" onClick={(event) => stop(event, () => props.onToggle(row))}>
            <Icon name={row.expanded ? 'chevron-down' : 'chevron-right'} small />
          </span>
        ) : (
          <span className="alert-toggle" />
        )}
        <span className="alert-words">
          <span className={row.kind === 'group' ? 'clip medium' : 'clip'} title={line.title}>
            {line.title}
          </span>
          {telling === null ? null : (
            <span className="alert-telling mono faint clip" title={telling}>
              {telling}
            </span>
          )}
          {line.marks.map((mark) => (
            <span key={mark} className={mark.startsWith('INC-') ? 'alert-tag number' : 'alert-tag'}>
              {mark}
            </span>
          ))}
          {queued ? <span className="alert-tag queued">{t`queued`}</span> : null}
        </span>
      </span>
      <span role="gridcell" className="cell-service mono muted clip" title={line.serviceTitle}>
        {line.service}
        {telling === null ? null : <span className="service-telling"> {telling}</span>}
      </span>
      <span role="gridcell" className="cell-life">
        <Sparkline path={hour.path} hot={hour.hot} severity={line.severity} />
      </span>
      <span role="gridcell" className={row.kind === 'group' ? 'cell-count strong' : 'cell-count'}>
        {numberText(line.count)}
      </span>
      <span role="gridcell" className="cell-why clip" title={line.why}>
        {shortWhy(line.why, line.service)}
      </span>
      <span role="gridcell" className="cell-first">
        <Ago at={line.firstAt} />
      </span>
      <span role="gridcell" className="cell-seen">
        <Ago at={line.seenAt} />
      </span>
    </div>
  );
}, sameLine);

/** A row's object is new whenever the list is; it is drawn again only when something that it shows changed. */
function sameLine(a: AlertRowLineProps, b: AlertRowLineProps): boolean {
  const names = Object.keys(a) as (keyof AlertRowLineProps)[];
  return names.every((name) => name === 'row' || a[name] === b[name]) && sameRow(a.row, b.row, b.endSpan);
}

function sameRow(a: AlertRow, b: AlertRow, endSpan: number): boolean {
  if (a.kind === 'alert') return b.kind === 'alert' && a.alert === b.alert && a.inGroup === b.inGroup;
  if (b.kind === 'alert' || a.id !== b.id || a.expanded !== b.expanded) return false;
  const [one, two] = [factsOf(a.group), factsOf(b.group)];
  const [hour, next] = [hourOf(a.group, endSpan), hourOf(b.group, endSpan)];
  return (
    hour.path === next.path &&
    hour.hot === next.hot &&
    one.count === two.count &&
    one.severity === two.severity &&
    one.firstSeenAt === two.firstSeenAt &&
    one.lastSeenAt === two.lastSeenAt &&
    one.acknowledged === two.acknowledged &&
    one.suppressed === two.suppressed &&
    one.services.length === two.services.length &&
    one.services[0] === two.services[0] &&
    a.group.alerts[0].title === b.group.alerts[0].title
  );
}

interface Hour {
  endSpan: number;
  path: string;
  hot: boolean;
}

const hours = new WeakMap<AlertGroup, Hour>();

/** The line of a group's last hour: all of its alerts are read through, so once a group and span. */
function hourOf(group: AlertGroup, endSpan: number): Hour {
  const known = hours.get(group);
  if (known?.endSpan === endSpan) return known;
  const hour = drawHour(group.alerts, endSpan);
  hours.set(group, hour);
  return hour;
}

function drawHour(alerts: readonly Alert[], endSpan: number): Hour {
  const spark = sparkOf(alerts, endSpan);
  return { endSpan, path: sparkPath(spark), hot: firesNow(spark) };
}

export function rowElementId(id: string): string {
  return `alert-row-${id}`;
}

function linesOf(row: AlertRow, incident: Incident | undefined) {
  if (row.kind === 'alert') {
    const { alert } = row;
    return {
      title: alert.title,
      severity: alert.severity,
      quiet: alert.acknowledged || alert.suppressed || alert.status === 'resolved',
      marks: [
        ...(alert.status === 'resolved' ? ['resolved'] : []),
        ...(alert.acknowledged ? ['ack'] : []),
        ...(alert.suppressed ? ['silenced'] : []),
        ...(alert.flapping ? ['flapping'] : []),
      ],
      service: alert.service ?? '',
      serviceTitle: alert.service ?? t`no service`,
      count: alert.count,
      why: alert.groupReason ?? (alert.suppressed ? t`silenced` : t`alone`),
      firstAt: alert.firstSeenAt,
      seenAt: alert.lastSeenAt,
    };
  }
  const group = factsOf(row.group);
  const many = group.services.length > 1;
  return {
    title: incident?.title ?? (row.group.alerts[0].title || t`Incident`),
    severity: group.severity,
    quiet: group.acknowledged || group.suppressed,
    marks: [
      ...(incident === undefined ? [] : [`INC-${incident.number}`]),
      ...(group.acknowledged ? ['ack'] : []),
      ...(group.suppressed ? ['silenced'] : []),
    ],
    service: many ? t`${group.services.length} services` : (group.services[0] ?? ''),
    serviceTitle: group.services.join(', '),
    count: group.count,
    why: incident?.groupReason ?? ((incident?.declaredBy ?? null) === null ? '' : t`declared by hand`),
    firstAt: group.firstSeenAt,
    seenAt: group.lastSeenAt,
  };
}
