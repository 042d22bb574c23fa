import { memo, type ReactNode } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import type { Page } from '#server/contract/page.ts';
import type { Severity } from '#server/contract/severity.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useEntity, useNameOf, useQueued, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration, durationWords } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Flag, Queued } from '../../ui/chip.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { useEscalate } from '../incidents/use-escalate.ts';
import { capital, deliveryWords } from '../paging/page-words.ts';
import type { Need } from './needs-me.ts';

interface NeedListProps {
  needs: readonly Need[];
  focused: number;
  onFocus: (index: number) => void;
  onEscalate: (incident: Incident) => void;
  /** Whether "nothing" may be said as good news. */
  healthy: boolean;
}

export function NeedList({ needs, focused, onFocus, onEscalate, healthy }: NeedListProps) {
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
        <NeedRow
          key={keyOf(need)}
          need={need}
          index={index}
          focused={focused === index}
          onFocus={onFocus}
          onEscalate={onEscalate}
        />
      ))}
    </ul>
  );
}

function keyOf(need: Need): string {
  if (need.kind === 'task') return `task ${need.task.id}`;
  return need.kind === 'offer' ? `offer ${need.incident.id} ${need.role}` : `${need.kind} ${need.incident.id}`;
}

interface NeedRowProps {
  need: Need;
  /** Its place in the list, for `onFocus`. */
  index: number;
  focused: boolean;
  onFocus: (index: number) => void;
  onEscalate: (incident: Incident) => void;
}

/** A need is a new object whenever any incident changed; its row is drawn again only when its own did. */
function sameNeed(a: NeedRowProps, b: NeedRowProps): boolean {
  const [one, two]: Record<string, unknown>[] = [{ ...a.need }, { ...b.need }];
  return (
    a.index === b.index &&
    a.focused === b.focused &&
    a.onFocus === b.onFocus &&
    Object.keys(one ?? {}).every((name) => one?.[name] === two?.[name])
  );
}

/** Only the row that is focused answers to keys. */
function NeedCommand({ label, run, unavailable }: { label: string; run: () => void; unavailable: string | null }) {
  useCommands([{ keys: 'a', label: label.toLowerCase(), hint: true, run, unavailable }]);
  return null;
}

