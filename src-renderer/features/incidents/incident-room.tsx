import { useMemo, useRef, useState } from 'react';
import { paths } from '../../paths.ts';
import { navigate } from '../../navigation.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useEntity, useReplica, useSubmit, useTable } from '../../session.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { RoomPaging } from '../paging/room-paging.tsx';
import { ConflictSheet } from './conflict-sheet.tsx';
import { FactStrip } from './fact-strip.tsx';
import './incidents.css';
import { openIncidents } from './incident-facts.ts';
import { NoteComposer } from './note-composer.tsx';
import { OutboxList } from './outbox-list.tsx';
import { ResponseTimes } from './response-times.tsx';
import { RoomAlerts } from './room-alerts.tsx';
import { type RoomDialog, RoomDialogs } from './room-dialogs.tsx';
import { RoomLinks } from './room-links.tsx';
import { RoomRoles } from './room-roles.tsx';
import { RoomTasks } from './room-tasks.tsx';
import { RoomTimeline } from './room-timeline.tsx';
import { UpdateComposer } from './update-composer.tsx';
import { useEscalate } from './use-escalate.ts';

export function IncidentRoom({ params }: ScreenProps) {
  const id = params['id'] ?? '';
  const incident = useEntity('incident', id);
  const ready = useReplica((state) => state.ready);
  const incidents = useTable('incident');
  const outbox = useReplica((state) => state.outbox);
  const can = useCan();
  const submit = useSubmit();
  const [dialog, setDialog] = useState<RoomDialog | null>(null);
  const [severityOpen, setSeverityOpen] = useState(false);
  const escalate = useEscalate(incident);
  const note = useRef<HTMLTextAreaElement>(null);
  const update = useRef<HTMLTextAreaElement>(null);
  const around = useMemo(() => neighbours(openIncidents(incidents.rows.values()), id), [incidents, id]);

  useCommands(
    incident === undefined
      ? []
      : [
          {
            keys: 'a',
            label: 'acknowledge',
            hint: incident.status === 'triggered',
            unavailable: can('incident.acknowledge', incident),
            run: () => void submit({ kind: 'incident.acknowledge', incidentId: id }),
          },
          {
            keys: 'e',
            label: escalate.label,
            hint: incident.status === 'triggered',
            unavailable: escalate.unavailable,
            run: () => setDialog({ kind: 'escalate' }),
          },
          {
            keys: 'u',
            label: 'update',
            hint: true,
            unavailable: can('incident.post-update', incident),
            run: () => update.current?.focus(),
          },
          {
            keys: 't',
            label: 'task',
            hint: true,
            unavailable: can('task.add', incident),
            run: () => setDialog({ kind: 'task' }),
          },
          {
            keys: 'n',
            label: 'note',
            hint: true,
            unavailable: can('incident.note', incident),
            run: () => note.current?.focus(),
          },
          {
            keys: 's',
            label: 'severity',
            hint: true,
            unavailable: can('incident.set-severity', incident),
            run: () => setSeverityOpen(true),
          },
          {
            keys: 'l',
            label: 'take a role',
            hint: true,
            unavailable: can('incident.take-role', incident),
            run: () => setDialog({ kind: 'role' }),
          },
          {
            keys: 'r',
            label: 'resolve',
            unavailable: can('incident.resolve', incident),
            run: () => setDialog({ kind: 'resolve' }),
          },
          {
            keys: '[',
            label: 'previous incident',
            unavailable: around.before === null ? 'this is the first' : null,
            run: () => go(around.before),
          },
          {
            keys: ']',
            label: 'next incident',
            unavailable: around.after === null ? 'this is the last' : null,
            run: () => go(around.after),
          },
          { keys: 'Escape', label: 'back to Now', run: () => navigate(paths.now()) },
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
          {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
        </section>
        <section className="room-column" aria-label="Alerts and notes">
          <RoomAlerts incident={incident} onDialog={setDialog} />
          <NoteComposer incident={incident} inputRef={note} />
        </section>
        <section className="room-column room-side" aria-label="Roles, tasks and updates">
          <div className="scroll grow">
            {mine.length > conflicts.length ? (
              <OutboxList items={mine.filter((item) => item.state !== 'conflict')} inRoom />
            ) : null}
            <RoomPaging incident={incident} />
            <RoomRoles incident={incident} onDialog={setDialog} />
            <RoomTasks incident={incident} onDialog={setDialog} />
            <RoomLinks incident={incident} onDialog={setDialog} />
            <ResponseTimes incident={incident} />
          </div>
          <UpdateComposer incident={incident} inputRef={update} />
        </section>
      </div>
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
