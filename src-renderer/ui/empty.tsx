import { type ReactNode, useState } from 'react';
import { t } from '../language/words.ts';
import { serverNow } from '../time.ts';
import { clockTime } from '../time-format.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

interface EmptyProps {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Where it is all that the screen says: then it is its title too. */
  heading?: boolean;
}

/** Says why there is nothing and names the next action. */
export function Empty({ title, children, actions, heading = false }: EmptyProps) {
  return (
    <div className="empty">
      {heading ? <h1 className="title">{title}</h1> : <div className="strong">{title}</div>}
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
  const [sinceMs] = useState(serverNow);
  return (
    <div className="problem hatch" role="status">
      <Icon name="refused" />
      <div className="grow">
        <div className="strong">{what}</div>
        <div className="muted">{why}</div>
        <div className="mono faint">
          {traceId === null
            ? t`since ${clockTime(sinceMs, true)} UTC`
            : t`since ${clockTime(sinceMs, true)} UTC, trace ${traceId}`}
        </div>
      </div>
      {onRetry === undefined ? null : (
        <Button compact onPress={onRetry}>
          {t`Try again`}
        </Button>
      )}
    </div>
  );
}
