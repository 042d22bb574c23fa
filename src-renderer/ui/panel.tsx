import type { ReactNode } from 'react';

interface PanelProps {
  title?: ReactNode;
  count?: ReactNode;
  actions?: ReactNode;
  label?: string;
  children: ReactNode;
}

export function Panel({ title, count, actions, label, children }: PanelProps) {
  return (
    <section className="panel" aria-label={label}>
      {title === undefined ? null : (
        <header className="panel-head">
          <h2>{title}</h2>
          {count === undefined ? null : <span className="count">{count}</span>}
          <span className="grow" />
          {actions}
        </header>
      )}
      {children}
    </section>
  );
}

export function SectionHead({ title, count, actions }: { title: ReactNode; count?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="section-head">
      <h2>{title}</h2>
      {count === undefined ? null : <span className="count">{count}</span>}
      <span className="grow" />
      {actions}
    </div>
  );
}
