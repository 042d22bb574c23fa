import { type KeyboardEvent, type Ref, useState } from 'react';
import type { AlertFilter } from '#server/contract/view.ts';
import { t } from '../../language/words.ts';
import { Icon } from '../../ui/icon.tsx';
import { CommandKey } from '../../ui/command-key.tsx';
import { absorbWords, type FilterChip } from './alert-filter.ts';

interface FilterBarProps {
  filter: AlertFilter;
  chips: readonly FilterChip[];
  onChange: (filter: AlertFilter) => void;
  inputRef: Ref<HTMLInputElement>;
}

export function FilterBar({ filter, chips, onChange, inputRef }: FilterBarProps) {
  const [focused, setFocused] = useState(false);
  const absorb = (): void => {
    const next = absorbWords(filter);
    if (next.text !== filter.text) onChange(next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') {
      absorb();
      event.currentTarget.blur();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      if (filter.text === '') event.currentTarget.blur();
      else onChange({ ...filter, text: '' });
    } else if (event.key === 'Backspace' && filter.text === '') {
      const last = chips.at(-1);
      if (last !== undefined) onChange(last.without);
    }
  };
  return (
    <div className={focused ? 'filter-bar on' : 'filter-bar'} role="search">
      <Icon name="filter" small />
      {chips.map((chip) => (
        <span key={`${chip.name}:${chip.value}`} className="chip">
          <b>{chip.name}:</b>
          <span className="clip">{chip.value}</span>
          <button
            type="button"
            className="chip-close"
            aria-label={t`Take away ${chip.name} ${chip.value}`}
            onClick={() => onChange(chip.without)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
      <input
        ref={inputRef}
        type="text"
        aria-label={t`Filter alerts`}
        placeholder={t`Filter`}
        title={t`Words from titles, services, labels (env=prod); service:NAME, severity:1 or state:silenced become chips`}
        value={filter.text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange({ ...filter, text: event.target.value })}
        onKeyDown={onKeyDown}
        onFocus={() => setFocused(true)}
        onBlur={() => {
          setFocused(false);
          absorb();
        }}
      />
      {filter.text === '' && !focused ? <CommandKey id="list.filter" /> : null}
      {filter.text === '' ? null : (
        <button
          type="button"
          className="chip-close"
          aria-label={t`Clear the text`}
          onClick={() => onChange({ ...filter, text: '' })}
        >
          <Icon name="close" small />
        </button>
      )}
    </div>
  );
}
