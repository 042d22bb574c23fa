import type { ReactNode } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import type { Page } from '#server/contract/page.ts';
import type { Severity } from '#server/contract/severity.ts';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useEntity, useFreshness, useNameOf, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration, durationWords } from '../../time-format.ts';
import { Flag } from '../../ui/chip.tsx';
import { Time } from '../../ui/time.tsx';
import type { RoomDialog } from '../incidents/room-dialog.ts';
import { useEscalate } from '../incidents/use-escalate.ts';
import { deliveryWords } from '../paging/page-words.ts';
import type { Need } from './needs-me.ts';

/** What a need says, and what its button does. */
export function useNeedWords(need: Need, focused: boolean, onDialog: (incident: Incident, dialog: RoomDialog) => void) {
  const nameOf = useNameOf();
  const submit = useSubmit();
  const can = useCan();
  const { incident } = need;
  switch (need.kind) {
    case 'page':
      return {
        title: incident.title,
        second: <PageWords page={need.page} />,
        label: t`Acknowledge`,
        // Somebody else may have acknowledged, and the policy wants more of us: mine counts all the same.
        unavailable: can('incident.acknowledge', { ...incident, status: 'triggered' }),
        act: () => void submit({ kind: 'incident.acknowledge', incidentId: incident.id }),
        time: <NextPage incidentId={incident.id} focused={focused} />,
      };
    case 'acknowledge':
      return {
        title: incident.title,
        second: t`Nobody has acknowledged it. ${incident.impact ?? incident.groupReason ?? t`Impact not stated yet.`}`,
        label: t`Acknowledge`,
        unavailable: can('incident.acknowledge', incident),
        act: () => void submit({ kind: 'incident.acknowledge', incidentId: incident.id }),
        time: <Since at={incident.startedAt} unit={t`open`} />,
      };
    case 'offer':
      return {
        title: t`Take the role ${term(need.role)}?`,
        second: t`${nameOf(need.by)} offers it to you in “${incident.title}”`,
        label: need.briefed ? t`Read briefing` : t`Accept`,
        unavailable: need.briefed ? null : can('incident.accept-role', incident),
        act: () =>
          need.briefed
            ? onDialog(incident, { kind: 'briefing', role: need.role })
            : void submit({ kind: 'incident.accept-role', incidentId: incident.id, role: need.role }),
        time: <Since at={need.at} unit={t`ago`} />,
      };
    case 'update':
      return {
        title: t`Post an update: ${incident.title}`,
        second: t`You command this incident and its next update is due.`,
        label: t`Write it`,
        unavailable: null,
        act: () => navigate(paths.incident(incident.id)),
        time: <Until at={need.dueAt} severity={incident.severity} unit={t`left`} />,
      };
    case 'approve':
      return {
        title: t`Approve update ${need.update.number}`,
        second: t`${nameOf(need.update.writtenBy)} waits for you before it is published: ${need.update.text}`,
        label: t`Look at it`,
        unavailable: null,
        act: () => onDialog(incident, { kind: 'decide-update', update: need.update }),
        time: <Since at={need.update.writtenAt} unit={t`waiting`} />,
      };
    case 'ask':
      return {
        title: need.ask.text,
        second:
          need.ask.askedBy === need.ask.ownerId
            ? t`You asked this of yourself in “${incident.title}”`
            : t`${nameOf(need.ask.askedBy)} asks you in “${incident.title}”`,
        label: t`Answer`,
        unavailable: can('ask.answer'),
        act: () => onDialog(incident, { kind: 'answer-ask', ask: need.ask }),
        time: <Until at={need.ask.dueAt} severity={incident.severity} unit={t`to answer`} />,
      };
    case 'unanswered':
      return {
        title: t`No answer from ${nameOf(need.ask.ownerId)}: ${need.ask.text}`,
        second: t`You asked this in “${incident.title}”. Ask somebody else, or give more time.`,
        label: t`Ask again…`,
        unavailable: can('ask.reassign', incident),
        act: () => onDialog(incident, { kind: 'reassign-ask', ask: need.ask }),
        time: <Until at={need.ask.dueAt} severity={incident.severity} unit={t`left`} />,
      };
    case 'poll':
      return {
        title: t`Any objection? ${need.poll.question}`,
        second: t`${nameOf(need.poll.openedBy)} asks in “${incident.title}”`,
        label: t`No objection`,
        unavailable: can('poll.answer'),
        act: () =>
          void submit({
            kind: 'poll.answer',
            incidentId: incident.id,
            pollId: need.poll.id,
            objects: false,
            reason: null,
          }),
        time: <Until at={need.poll.closesAt} severity={incident.severity} unit={t`left`} />,
      };
    case 'task': {
      const { task } = need;
      return {
        title: task.title,
        second:
          task.createdBy === null
            ? t`Task in “${incident.title}”`
            : t`${nameOf(task.createdBy)} gave you this in “${incident.title}”`,
        label: t`Done`,
        unavailable: can('task.set-done'),
        act: () => void submit({ kind: 'task.set-done', incidentId: task.incidentId, taskId: task.id, done: true }),
        time:
          task.dueAt === null ? null : (
            <Until at={task.dueAt} severity={incident.severity} unit={rich`due ${<Time at={task.dueAt} />}`} />
          ),
      };
    }
  }
}

/** `Paged 48 s ago: step 1 of payments-critical. Desktop shown, text delivered. Why was I paged?` */
function PageWords({ page }: { page: Page }) {
  const ago = durationWords(useServerNow() - Date.parse(page.at));
  const number = <span className="mono">P-{page.number}</span>;
  const age = <span className="tabular">{t`${ago} ago`}</span>;
  return (
    <>
      {page.late ? rich`${number} ${age}, late: ${page.reason}.` : rich`${number} ${age}: ${page.reason}.`}{' '}
      {deliveryWords(page)}.{' '}
      <a className="need-why" href={paths.page(page.id)}>
        {t`Why was I paged?`}
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
  const old = useOldData();
  if (escalation?.status !== 'waiting' || escalation.nextAt === null) return <Figure value="" unit={t`nobody next`} />;
  if (old) return <Figure value={<Time at={escalation.nextAt} />} unit={t`next page, as last heard`} />;
  const left = Date.parse(escalation.nextAt) - now;
  return (
    <Figure
      value={left > 0 ? duration(left) : t`now`}
      unit={next.kind === 'step' && !next.again && !focused ? t`then ${next.short}` : t`to answer`}
    />
  );
}

/** The figures tick by themselves, so that a second redraws them and not the rows. */
function Since({ at, unit }: { at: string; unit: string }) {
  const old = useOldData();
  const now = useServerNow();
  // With old data a running figure would look live, so it becomes a clock time.
  if (old) return <Figure value={<Time at={at} />} unit={t`since`} />;
  return <Figure value={duration(now - Date.parse(at))} unit={unit} />;
}

function Until({ at, severity, unit }: { at: string; severity: Severity; unit: ReactNode }) {
  const old = useOldData();
  const leftMs = Date.parse(at) - useServerNow();
  if (old) return <Figure value={<Time at={at} />} unit={t`due`} />;
  if (leftMs < 0) return <Flag severity={severity}>{t`Overdue ${durationWords(-leftMs)}`}</Flag>;
  return <Figure value={duration(leftMs)} unit={unit} />;
}

function useOldData(): boolean {
  const { state } = useFreshness();
  return state === 'stale' || state === 'offline';
}

function Figure({ value, unit }: { value: ReactNode; unit: ReactNode }) {
  return (
    <div className="need-figure tabular">
      <b>{value}</b>
      {unit}
    </div>
  );
}