const NeedRow = memo(function NeedRow({ need, index, focused, onFocus, onEscalate }: NeedRowProps) {
  const queued = useQueued(
    need.kind === 'task' ? 'task' : 'incident',
    need.kind === 'task' ? need.task.id : need.incident.id,
  );
  const { title, second, act, label, time, unavailable } = useNeedWords(need, focused);
  const key = need.kind === 'acknowledge' || need.kind === 'page' ? 'a' : undefined;
  const primary = focused;
  return (
    <li
      className={`need${focused ? ' focused' : ''}${need.kind === 'page' ? ' paged' : ''}`}
      onMouseDown={() => onFocus(index)}
    >
      {focused && key !== undefined ? <NeedCommand label={label} run={act} unavailable={unavailable} /> : null}
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
        <div className={need.kind === 'page' ? undefined : 'clip'}>{second}</div>
      </div>
      <div className="row need-side">
        {time}
        {focused && need.kind === 'page' ? <EscalateNeed incident={need.incident} onEscalate={onEscalate} /> : null}
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
}, sameNeed);

function useNeedWords(need: Need, focused: boolean) {
  const nameOf = useNameOf();
  const submit = useSubmit();
  const can = useCan();
  const { incident } = need;
  switch (need.kind) {
    case 'page':
      return {
        title: incident.title,
        second: <PageWords page={need.page} />,
        label: 'Acknowledge',
        unavailable: whyNotAnswer(can('incident.acknowledge', incident)),
        act: () => void submit({ kind: 'incident.acknowledge', incidentId: incident.id }),
        time: <NextPage incidentId={incident.id} focused={focused} />,
      };
    case 'acknowledge':
      return {
        title: incident.title,
        second: `${(incident.impact ?? incident.groupReason ?? 'Impact not stated yet').replace(/\.$/, '')}. Nobody has acknowledged it.`,
        label: 'Acknowledge',
        unavailable: can('incident.acknowledge', incident),
        act: () => void submit({ kind: 'incident.acknowledge', incidentId: incident.id }),
        time: <Since at={incident.startedAt} unit="open" />,
      };
    case 'offer':
      return {
        title: `Take the role ${need.role}?`,
        second: `${nameOf(need.by)} offers it to you in “${incident.title}”`,
        label: 'Accept',
        unavailable: can('incident.accept-role', incident),
        act: () => void submit({ kind: 'incident.accept-role', incidentId: incident.id, role: need.role }),
        time: <Since at={need.at} unit="ago" />,
      };
    case 'update':
      return {
        title: `Post an update: ${incident.title}`,
        second: 'You command this incident and its next update is due.',
        label: 'Write it',
        unavailable: null,
        act: () => navigate(paths.incident(incident.id)),
        time: <Until at={need.dueAt} severity={incident.severity} unit="left" />,
      };
    case 'task': {
      const { task } = need;
      return {
        title: task.title,
        second: `Task in ${incident.title}${task.createdBy === null ? '' : `, from ${nameOf(task.createdBy)}`}`,
        label: 'Done',
        unavailable: can('task.set-done'),
        act: () => void submit({ kind: 'task.set-done', incidentId: task.incidentId, taskId: task.id, done: true }),
        time:
          task.dueAt === null ? null : (
            <Until
              at={task.dueAt}
              severity={incident.severity}
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

/** Somebody else acknowledged, and the policy wants more of us: mine counts all the same. */
function whyNotAnswer(reason: string | null): string | null {
  return reason === 'It is already acknowledged.' ? null : reason;
}

/** `Paged 48 s ago: step 1 of payments-critical. Desktop shown, text delivered. Why was I paged?` */
function PageWords({ page }: { page: Page }) {
  const ago = durationWords(useServerNow() - Date.parse(page.at));
  return (
    <>
      <span className="mono">P-{page.number}</span> <span className="tabular">{ago} ago</span>
      {page.late ? ', late' : ''}: {page.reason}. {deliveryWords(page)}.{' '}
      <a className="need-why" href={paths.page(page.id)}>
        Why was I paged?
      </a>
    </>
  );
}

/** Who is paged next, and in how long. */
function NextPage({ incidentId, focused }: { incidentId: string; focused: boolean }) {
  const escalation = useEntity('escalation', incidentId);
  const incident = useEntity('incident', incidentId);
  const { next } = useEscalate(incident);
  const now = useServerNow();
  if (escalation?.status !== 'waiting' || escalation.nextAt === null) return <Figure value="" unit="nobody next" />;
  const left = Date.parse(escalation.nextAt) - now;
  return (
    <Figure
      value={left > 0 ? duration(left) : 'now'}
      unit={next.kind === 'step' && !next.again && !focused ? `then ${next.short}` : 'to answer'}
    />
  );
}

function EscalateNeed({ incident, onEscalate }: { incident: Incident; onEscalate: (incident: Incident) => void }) {
  const { label, unavailable } = useEscalate(incident);
  return (
    <Button kbd="e" unavailable={unavailable} onPress={() => onEscalate(incident)}>
      {capital(label)}
    </Button>
  );
}

/** The figures tick by themselves, so that a second redraws them and not the rows. */
function Since({ at, unit }: { at: string; unit: string }) {
  return <Figure value={duration(useServerNow() - Date.parse(at))} unit={unit} />;
}

function Until({ at, severity, unit }: { at: string; severity: Severity; unit: ReactNode }) {
  const leftMs = Date.parse(at) - useServerNow();
  if (leftMs < 0) return <Flag severity={severity}>Overdue {durationWords(-leftMs)}</Flag>;
  return <Figure value={duration(leftMs)} unit={unit} />;
}

function Figure({ value, unit }: { value: string; unit: ReactNode }) {
  return (
    <div className="need-figure tabular">
      <b>{value}</b>
      {unit}
    </div>
  );
}
