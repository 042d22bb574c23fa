import { useMemo, useState } from 'react';
import type { Layer, Schedule } from '#server/contract/schedule.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { addDays, deviceZone, localDate, weekdayOf } from '../../zone-time.ts';
import { ChangedElsewhere, EditorHead, Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useConflictsOf, useDocumentActions } from '../config/use-document.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { PagingTrialPanel } from '../routing/paging-trial.tsx';
import { DraftPreview } from './draft-preview.tsx';
import { LayerEditor } from './layer-editor.tsx';
import './oncall.css';
import { layerWords } from './oncall-words.ts';
import { checkSchedule, formOf, movedAt, newCalendar, newLayer, type ScheduleForm } from './schedule-draft.ts';

const noTeam = 'none';

/** One schedule: its layers on the left, what comes out of them on the right, worked out as one types. */
export function ScheduleEditor({ schedule }: { schedule: Schedule | null }) {
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const teams = useTable('team');
  const now = useServerNow();
  const cannot = useCanWrite('schedule');
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [newId] = useState(uuid);
  const [form, setForm] = useState<ScheduleForm>(() => formOf(schedule, deviceZone()));
  // The version the form started from: a later one means that somebody else saved meanwhile.
  const [basis, setBasis] = useState(schedule);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const conflicts = useConflictsOf('schedule', schedule?.id ?? null);
  const { draft, errors } = useMemo(() => checkSchedule(form), [form]);
  const before = useMemo(() => JSON.stringify(formOf(basis, deviceZone())), [basis]);
  const text = JSON.stringify(form);
  const changed = text !== before;
  const theirs = schedule === null ? before : JSON.stringify(formOf(schedule, deviceZone()));
  const newer = schedule !== null && basis !== null && schedule.version > basis.version;
  if (newer && theirs === text) setBasis(schedule);
  const shown = tried ? errors : {};
  const set = (change: Partial<ScheduleForm>): void => setForm({ ...form, ...change });

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null) return setRefusal('a field below is not valid yet.');
    setRefusal(null);
    const saved = await save({ kind: 'schedule', draft }, basis);
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    if (saved.outcome === 'conflict') return;
    show({ text: `${draft.name} is saved and decides from now on.` });
    if (schedule === null) navigate(paths.schedule(saved.id), { replace: true });
    else setBasis({ ...schedule, ...draft, version: saved.version ?? schedule.version });
  };

  useCommands([
    { id: 'save', label: 'save', hint: true, unavailable: cannot, run: () => void submit() },
    {
      id: 'back',
      label: 'back',
      run: () => navigate(schedule === null ? paths.oncall() : paths.schedule(schedule.id)),
    },
  ]);

  const addLayer = (type: 'rotation' | 'calendar'): void => {
    const today = localDate(form.timeZone === '' ? 'UTC' : safeZone(form.timeZone), now);
    const monday = addDays(today, 1 - weekdayOf(today));
    const place = form.layers.length;
    set({
      layers: [
        ...form.layers,
        type === 'rotation' ? newLayer(uuid(), place, form.timeZone, monday) : newCalendar(uuid(), place),
      ],
    });
  };

  return (
    <div className="schedule schedule-editor">
      <EditorHead
        title={form.name.trim() === '' ? 'New schedule' : form.name}
        back={
          schedule === null
            ? { to: paths.oncall(), label: 'All schedules' }
            : { to: paths.schedule(schedule.id), label: 'The schedule' }
        }
        document={schedule}
        changed={changed}
        busy={busy}
        cannot={cannot}
        onPutBack={() => {
          setForm(formOf(schedule, deviceZone()));
          setBasis(schedule);
          setRefusal(null);
        }}
        onSave={() => void submit()}
      />
      {newer && theirs !== text ? <ChangedElsewhere by={nameOf(schedule.updatedBy)} /> : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      <Refusal reason={refusal} />
      <div className="schedule-columns">
        <div className="schedule-layers">
          <div className="form-grid">
            <TextField
              label="Name"
              value={form.name}
              onChange={(name) => set({ name })}
              error={shown['name'] ?? null}
              isDisabled={cannot !== null}
              maxLength={300}
            />
            <ZoneField
              label="Shown in"
              value={form.timeZone}
              onChange={(timeZone) => set({ timeZone })}
              error={errors['timeZone'] ?? null}
              disabled={cannot !== null}
            />
            <Select
              label="Team"
              options={[
                { value: noTeam, label: 'no team' },
                ...[...teams.rows.values()].map(({ id, name }) => ({ value: id, label: name })),
              ]}
              value={form.teamId ?? noTeam}
              onChange={(id) => set({ teamId: id === noTeam ? null : id })}
              disabled={cannot !== null}
            />
            <div className="form-wide">
              <TextField
                label="What it is for"
                value={form.description}
                onChange={(description) => set({ description })}
                isDisabled={cannot !== null}
                maxLength={2_000}
              />
            </div>
          </div>
          <p className="small-text muted">
            Of the layers that cover an instant, those with the highest priority are on call, all of them.
          </p>
          {form.layers.map((layer, index) => (
            <LayerEditor
              key={layer.id}
              layer={layer}
              words={wordsOf(draft?.layers[index], nameOf)}
              place={index}
              count={form.layers.length}
              errors={shown}
              disabled={cannot !== null}
              onChange={(next) => set({ layers: form.layers.with(index, next) })}
              onMove={(by) => set({ layers: movedAt(form.layers, index, by) })}
              onRemove={() => set({ layers: form.layers.toSpliced(index, 1) })}
            />
          ))}
          <div className="row wrap">
            <Button icon="plus" unavailable={cannot} onPress={() => addLayer('rotation')}>
              Add a rotation
            </Button>
            <Button icon="plus" unavailable={cannot} onPress={() => addLayer('calendar')}>
              Add a calendar
            </Button>
          </div>
        </div>
        <DraftPreview scheduleId={schedule?.id ?? null} draft={draft} zone={safeZone(form.timeZone)} />
      </div>
      <PagingTrialPanel
        label="with this schedule"
        changes={
          draft === null ? null : [{ op: 'save', id: schedule?.id ?? newId, document: { kind: 'schedule', draft } }]
        }
      />
    </div>
  );
}

function wordsOf(layer: Layer | undefined, nameOf: (id: string | null) => string): string | null {
  return layer === undefined ? null : layerWords(layer, nameOf);
}

/** The typed zone once it is one. */
function safeZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
