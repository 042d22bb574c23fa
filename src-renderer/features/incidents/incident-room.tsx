import { useMemo, useRef, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { ChatMessage } from '#server/contract/chat.ts';
import { paths } from '../../paths.ts';
import { navigate } from '../../navigation.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useEntity, useMe, useOfIncident, useReplica, useSubmit, useTable } from '../../session.tsx';
import { Empty } from '../../ui/empty.tsx';
import { useSteady } from '../../ui/use-steady.ts';
import { RoomPeople } from '../console/room-people.tsx';
import { RoomConsole } from '../console/room-console.tsx';
import { SilenceDialog } from '../alerts/silence-dialog.tsx';
import { useMute } from '../inbox/use-inbox.ts';
import { RoomChat } from '../room-chat/room-chat.tsx';
import { RoomPaging } from '../paging/room-paging.tsx';
import { ConflictSheet } from './conflict-sheet.tsx';
import { FactStrip } from './fact-strip.tsx';
import './incidents.css';
import { useIncidentCommands } from './incident-commands.ts';
import { openIncidents, roleHeldBy } from './incident-facts.ts';
import { NoteComposer } from './note-composer.tsx';
import { OutboxList } from './outbox-list.tsx';
import { ResponseTimes } from './response-times.tsx';
import { RoomAlerts } from './room-alerts.tsx';
import { type RoomDialog, RoomDialogs } from './room-dialogs.tsx';
import { RoomLinks } from './room-links.tsx';
import { RoomRoles } from './room-roles.tsx';
import { RoomTasks } from './room-tasks.tsx';
import { RoomTimeline } from './room-timeline.tsx';
import { UpdateComposer } from '../updates/update-composer.tsx';
import { useEscalate } from './use-escalate.ts';

export function IncidentRoom({ params }: ScreenProps) {
  const id = params['id'] ?? '';
  const incident = useEntity('incident', id);
  const ready = useReplica((state) => state.ready);
  const incidents = useTable('incident');
  const outbox = useReplica((state) => state.outbox);
  const me = useMe();
  const can = useCan();
  const submit = useSubmit();
  const { muted, mute } = useMute();
  const [dialog, setDialog] = useState<RoomDialog | null>(null);
  const [severityOpen, setSeverityOpen] = useState(false);
  const alerts = useOfIncident('alert', id);
  const firing = alerts.filter(({ status, suppressed }) => status === 'firing' && !suppressed);
  const [silencing, setSilencing] = useState<Alert[] | null>(null);
  const escalate = useEscalate(incident);
  const note = useRef<HTMLTextAreaElement>(null);
  const update = useRef<HTMLTextAreaElement>(null);
  const message = useRef<HTMLTextAreaElement>(null);
  const taskOf = useSteady((from: ChatMessage) => setDialog({ kind: 'task', from }));
  const around = useMemo(() => neighbours(openIncidents(incidents.rows.values()), id), [incidents, id]);

  const held = incident === undefined ? null : roleHeldBy(incident, me.id);
  useIncidentCommands(
    incident,
    incident === undefined
      ? []
      : [
          {
            id: 'acknowledge',
            label: 'acknowledge',
            hint: incident.status === 'triggered',
            unavailable: can('incident.acknowledge', incident),
            run: () => void submit({ kind: 'incident.acknowledge', incidentId: id }),
          },
          {
            id: 'escalate',
            label: escalate.label,
            hint: incident.status === 'triggered',
            unavailable: escalate.unavailable,
            run: () => setDialog({ kind: 'escalate' }),
          },
          {
            id: 'update',
            label: 'update',
            hint: true,
            unavailable: can('incident.post-update', incident),
            run: () => update.current?.focus(),
          },
          {
            id: 'task',
            label: 'task',
            hint: true,
            unavailable: can('task.add', incident),
            run: () => setDialog({ kind: 'task' }),
          },
          {
            id: 'note',
            label: 'note',
            hint: true,
            unavailable: can('incident.note', incident),
            run: () => note.current?.focus(),
          },
          {
            id: 'message',
            label: 'message the room',
            unavailable: can('chat.post', incident),
            run: () => message.current?.focus(),
          },
          {
            id: 'severity',
            label: 'severity',
            hint: true,
            unavailable: can('incident.set-severity', incident),
            run: () => setSeverityOpen(true),
          },
          {
            id: 'role',
            label: 'take a role',
            hint: true,
            unavailable: can('incident.take-role', incident),
            run: () => setDialog({ kind: 'role' }),
          },
          {
            id: 'ask',
            label: 'ask somebody, with a time',
            unavailable: can('ask.add', incident),
            run: () => setDialog({ kind: 'ask' }),
          },
          {
            id: 'poll',
            label: 'ask for objections',
            unavailable: can('poll.open', incident),
            run: () => setDialog({ kind: 'poll' }),
          },
          {
            id: 'hand-over',
            label: 'hand over',
            unavailable: can('incident.offer-role', incident) ?? (held === null ? 'you hold no role here' : null),
            run: () => held !== null && setDialog({ kind: 'offer', role: held }),
          },
          {
            id: 'resolve',
            label: 'resolve',
            unavailable: can('incident.resolve', incident),
            run: () => setDialog({ kind: 'resolve' }),
          },
          {
            id: 'detail.previous',
            label: 'previous incident',
            unavailable: around.before === null ? 'this is the first' : null,
            run: () => go(around.before),
          },
          {
            id: 'detail.next',
            label: 'next incident',
            unavailable: around.after === null ? 'this is the last' : null,
            run: () => go(around.after),
          },
          {
            id: 'snooze',
            label: 'silence its alerts',
            keywords: 'snooze mute',
            unavailable: can('silence.save') ?? (firing.length === 0 ? 'none of its alerts fires' : null),
            run: () => setSilencing(firing),
          },
          {
            id: 'mute',
            label: muted.includes(id) ? 'unmute the incident' : 'mute the incident',
            run: () => mute(id, !muted.includes(id)),
          },
          {
            id: 'incident.link',
            keys: null,
            label: 'add a link',
            unavailable: can('incident.add-link', incident),
            run: () => setDialog({ kind: 'link' }),
          },
          { id: 'back', label: 'back to Now', run: () => navigate(paths.now()) },
        ],
  );

  if (incident === undefined) {
    if (!ready) return null;
    return (
      <div className="screen-pad">
        <Empty
          title="This incident is not on this machine"
          actions={
            <a className="button" href={paths.incidents()}>
              All incidents
            </a>
          }
        >
          It was closed more than 30 days ago, it is restricted to other teams, or its address is wrong.
        </Empty>
      </div>
    );
  }
  const mine = outbox.filter(
    (item) => 'incidentId' in item.intent.action && item.intent.action.incidentId === id && item.state !== 'applied',
  );
  const conflicts = mine.filter((item) => item.state === 'conflict');
  return (
    <div className="room">
      <FactStrip
        incident={incident}
        onDialog={setDialog}
        severityOpen={severityOpen}
        answering={params['focus'] === 'answer'}
        onSeverityOpen={setSeverityOpen}
      />
      {incident.mergedInto === null ? null : (
        <div className="room-merged hatch row">
          Merged into another incident. <a href={paths.incident(incident.mergedInto)}>Go there</a>
        </div>
      )}
      <div className="room-columns">
        <section className="room-column" aria-label="Timeline">
          <RoomTimeline incident={incident} />
          <NoteComposer incident={incident} inputRef={note} />
          {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
        </section>
        <section className="room-column" aria-label="Alerts and room">
          <RoomAlerts incident={incident} onDialog={setDialog} />
          <RoomChat key={id} incident={incident} inputRef={message} onTask={taskOf} />
        </section>
        <section className="room-column room-side" aria-label="Roles, tasks and updates">
          <div className="scroll grow">
            {mine.length > conflicts.length ? (
              <OutboxList items={mine.filter((item) => item.state !== 'conflict')} inRoom />
            ) : null}
            <RoomPaging incident={incident} />
            <RoomRoles incident={incident} onDialog={setDialog} />
            <RoomConsole incident={incident} onDialog={setDialog} />
            <RoomTasks incident={incident} onDialog={setDialog} />
            <RoomPeople incident={incident} onDialog={setDialog} />
            <RoomLinks incident={incident} onDialog={setDialog} />
            <ResponseTimes incident={incident} />
          </div>
          <UpdateComposer key={id} incident={incident} inputRef={update} />
        </section>
      </div>
      {silencing === null ? null : (
        <SilenceDialog alerts={silencing} kind="silence" onClose={() => setSilencing(null)} />
      )}
      {dialog === null ? null : <RoomDialogs incident={incident} dialog={dialog} onClose={() => setDialog(null)} />}
    </div>
  );
}

function go(id: string | null): void {
  if (id !== null) navigate(paths.incident(id));
}

function neighbours(list: readonly { id: string }[], id: string): { before: string | null; after: string | null } {
  const at = list.findIndex((incident) => incident.id === id);
  if (at < 0) return { before: null, after: list[0]?.id ?? null };
  return { before: list[at - 1]?.id ?? null, after: list[at + 1]?.id ?? null };
}
