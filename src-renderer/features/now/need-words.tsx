import type { ReactNode } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import type { Page } from '#server/contract/page.ts';
import type { Severity } from '#server/contract/severity.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useEntity, useNameOf, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration, durationWords } from '../../time-format.ts';
import { Flag } from '../../ui/chip.tsx';
import { Time } from '../../ui/time.tsx';
import type { RoomDialog } from '../incidents/room-dialogs.tsx';
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
        label: need.briefed ? 'Read briefing' : 'Accept',
        unavailable: need.briefed ? null : can('incident.accept-role', incident),
        act: () =>
          need.briefed
            ? onDialog(incident, { kind: 'briefing', role: need.role })
            : void submit({ kind: 'incident.accept-role', incidentId: incident.id, role: need.role }),
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
    case 'approve':
      return {
        title: `Approve update ${need.update.number}`,
        second: `${nameOf(need.update.writtenBy)} waits for you before it is published: ${need.update.text}`,
        label: 'Look at it',
        unavailable: null,
        act: () => onDialog(incident, { kind: 'decide-update', update: need.update }),
        time: <Since at={need.update.writtenAt} unit="waiting" />,
      };
    case 'ask':
      return {
        title: need.ask.text,
        second: `${need.ask.askedBy === need.ask.ownerId ? 'You asked this of yourself' : `${nameOf(need.ask.askedBy)} asks you`} in “${incident.title}”`,
        label: 'Answer',
        unavailable: can('ask.answer'),
        act: () => onDialog(incident, { kind: 'answer-ask', ask: need.ask }),
        time: <Until at={need.ask.dueAt} severity={incident.severity} unit="to answer" />,
      };
    case 'unanswered':
      return {
        title: `No answer from ${nameOf(need.ask.ownerId)}: ${need.ask.text}`,
        second: `You asked this in “${incident.title}”. Ask somebody else, or give more time.`,
        label: 'Ask again…',
        unavailable: can('ask.reassign', incident),
        act: () => onDialog(incident, { kind: 'reassign-ask', ask: need.ask }),
        time: <Until at={need.ask.dueAt} severity={incident.severity} unit="left" />,
      };
    case 'poll':
      return {
        title: `Any objection? ${need.poll.question}`,
        second: `${nameOf(need.poll.openedBy)} asks in “${incident.title}”`,
        label: 'No objection',
        unavailable: can('poll.answer'),
        act: () =>
          void submit({
            kind: 'poll.answer',
            incidentId: incident.id,
            pollId: need.poll.id,
            objects: false,
            reason: null,
          }),
        time: <Until at={need.poll.closesAt} severity={incident.severity} unit="left" />,
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
