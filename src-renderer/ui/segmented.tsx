import type { ReactNode } from 'react';
import { capital } from '../language/words.ts';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';

interface SegmentedProps<V extends string> {
  label: string;
  options: readonly { value: V; label: ReactNode }[];
  value: V;
  onChange: (value: V) => void;
}

export function Segmented<V extends string>({ label, options, value, onChange }: SegmentedProps<V>) {
  return (
    <ToggleButtonGroup
      className="segmented"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const chosen = options.find((option) => keys.has(option.value));
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <ToggleButton key={option.value} id={option.value}>
          {typeof option.label === 'string' ? capital(option.label) : option.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
