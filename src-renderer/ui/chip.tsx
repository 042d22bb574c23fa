import type { ReactNode } from 'react';
import type { Severity } from '#server/contract/severity.ts';
import { t } from '../language/words.ts';
import { Icon, type IconName } from './icon.tsx';

export function Chip({
  children,
  icon,
  look = 'filled',
}: {
  children: ReactNode;
  icon?: IconName;
  look?: 'filled' | 'outlined' | 'dashed';
}) {
  return (
    <span className={`chip ${look}`}>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </span>
  );
}

/** Something overdue or wrong, filled with the severity it has. */
export function Flag({ severity, children }: { severity: Severity; children: ReactNode }) {
  return <span className={`flag ${severity}`}>{children}</span>;
}

/** Mine, and not taken by the server yet. Appears late, because most actions are taken before anybody could read it. */
export function Queued() {
  return <span className="chip dashed queued">{t`queued`}</span>;
}
