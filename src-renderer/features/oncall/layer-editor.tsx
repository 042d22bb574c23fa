import { rotationUnits, type Rotation } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { DayPicks } from '../../ui/day-picks.tsx';
import { Menu } from '../../ui/menu.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { ZoneField } from '../../ui/zone-field.tsx';
import { ParticipantList } from './participant-list.tsx';
import type { FieldErrors, LayerForm, RotationForm } from './schedule-draft.ts';

interface LayerEditorProps {
  layer: LayerForm;
  /** The layer read aloud; null while a field does not hold up. */
  words: string | null;
  place: number;
  count: number;
  errors: FieldErrors;
  disabled: boolean;
  onChange: (layer: LayerForm) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

const unitWords: Record<Rotation['unit'], string> = { hour: 'hours', day: 'days', week: t`weeks`, month: 'months' };

export function LayerEditor(props: LayerEditorProps) {
  const { layer, words, place, count, errors, disabled, onChange, onMove, onRemove } = props;
  const error = (field: string): string | null => errors[`layers.${place}.${field}`] ?? null;
  return (
    <section className="layer" aria-label={t`Layer ${layer.name}`}>
      <div className="layer-head">
        <h2 className="strong clip">{layer.name.trim() === '' ? t`Layer ${place + 1}` : layer.name}</h2>
        <span className="chip outlined">{layer.type === 'calendar' ? t`calendar` : t`rotation`}</span>
        <span className="grow" />
        {disabled ? null : (
          <Menu
            label={t`Layer ${layer.name}`}
            trigger={<Button look="ghost" compact icon="dots" aria-label={t`Actions for layer ${layer.name}`} />}
            actions={[
              { id: 'up', label: t`Move up`, run: () => onMove(-1), unavailable: place === 0 ? t`it is first` : null },
              {
                id: 'down',
                label: t`Move down`,
                run: () => onMove(1),
                unavailable: place === count - 1 ? t`it is last` : null,
              },
              { id: 'remove', label: t`Take away`, icon: 'trash', run: onRemove },
            ]}
          />
        )}
      </div>
      <div className="layer-body">
        {words === null ? null : <p className="small-text muted">{words}.</p>}
        <div className="form-grid">
          <TextField
            label={t`Name of the layer`}
            value={layer.name}
            onChange={(name) => onChange({ ...layer, name })}
            error={error('name')}
            isDisabled={disabled}
          />
          <TextField
            label={t`Priority`}
            value={layer.priority}
            onChange={(priority) => onChange({ ...layer, priority })}
            error={error('priority')}
            help={t`0 to 100; the highest wins`}
            isDisabled={disabled}
          />
        </div>
        {layer.type === 'calendar' ? (
          <TextField
            label={t`Address of the calendar`}
            code
            value={layer.url}
            onChange={(url) => onChange({ ...layer, url })}
            error={error('url')}
            placeholder="https://calendar.example.com/team.ics"
            help={t`An event whose title has a sign-in name or a person’s name is a shift. Read again every hour.`}
            isDisabled={disabled}
          />
        ) : (
          <RotationFields layer={layer} error={error} disabled={disabled} onChange={onChange} />
        )}
      </div>
    </section>
  );
}

interface RotationFieldsProps {
  layer: RotationForm;
  error: (field: string) => string | null;
  disabled: boolean;
  onChange: (layer: RotationForm) => void;
}

function RotationFields({ layer, error, disabled, onChange }: RotationFieldsProps) {
  const set = (change: Partial<RotationForm>): void => onChange({ ...layer, ...change });
  return (
    <>
      <div className="form-grid">
        <div className="every">
          <TextField
            label={t`Every`}
            value={layer.every}
            onChange={(every) => set({ every })}
            error={error('every')}
            isDisabled={disabled}
          />
          <Select
            label={t`Unit of the rotation`}
            hideLabel
            options={rotationUnits.map((unit) => ({ value: unit, label: unitWords[unit] }))}
            value={layer.unit}
            onChange={(unit) => set({ unit })}
            disabled={disabled}
          />
        </div>
        <PlainField
          label={t`First shift begins on`}
          {...(layer.unit === 'week' ? { help: t`its weekday is the handoff day` } : {})}
          type="date"
          value={layer.startsOn}
          onChange={(startsOn) => set({ startsOn })}
          error={error('startsOn')}
          disabled={disabled}
        />
        <PlainField
          label={t`Handed over at`}
          type="time"
          value={layer.handoffTime}
          onChange={(handoffTime) => set({ handoffTime })}
          error={error('handoffTime')}
          disabled={disabled}
        />
        <ZoneField
          label={t`In the zone`}
          value={layer.timeZone}
          onChange={(timeZone) => set({ timeZone })}
          error={error('timeZone')}
          disabled={disabled}
        />
        <PlainField
          label={t`Ends on (empty: never)`}
          type="date"
          value={layer.endsOn}
          onChange={(endsOn) => set({ endsOn })}
          error={error('endsOn')}
          disabled={disabled}
        />
      </div>
      <ParticipantList
        layer={layer.name}
        participants={layer.participants}
        error={error('participants')}
        disabled={disabled}
        onChange={(participants) => set({ participants })}
      />
      <Restrictions layer={layer} error={error('restrictions')} disabled={disabled} onChange={onChange} />
    </>
  );
}

function Restrictions({
  layer,
  error,
  disabled,
  onChange,
}: Omit<RotationFieldsProps, 'error'> & { error: string | null }) {
  const { restrictions } = layer;
  const set = (next: RotationForm['restrictions']): void => onChange({ ...layer, restrictions: next });
  return (
    <div className="stack restrictions" role="group" aria-label={t`Hours of layer ${layer.name}`}>
      <span className="small-text muted">
        {restrictions.length === 0 ? t`On duty at all hours` : t`On duty only in these hours`}
      </span>
      {restrictions.map((restriction, index) => (
        <div key={index} className="restriction">
          <DayPicks
            label={restrictions.length === 1 ? t`Days` : t`Days ${index + 1}`}
            days={restriction.days}
            disabled={disabled}
            onChange={(days) => set(restrictions.with(index, { ...restriction, days }))}
          />
          <PlainField
            label={t`From`}
            type="time"
            value={restriction.from}
            disabled={disabled}
            onChange={(from) => set(restrictions.with(index, { ...restriction, from }))}
          />
          <PlainField
            label={restriction.to <= restriction.from ? t`To, next day` : t`To`}
            type="time"
            value={restriction.to}
            disabled={disabled}
            onChange={(to) => set(restrictions.with(index, { ...restriction, to }))}
          />
          {disabled ? null : (
            <Button
              look="ghost"
              compact
              icon="close"
              aria-label={t`Take away hours ${index + 1}`}
              onPress={() => set(restrictions.toSpliced(index, 1))}
            />
          )}
        </div>
      ))}
      {error === null ? null : <span className="small-text">{error}</span>}
      {disabled ? null : (
        <div className="row">
          <Button
            compact
            icon="plus"
            onPress={() => set([...restrictions, { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }])}
          >
            {restrictions.length === 0 ? t`Only at certain hours…` : t`Add hours`}
          </Button>
        </div>
      )}
    </div>
  );
}
