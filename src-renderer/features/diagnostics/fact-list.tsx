import type { ReactNode } from 'react';
import { t } from '../../language/words.ts';

export interface Fact {
  name: string;
  /** Null is unknown, and says so: never blank. */
  value: ReactNode;
  note?: string | null;
}

export function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="fact-list">
      {facts.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value ?? <span className="faint">{t`not known`}</span>}
            {(note ?? null) === null ? null : <span className="fact-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
