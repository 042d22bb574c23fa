import { useId } from 'react';

interface PlainFieldProps {
  label: string;
  type: 'time' | 'date' | 'datetime-local';
  value: string;
  onChange: (value: string) => void;
  error?: string | null;
  help?: string;
  disabled?: boolean;
}

/** The browser's own field for a time or a date: its keys and its picker are what people know. */
export function PlainField({ label, type, value, onChange, error = null, help, disabled = false }: PlainFieldProps) {
  const id = useId();
  const note = error ?? help ?? null;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        type={type}
        value={value}
        disabled={disabled}
        aria-invalid={error !== null}
        aria-describedby={note === null ? undefined : `${id}-note`}
        onChange={(event) => onChange(event.target.value)}
      />
      {note === null ? null : (
        <span id={`${id}-note`} className={error === null ? 'help' : 'error'}>
          {note}
        </span>
      )}
    </div>
  );
}
