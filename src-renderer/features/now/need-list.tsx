import { type ReactNode, useRef } from 'react';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useNameOf, useQueued, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration, durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Flag, Queued } from '../../ui/chip.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import type { Need } from './needs-me.ts';

interface NeedListProps {
  needs: readonly Need[];
  focused: number;
  onFocus: (index: number) => void;
  /** Whether "nothing" may be said as good news. */
  healthy: boolean;
}

export function NeedList({ needs, focused, onFocus, healthy }: NeedListProps) {
  if (needs.length === 0) {
    return (
      <div className="panel need-none row">
        <Mark kind={healthy ? 'ok' : 'unknown'} />
        <span className="muted">
          {healthy
            ? 'Nothing waits for you.'
            : 'Nothing that is known here waits for you. The feeds are not known to be healthy.'}
        </span>
      </div>
    );
  }
  return (
    <ul className="panel" aria-label="Needs you">
      {needs.map((need, index) => (
        <NeedRow key={keyOf(need)} need={need} focused={focused === index} onFocus={() => onFocus(index)} />
      ))}
    </ul>
  );
}

function keyOf(need: Need): string {
  if (need.kind === 'task') return `task ${need.task.id}`;
  return need.kind === 'offer' ? `offer ${need.incident.id} ${need.role}` : `${need.kind} ${need.incident.id}`;
}

function NeedRow({ need, focused, onFocus }: { need: Need; focused: boolean; onFocus: () => void }) {
  const row = useRef<HTMLLIElement>(null);
  const queued = useQueued(
    need.kind === 'task' ? 'task' : 'incident',
    need.kind === 'task' ? need.task.id : need.incident.id,
  );
  const { title, second, act, label, time, unavailable } = useNeedWords(need);
  const key = need.kind === 'acknowledge' ? 'a' : undefined;
  useCommands(
    focused && key !== undefined ? [{ keys: key, label: label.toLowerCase(), hint: true, run: act, unavailable }] : [],
  );
  const primary = focused;
  return (
    <li ref={row} className={focused ? 'need focused' : 'need'} onMouseDown={onFocus}>
      {need.kind === 'task' ? (
        <span className="muted need-icon">
          <Icon name="task" />
        </span>
      ) : (
        <Mark kind={need.incident.severity} size="large" />
      )}
      <div className="two-line">
        <div className="row">
          <a className="need-title strong" href={paths.incident(need.incident.id)}>
            {title}
          </a>
          <span className="mono faint nowrap">{codeOf(need.incident)}</span>
          {queued ? <Queued /> : null}
        </div>
        <div className="clip">{second}</div>
      </div>
      <div className="row need-side">
        {time}
        <Button
          look={primary ? 'primary' : 'plain'}
          {...(key === undefined || !focused ? {} : { kbd: key })}
          unavailable={unavailable}
          onPress={act}
        >
          {label}
        </Button>
      </div>
    </li>
  );
}

function useNeedWords(need: Need) {
  const nameOf = useNameOf();
  const submit = useSubmit();
  const can = useCan();
  const now = useServerNow();
  const { incident } = need;
  switch (need.kind) {
    case 'acknowledge':
      return {
        title: incident.title,
        second: `${(incident.impact ?? incident.groupReason ?? 'Impact not stated yet').replace(/\.$/, '')}. Nobody has acknowledged it.`,
        label: 'Acknowledge',
        unavailable: can('incident.acknowledge', incident),
        act: () => void submit({ kind: 'incident.acknowledge', incidentId: incident.id }),
        time: <Figure value={duration(now - Date.parse(incident.startedAt))} unit="open" />,
      };
    case 'offer':
      return {
        title: `Take the role ${need.role}?`,
        second: `${nameOf(need.by)} offers it to you in “${incident.title}”`,
        label: 'Accept',
        unavailable: can('incident.accept-role', incident),
        act: () => void submit({ kind: 'incident.accept-role', incidentId: incident.id, role: need.role }),
        time: <Figure value={duration(now - Date.parse(need.at))} unit="ago" />,
      };
    case 'update': {
      const leftMs = Date.parse(need.dueAt) - now;
      return {
        title: `Post an update: ${incident.title}`,
        second: 'You command this incident and its next update is due.',
        label: 'Write it',
        unavailable: null,
        act: () => navigate(paths.incident(incident.id)),
        time:
          leftMs < 0 ? (
            <Flag severity={incident.severity}>Overdue {duration(-leftMs)}</Flag>
          ) : (
            <Figure value={duration(leftMs)} unit="left" />
          ),
      };
    }
    case 'task': {
      const { task } = need;
      const leftMs = task.dueAt === null ? null : Date.parse(task.dueAt) - now;
      return {
        title: task.title,
        second: `Task in ${incident.title}${task.createdBy === null ? '' : `, from ${nameOf(task.createdBy)}`}`,
        label: 'Done',
        unavailable: can('task.set-done'),
        act: () => void submit({ kind: 'task.set-done', incidentId: task.incidentId, taskId: task.id, done: true }),
        time:
          task.dueAt === null || leftMs === null ? null : leftMs < 0 ? (
            <Flag severity={incident.severity}>Overdue {durationWords(-leftMs)}</Flag>
          ) : (
            <Figure
              value={duration(leftMs)}
              unit={
                <>
                  due <Time at={task.dueAt} />
                </>
              }
            />
          ),
      };
    }
  }
}

function Figure({ value, unit }: { value: string; unit: ReactNode }) {
  return (
    <div className="need-figure tabular">
      <b>{value}</b>
      {unit}
    </div>
  );
}
