import { weekdayNames } from '../zone-time.ts';
import { Checkbox } from './checkbox.tsx';

/** Days of the week, ISO: Monday is 1. At least one stays. */
export function DayPicks({
  label,
  days,
  onChange,
  disabled = false,
}: {
  label: string;
  days: readonly number[];
  onChange: (days: number[]) => void;
  disabled?: boolean;
}) {
  return (
    <div className="field" role="group" aria-label={label}>
      <span className="label">{label}</span>
      <div className="row wrap day-picks">
        {weekdayNames.map((name, index) => {
          const day = index + 1;
          return (
            <Checkbox
              key={name}
              isSelected={days.includes(day)}
              isDisabled={disabled}
              onChange={(on) => {
                const next = on ? [...days, day] : days.filter((one) => one !== day);
                if (next.length > 0) onChange(next.toSorted((a, b) => a - b));
              }}
            >
              {name}
            </Checkbox>
          );
        })}
      </div>
    </div>
  );
}
