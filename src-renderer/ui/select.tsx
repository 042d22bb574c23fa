import type { ReactNode } from 'react';
import {
  Button,
  type Key,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from 'react-aria-components';
import { t } from '../language/words.ts';
import { Icon } from './icon.tsx';

export interface SelectOption<V extends string> {
  value: V;
  label: string;
  /** Drawn before the label: a mark or an avatar. */
  mark?: ReactNode;
}

interface SelectProps<V extends string> {
  label: string;
  hideLabel?: boolean;
  options: readonly SelectOption<V>[];
  value: V | null;
  onChange: (value: V) => void;
  placeholder?: string;
  compact?: boolean;
  disabled?: boolean;
}

export function Select<V extends string>({
  label,
  hideLabel = false,
  options,
  value,
  onChange,
  placeholder,
  compact = false,
  disabled = false,
}: SelectProps<V>) {
  return (
    <AriaSelect
      className="field"
      value={value}
      onChange={(key: Key | null) => {
        const chosen = options.find((option) => option.value === key);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      placeholder={placeholder ?? t`Choose…`}
      isDisabled={disabled}
    >
      <Label className={hideLabel ? 'visually-hidden' : 'label'}>{label}</Label>
      <Button className={compact ? 'select-trigger compact' : 'select-trigger'}>
        <SelectValue className="row clip" />
        <Icon name="chevron-down" small />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox items={options.map((option) => ({ ...option, id: option.value }))}>
          {(option) => (
            <ListBoxItem id={option.value} textValue={option.label} className="menu-item">
              {option.mark}
              <span className="clip">{option.label}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
