import type { ReactNode } from 'react';

interface ScreenHeadProps {
  title: string;
  /** How many, how old. */
  beside?: ReactNode;
  /** At the end of the line: filters and actions. */
  children?: ReactNode;
}

/** The first line of a screen, which stands at the same height on each. */
export function ScreenHead({ title, beside, children }: ScreenHeadProps) {
  return (
    <header className="screen-head">
      <h1>{title}</h1>
      {beside}
      <span className="grow" />
      {children}
    </header>
  );
}
