import { useId, useState } from 'react';
import { t } from '../../language/words.ts';
import { ChooseFile } from './choose-file.tsx';

interface YamlFieldProps {
  value: string;
  onChange: (yaml: string) => void;
  placeholder: string;
  /** Of a file that is chosen, in bytes. */
  max: number;
}

/** A YAML file, typed, pasted or chosen. */
export function YamlField({ value, onChange, placeholder, max }: YamlFieldProps) {
  const id = useId();
  const [tooLarge, setTooLarge] = useState<string | null>(null);
  return (
    <div className="field">
      <div className="row">
        <label className="grow small-text muted" htmlFor={id}>
          {t`The file`}
        </label>
        <ChooseFile
          label={t`Choose a file…`}
          accept=".yaml,.yml,application/yaml,text/yaml"
          maxBytes={max}
          onText={(content) => {
            setTooLarge(null);
            onChange(content);
          }}
          onRefused={setTooLarge}
        />
      </div>
      <textarea
        id={id}
        className="input code as-code-text"
        rows={14}
        spellCheck={false}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
      />
      {tooLarge === null ? null : <span className="error">{tooLarge}</span>}
    </div>
  );
}
