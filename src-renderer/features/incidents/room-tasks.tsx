import { useMemo } from 'react';
import type { Incident, Task } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useOfIncident, useQueued, useSubmit } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { durationWords } from '../../time-format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Flag, Queued } from '../../ui/chip.tsx';
import { Time } from '../../ui/time.tsx';
import { CopyLink } from '../links/copy-link.tsx';
import type { RoomDialog } from './room-dialog.ts';

export function RoomTasks({ incident, onDialog }: { incident: Incident; onDialog: (dialog: RoomDialog) => void }) {
  const tasks = useOfIncident('task', incident.id);
  const can = useCan();
  const list = useMemo(() => [...tasks].sort(openFirst), [tasks]);
  const done = list.filter((task) => task.doneAt !== null).length;
  return (
    <section className="separator">
      <div className="room-head">
        <h2>{t`Tasks`}</h2>
        <span className="count">{list.length === 0 ? '' : t`${done} of ${list.length} done`}</span>
        <span className="grow" />
        <Button
          look="ghost"
          compact
          command="task"
          unavailable={can('task.add', incident)}
          onPress={() => onDialog({ kind: 'task' })}
        >
          {t`Add`}
        </Button>
      </div>
      {list.length === 0 ? <p className="room-none">{t`No task yet. Each has one owner and a time.`}</p> : null}
      <ul>
        {list.map((task) => (
          <TaskLine key={task.id} task={task} incident={incident} onDialog={onDialog} />
        ))}
      </ul>
    </section>
  );
}

function openFirst(a: Task, b: Task): number {
  if ((a.doneAt === null) !== (b.doneAt === null)) return a.doneAt === null ? -1 : 1;
  return (a.dueAt ?? '9').localeCompare(b.dueAt ?? '9') || a.createdAt.localeCompare(b.createdAt);
}

function TaskLine({
  task,
  incident,
  onDialog,
}: {
  task: Task;
  incident: Incident;
  onDialog: (dialog: RoomDialog) => void;
}) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  const now = useServerNow();
  const queued = useQueued('task', task.id);
  const done = task.doneAt !== null;
  const lateMs = task.dueAt === null || done ? 0 : now - Date.parse(task.dueAt);
  const owner = task.ownerId === null ? null : nameOf(task.ownerId);
  return (
    <li className="task-line">
      <Checkbox
        aria-label={t`Done: ${task.title}`}
        isSelected={done}
        isDisabled={can('task.set-done') !== null}
        onChange={(on) => void submit({ kind: 'task.set-done', incidentId: incident.id, taskId: task.id, done: on })}
      />
      <span className={done ? 'wrap-any faint' : 'wrap-any'}>{task.title}</span>
      {queued ? (
        <Queued />
      ) : (
        <span className="task-link">
          <CopyLink entity="task" id={task.id} />
        </span>
      )}
      <Button
        look="ghost"
        compact
        aria-label={owner === null ? t`Edit the task; owner nobody` : t`Edit the task; owner ${owner}`}
        unavailable={can('task.edit')}
        onPress={() => onDialog({ kind: 'edit-task', task })}
      >
        <Avatar name={owner} me={task.ownerId === me.id} />
      </Button>
      <span className="end small-text muted nowrap">
        {lateMs > 0 ? (
          <Flag severity={incident.severity}>{t`Overdue ${durationWords(Math.floor(lateMs / 60_000) * 60_000)}`}</Flag>
        ) : task.dueAt === null ? (
          ''
        ) : (
          <Time at={done && task.doneAt !== null ? task.doneAt : task.dueAt} />
        )}
      </span>
    </li>
  );
}
