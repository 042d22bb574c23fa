import type { ReactNode } from 'react';
import './key-values.css';

export function KeyValues({ entries }: { entries: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="key-values">
      {entries.map(([name, value]) => (
        <div key={name} className="pair">
          <dt title={name}>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
