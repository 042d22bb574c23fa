import { useId } from 'react';
import { knownZones } from '../zone-time.ts';

interface ZoneFieldProps {
  label: string;
  value: string;
  onChange: (zone: string) => void;
  error?: string | null;
  help?: string;
  disabled?: boolean;
}

/** A time zone by its IANA name; the browser offers those it knows while somebody types. */
export function ZoneField({ label, value, onChange, error = null, help, disabled = false }: ZoneFieldProps) {
  const id = useId();
  const note = error ?? help ?? null;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        list={`${id}-zones`}
        value={value}
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={note === null ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.target.value.trim())}
      />
      <datalist id={`${id}-zones`}>
        {knownZones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      {note === null ? null : (
        <span id={`${id}-note`} className={error === null ? 'help' : 'error'}>
          {note}
        </span>
      )}
    </div>
  );
}
