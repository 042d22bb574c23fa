import { t } from '../../language/words.ts';
import { PlainField } from '../../ui/plain-field.tsx';
import { placeOf } from '../../zone-time.ts';
import type { SpanErrors, SpanForm } from './span-draft.ts';

interface SpanFieldsProps {
  zone: string;
  value: SpanForm;
  errors: SpanErrors;
  onChange: (value: SpanForm) => void;
  /** Said before `from` and `until` where there are two spans. */
  name?: string;
}

export function SpanFields({ zone, value, errors, onChange, name }: SpanFieldsProps) {
  return (
    <div className="span-fields">
      <PlainField
        label={name === undefined ? t`From (${placeOf(zone)})` : t`${name}, from (${placeOf(zone)})`}
        type="datetime-local"
        value={value.from}
        error={errors.from ?? null}
        onChange={(from) => onChange({ ...value, from })}
      />
      <PlainField
        label={name === undefined ? t`Until` : t`${name}, until`}
        type="datetime-local"
        value={value.to}
        error={errors.to ?? null}
        onChange={(to) => onChange({ ...value, to })}
      />
    </div>
  );
}
