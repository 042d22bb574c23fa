import { useEffect, useMemo, useRef, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Incident } from '#server/contract/incident.ts';
import { cameFrom } from '../../came-from.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { navigate } from '../../navigation.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useEntity, useMe, useOfIncident, useReplica, useSubmit, useTable } from '../../session.tsx';
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
import { incidentActions, type RoomField } from './incident-actions.ts';
import { openIncidents } from './incident-facts.ts';
import { MissingIncident } from './missing-incident.tsx';
import { NoteComposer } from './note-composer.tsx';
import { OutboxList } from './outbox-list.tsx';
import { ResponseTimes } from './response-times.tsx';
import { RoomAlerts } from './room-alerts.tsx';
import { RoomColumns } from './room-columns.tsx';
import type { RoomDialog } from './room-dialog.ts';
import { RoomDialogs } from './room-dialogs.tsx';
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

  const origin = cameFrom();
  const write = useSteady((field: RoomField) => ({ note, update, message })[field].current?.focus());
  // From a list: `n` there opens the room with the note under the keyboard.
  const field = params['focus'];
  const isThere = incident !== undefined;
  useEffect(() => {
    if (isThere && isField(field)) write(field);
  }, [isThere, id, field, write]);
  useIncidentCommands(
    incident,
    incident === undefined
      ? []
      : [
          ...incidentActions(incident, {
            meId: me.id,
            can,
            escalate,
            firing: firing.length,
            muted: muted.includes(id),
            acknowledge: () => void submit({ kind: 'incident.acknowledge', incidentId: id }),
            open: setDialog,
            write,
            severity: () => setSeverityOpen(true),
            silence: () => setSilencing(firing),
            mute: () => mute(id, !muted.includes(id)),
          }).map((command) => ({ ...command, hint: hinted(command.id, incident) })),
          {
            id: 'detail.previous',
            label: t`previous incident`,
            unavailable: around.before === null ? t`this is the first` : null,
            run: () => go(around.before),
          },
          {
            id: 'detail.next',
            label: t`next incident`,
            unavailable: around.after === null ? t`this is the last` : null,
            run: () => go(around.after),
          },
          {
            id: 'incident.link',
            keys: null,
            label: t`add a link`,
            unavailable: can('incident.add-link', incident),
            run: () => setDialog({ kind: 'link' }),
          },
          { id: 'back', label: t`back to ${origin.label}`, run: () => navigate(origin.to) },
        ],
  );

  if (incident === undefined) return ready ? <MissingIncident id={id} /> : null;
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
          {rich`Merged into another incident. ${<a href={paths.incident(incident.mergedInto)}>{t`Go there`}</a>}`}
        </div>
      )}
      <RoomColumns
        timeline={
          <section className="room-column" aria-label={t`Timeline`}>
            <RoomTimeline incident={incident} />
            <NoteComposer incident={incident} inputRef={note} />
            {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
          </section>
        }
        talk={
          <section className="room-column room-talk" aria-label={t`Alerts and room`}>
            <RoomAlerts incident={incident} onDialog={setDialog} />
            <RoomChat key={id} incident={incident} inputRef={message} onTask={taskOf} />
          </section>
        }
        side={
          <section className="room-column" aria-label={t`Roles, tasks and updates`}>
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
        }
      />
      {silencing === null ? null : (
        <SilenceDialog alerts={silencing} kind="silence" onClose={() => setSilencing(null)} />
      )}
      {dialog === null ? null : <RoomDialogs incident={incident} dialog={dialog} onClose={() => setDialog(null)} />}
    </div>
  );
}

function isField(focus: string | undefined): focus is RoomField {
  return focus === 'note' || focus === 'update' || focus === 'message';
}

/** What the foot shows: what is done most, and the answers only while one is owed. */
function hinted(id: string, { status }: Incident): boolean {
  if (id === 'acknowledge' || id === 'escalate') return status === 'triggered';
  return ['update', 'task', 'note', 'severity', 'role'].includes(id);
}

function go(id: string | null): void {
  if (id !== null) navigate(paths.incident(id));
}

function neighbours(list: readonly { id: string }[], id: string): { before: string | null; after: string | null } {
  const at = list.findIndex((incident) => incident.id === id);
  if (at < 0) return { before: null, after: list[0]?.id ?? null };
  return { before: list[at - 1]?.id ?? null, after: list[at + 1]?.id ?? null };
}
