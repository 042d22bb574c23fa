import { useState } from 'react';
import { type OverrideDraft, type Schedule, type Shift } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useMe, useNameOf } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
import { usePeopleOptions } from '../incidents/people-options.tsx';
import { checkSpan, nextHours, type SpanForm, spanForm } from './span-draft.ts';
import { checkOverride, type OverrideForm } from './override-draft.ts';
import { ResultPreview } from './result-preview.tsx';
import { SpanFields } from './span-fields.tsx';

interface OverrideDialogProps {
  schedule: Schedule;
  /** The shift that it is about, where it was opened from one. */
  shift: Shift | null;
  /** `take`: I take this shift. */
  take?: boolean;
  onClose: () => void;
}

const anybody = 'anybody';

export function OverrideDialog({ schedule, shift, take = false, onClose }: OverrideDialogProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const now = useServerNow();
  const zone = schedule.timeZone;
  const people = usePeopleOptions();
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [form, setForm] = useState<OverrideForm>(() => ({
    mode: 'replace',
    userId: take || shift === null || shift.userId !== me.id ? me.id : null,
    replacedUserId: shift?.userId ?? null,
    span: shift === null ? nextHours(zone, now, 8) : spanForm(zone, futureOf(shift, now)),
    shifts: [],
    reason: '',
  }));
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const { draft, span, errors } = checkOverride(schedule, form, now);
  const about = form.mode === 'temporary' ? [] : [form.userId, form.mode === 'replace' ? form.replacedUserId : null];
  const cannot = useCanWrite('override', about);
  const set = (change: Partial<OverrideForm>): void => setForm({ ...form, ...change });

  const submit = async (): Promise<void> => {
    setTried(true);
    if (draft === null || busy) return;
    const saved = await save({ kind: 'override', draft }, null);
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    show({ text: take ? t`The shift in ${schedule.name} is yours.` : t`The override of ${schedule.name} is saved.` });
    onClose();
  };

  return (
    <Dialog
      title={take ? t`Take this shift in ${schedule.name}` : t`Override ${schedule.name}`}
      open
      wide
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void submit()}>
            {busy ? t`Saving…` : take ? t`Take it` : t`Save the override`}
          </Button>
        </>
      }
    >
      {take ? (
        <p>{t`You stand in for ${nameOf(form.replacedUserId)}; the layers stay as they are, and you are paged instead.`}</p>
      ) : (
        <>
          <div className="row">
            <Segmented
              label={t`What changes`}
              value={form.mode}
              onChange={(mode) => set(mode === 'temporary' ? { mode, shifts: startShifts(form) } : { mode })}
              options={[
                { value: 'replace', label: t`Replace somebody` },
                { value: 'add', label: t`Add somebody` },
                { value: 'remove', label: t`Remove somebody` },
                { value: 'temporary', label: t`Temporary schedule` },
              ]}
            />
          </div>
          {form.mode === 'temporary' ? null : (
            <div className="span-fields">
              <Select
                label={form.mode === 'remove' ? t`Not on call` : t`On call`}
                options={people}
                value={form.userId}
                onChange={(userId) => set({ userId })}
              />
              {form.mode === 'replace' ? (
                <Select
                  label={t`Instead of`}
                  options={[{ value: anybody, label: t`Whoever is on call` }, ...people]}
                  value={form.replacedUserId ?? anybody}
                  onChange={(id) => set({ replacedUserId: id === anybody ? null : id })}
                />
              ) : null}
            </div>
          )}
          {tried && errors.userId !== undefined ? <p className="small-text">{errors.userId}</p> : null}
        </>
      )}
      <SpanFields
        zone={zone}
        value={form.span}
        errors={tried || errors.to !== undefined ? errors : {}}
        onChange={(next) => set({ span: next })}
      />
      {form.mode === 'temporary' ? (
        <TemporaryShifts
          zone={zone}
          span={form.span}
          shifts={form.shifts}
          error={tried ? (errors.shifts ?? null) : null}
          onChange={(shifts) => set({ shifts })}
        />
      ) : null}
      <TextField
        label={t`Why`}
        value={form.reason}
        onChange={(reason) => set({ reason })}
        placeholder={t`Diego flies at five`}
        maxLength={1_000}
      />
      <ResultPreview schedule={schedule} span={span} trial={draft === null ? null : { overrides: [draft] }} />
      <Refusal reason={refusal} />
    </Dialog>
  );
}

interface TemporaryShiftsProps {
  zone: string;
  span: SpanForm;
  shifts: OverrideForm['shifts'];
  error: string | null;
  onChange: (shifts: OverrideForm['shifts']) => void;
}

/** For this span only these shifts count, whatever the layers say. */
function TemporaryShifts({ zone, span, shifts, error, onChange }: TemporaryShiftsProps) {
  const people = usePeopleOptions();
  const now = useServerNow();
  return (
    <div className="stack temporary-shifts" role="group" aria-label={t`Shifts of the temporary schedule`}>
      <p className="small-text muted">{t`For this span only these shifts count, whatever the layers say.`}</p>
      {shifts.map((shift, index) => (
        <div key={shift.key} className="temporary-shift">
          <Select
            label={t`Person of shift ${index + 1}`}
            options={people}
            value={shift.userId}
            onChange={(userId) => onChange(shifts.with(index, { ...shift, userId }))}
          />
          <SpanFields
            zone={zone}
            value={shift.span}
            errors={checkSpan(zone, shift.span, now).errors}
            onChange={(next) => onChange(shifts.with(index, { ...shift, span: next }))}
            name={t`Shift ${index + 1}`}
          />
          <Button
            look="ghost"
            compact
            icon="close"
            aria-label={t`Take away shift ${index + 1}`}
            onPress={() => onChange(shifts.toSpliced(index, 1))}
          />
        </div>
      ))}
      <div className="row">
        <Button
          compact
          icon="plus"
          onPress={() => {
            const last = shifts.at(-1);
            const key = Math.max(0, ...shifts.map((each) => each.key)) + 1;
            onChange([...shifts, { key, userId: null, span: { from: last?.span.to ?? span.from, to: span.to } }]);
          }}
        >
          {t`Add a shift`}
        </Button>
        {error === null ? null : <span className="small-text">{error}</span>}
      </div>
    </div>
  );
}

function startShifts(form: OverrideForm): OverrideForm['shifts'] {
  return form.shifts.length > 0 ? form.shifts : [{ key: 1, userId: form.userId, span: form.span }];
}

/** What is over cannot change hands. */
function futureOf(shift: Shift, now: number): Pick<OverrideDraft, 'startsAt' | 'endsAt'> {
  const start = new Date(Math.ceil(now / 60_000) * 60_000).toISOString();
  return { startsAt: shift.startsAt > start ? shift.startsAt : start, endsAt: shift.endsAt };
}
