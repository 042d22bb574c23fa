import { useMemo, useState } from 'react';
import type { Layer, Schedule } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useSession, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { addDays, deviceZone, localDate, weekdayOf } from '../../zone-time.ts';
import { DocumentHead } from '../config/document-head.tsx';
import { useCanWrite, useMayWrite } from '../config/use-document.ts';
import { useDocumentForm } from '../config/use-document-form.ts';
import { PagingTrialPanel } from '../routing/paging-trial.tsx';
import { DeleteSchedule } from './delete-schedule.tsx';
import { DraftPreview } from './draft-preview.tsx';
import { LayerEditor } from './layer-editor.tsx';
import './oncall.css';
import { layerWords } from './oncall-words.ts';
import { checkSchedule, formOf, movedAt, newCalendar, newLayer } from './schedule-draft.ts';

const noTeam = 'none';

/** One schedule: its layers on the left, what comes out of them on the right, worked out as one types. */
export function ScheduleEditor({ schedule }: { schedule: Schedule | null }) {
  const { uuid } = useSession();
  const nameOf = useNameOf();
  const teams = useTable('team');
  const now = useServerNow();
  const cannot = useCanWrite('schedule');
  const mayNot = useMayWrite('schedule');
  const disabled = mayNot !== null;
  const show = useToasts((state) => state.show);
  const [deleting, setDeleting] = useState(false);
  const editor = useDocumentForm('schedule', schedule, (row) => formOf(row, deviceZone()));
  const { form, set } = editor;
  const { draft, errors } = useMemo(() => checkSchedule(form), [form]);
  const shown = editor.tried ? errors : {};

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft === null ? null : { kind: 'schedule', draft });
    if (saved === null || draft === null) return;
    show({ text: t`${draft.name} is saved and decides from now on.` });
    if (schedule === null) editor.openMade(paths.schedule(saved.id));
  };

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
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New schedule` : form.name}
        back={
          schedule === null
            ? { to: paths.oncall(), label: t`All schedules` }
            : { to: paths.schedule(schedule.id), label: t`The schedule` }
        }
        document={schedule}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={() => setDeleting(true)}
      />
      <div className="schedule-columns">
        <div className="schedule-layers">
          <div className="form-grid">
            <TextField
              label={t`Name`}
              value={form.name}
              onChange={(name) => set({ name })}
              error={shown['name'] ?? null}
              isDisabled={disabled}
              maxLength={300}
            />
            <ZoneField
              label={t`Shown in`}
              value={form.timeZone}
              onChange={(timeZone) => set({ timeZone })}
              error={errors['timeZone'] ?? null}
              disabled={disabled}
            />
            <Select
              label={t`Team`}
              options={[
                { value: noTeam, label: t`No team` },
                ...[...teams.rows.values()].map(({ id, name }) => ({ value: id, label: name })),
              ]}
              value={form.teamId ?? noTeam}
              onChange={(id) => set({ teamId: id === noTeam ? null : id })}
              disabled={disabled}
            />
            <div className="form-wide">
              <TextField
                label={t`What it is for`}
                value={form.description}
                onChange={(description) => set({ description })}
                isDisabled={disabled}
                maxLength={2_000}
              />
            </div>
          </div>
          <p className="small-text muted">
            {t`Of the layers that cover an instant, those with the highest priority are on call, all of them.`}
          </p>
          {form.layers.map((layer, index) => (
            <LayerEditor
              key={layer.id}
              layer={layer}
              words={wordsOf(draft?.layers[index], nameOf)}
              place={index}
              count={form.layers.length}
              errors={shown}
              disabled={disabled}
              onChange={(next) => set({ layers: form.layers.with(index, next) })}
              onMove={(by) => set({ layers: movedAt(form.layers, index, by) })}
              onRemove={() => set({ layers: form.layers.toSpliced(index, 1) })}
            />
          ))}
          <div className="row wrap">
            <Button icon="plus" unavailable={mayNot} onPress={() => addLayer('rotation')}>
              {t`Add a rotation`}
            </Button>
            <Button icon="plus" unavailable={mayNot} onPress={() => addLayer('calendar')}>
              {t`Add a calendar`}
            </Button>
          </div>
        </div>
        <DraftPreview scheduleId={schedule?.id ?? null} draft={draft} zone={safeZone(form.timeZone)} />
      </div>
      <PagingTrialPanel
        label={t`with this schedule`}
        changes={draft === null ? null : [{ op: 'save', id: editor.id, document: { kind: 'schedule', draft } }]}
      />
      {deleting && schedule !== null ? <DeleteSchedule schedule={schedule} onClose={() => setDeleting(false)} /> : null}
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
