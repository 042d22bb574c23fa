import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

/** Says why there is nothing and names the next action. */
export function Empty({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="empty">
      <div className="strong">{title}</div>
      {children === undefined ? null : <div>{children}</div>}
      {actions === undefined ? null : <div className="actions">{actions}</div>}
    </div>
  );
}

interface ProblemProps {
  /** What failed. */
  what: string;
  why: ReactNode;
  traceId?: string | null;
  onRetry?: () => void;
}

/** An error inside its own panel; the rest of the screen goes on. */
export function Problem({ what, why, traceId = null, onRetry }: ProblemProps) {
  return (
    <div className="problem hatch" role="alert">
      <Icon name="refused" />
      <div className="grow">
        <div className="strong">{what}</div>
        <div className="muted">{why}</div>
        {traceId === null ? null : <div className="mono faint">trace {traceId}</div>}
      </div>
      {onRetry === undefined ? null : (
        <Button compact onPress={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
