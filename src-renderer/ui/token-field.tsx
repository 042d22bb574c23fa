import './token-field.css';
import { type KeyboardEvent, useId, useState } from 'react';
import { t } from '../language/words.ts';
import { Icon } from './icon.tsx';

interface TokenFieldProps {
  label: string;
  tokens: readonly string[];
  onChange: (tokens: string[]) => void;
  suggestions?: readonly string[];
  placeholder?: string;
  help?: string;
  disabled?: boolean;
}

/** A list of short words: Enter or a comma adds one, Backspace in the empty field takes the last one back. */
export function TokenField({
  label,
  tokens,
  onChange,
  suggestions = [],
  placeholder,
  help,
  disabled = false,
}: TokenFieldProps) {
  const id = useId();
  const [text, setText] = useState('');
  const add = (raw: string): void => {
    const words = raw
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '' && !tokens.includes(word));
    if (words.length > 0) onChange([...tokens, ...new Set(words)]);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter' && text.trim() !== '') {
      event.preventDefault();
      add(text);
    } else if (event.key === 'Backspace' && text === '' && tokens.length > 0) {
      onChange(tokens.slice(0, -1));
    }
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className={disabled ? 'input token-field disabled' : 'input token-field'}>
        {tokens.map((token) => (
          <span key={token} className="chip">
            <span className="mono text-ink">{token}</span>
            {disabled ? null : (
              <button
                type="button"
                className="token-close"
                aria-label={t`Take away ${token}`}
                onClick={() => onChange(tokens.filter((one) => one !== token))}
              >
                <Icon name="close" />
              </button>
            )}
          </span>
        ))}
        {disabled ? null : (
          <input
            id={id}
            list={`${id}-list`}
            value={text}
            placeholder={tokens.length === 0 ? placeholder : undefined}
            spellCheck={false}
            autoComplete="off"
            aria-describedby={help === undefined ? undefined : `${id}-help`}
            onChange={(event) => {
              const next = event.target.value;
              if (next.endsWith(',')) add(next);
              else setText(next);
            }}
            onKeyDown={onKeyDown}
            onBlur={() => add(text)}
          />
        )}
        <datalist id={`${id}-list`}>
          {suggestions
            .filter((suggestion) => !tokens.includes(suggestion))
            .map((suggestion) => (
              <option key={suggestion} value={suggestion} />
            ))}
        </datalist>
      </div>
      {help === undefined ? null : (
        <span id={`${id}-help`} className="help">
          {help}
        </span>
      )}
    </div>
  );
}
