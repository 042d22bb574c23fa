import { useState } from 'react';
import type { ChatMessage } from '#server/contract/chat.ts';
import type { Incident, Task } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useMe, useSession, useSubmit } from '../../session.tsx';
import { serverNow } from '../../time.ts';
import { clockTime } from '../../time-format.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { upcoming } from './backdate.ts';
import { FormDialog, useOnce } from './edit-dialogs.tsx';
import { usePeopleOptions } from './people-options.tsx';

const nobody = 'nobody';

type Due = 'none' | '10' | '30' | '60' | 'at' | 'keep';

/** A new task, or an old one with its owner and due time; one owner each. */
export function TaskDialog({
  incident,
  task,
  from = null,
  onClose,
}: {
  incident: Incident;
  task: Task | null;
  /** The message of the room that it is made of. */
  from?: ChatMessage | null;
  onClose: () => void;
}) {
  const me = useMe();
  const { uuid } = useSession();
  const submit = useSubmit();
  const once = useOnce();
  const people = usePeopleOptions();
  const [title, setTitle] = useState(task?.title ?? titleOf(from));
  const [owner, setOwner] = useState<string>(task === null ? me.id : (task.ownerId ?? nobody));
  const [due, setDue] = useState<Due>(task === null ? '30' : task.dueAt === null ? 'none' : 'keep');
  const [clock, setClock] = useState('');
  const at = due === 'at' ? upcoming(clock, serverNow()) : null;
  const valid = title.trim() !== '' && (due !== 'at' || at !== null);

  const save = async (): Promise<boolean> => {
    const ownerId = owner === nobody ? null : owner;
    const dueAt = dueInstant(due, at, task);
    const incidentId = incident.id;
    if (task === null) {
      const added = await submit({
        kind: 'task.add',
        incidentId,
        taskId: uuid(),
        title: title.trim(),
        ownerId,
        dueAt,
        ...(from === null ? {} : { fromMessageId: from.id }),
      });
      if (added.ok) onClose();
      return added.ok;
    }
    if (title.trim() !== task.title || dueAt !== task.dueAt) {
      const edited = await submit({ kind: 'task.edit', incidentId, taskId: task.id, title: title.trim(), dueAt });
      if (!edited.ok) return false;
    }
    if (ownerId !== task.ownerId) {
      const assigned = await submit({ kind: 'task.assign', incidentId, taskId: task.id, ownerId });
      if (!assigned.ok) return false;
    }
    onClose();
    return true;
  };

  return (
    <FormDialog
      title={task === null ? t`Add a task` : t`Edit the task`}
      saveLabel={task === null ? t`Add` : t`Save`}
      onClose={onClose}
      valid={valid}
      onSave={() => once(save)}
    >
      <TextField label={t`What is to be done`} value={title} onChange={setTitle} autoFocus maxLength={300} />
      <Select
        label={t`Owner`}
        options={[...people, { value: nobody, label: t`Nobody yet` }]}
        value={owner}
        onChange={setOwner}
      />
      <Select
        label={t`Due`}
        options={[
          ...(task === null || task.dueAt === null
            ? []
            : [{ value: 'keep' as const, label: t`${clockTime(Date.parse(task.dueAt))} UTC, as it is` }]),
          { value: '10', label: t`In 10 minutes` },
          { value: '30', label: t`In 30 minutes` },
          { value: '60', label: t`In an hour` },
          { value: 'at', label: t`At a time…` },
          { value: 'none', label: t`No due time` },
        ]}
        value={due}
        onChange={setDue}
      />
      {due === 'at' ? (
        <TextField
          label={t`Time, UTC`}
          value={clock}
          onChange={setClock}
          placeholder="15:10"
          error={clock === '' || at !== null ? null : t`A clock time such as 15:10.`}
        />
      ) : null}
    </FormDialog>
  );
}

const titleMax = 300;

function titleOf(from: ChatMessage | null): string {
  return from === null ? '' : from.text.replaceAll(/\s+/g, ' ').slice(0, titleMax);
}

function dueInstant(due: Due, at: string | null, task: Task | null): string | null {
  if (due === 'none') return null;
  if (due === 'keep') return task?.dueAt ?? null;
  if (due === 'at') return at;
  return new Date(serverNow() + Number(due) * 60_000).toISOString();
}
