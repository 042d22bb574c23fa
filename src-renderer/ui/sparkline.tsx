import { memo } from 'react';
import type { Severity } from '#server/contract/severity.ts';
import { sparkHeight, sparkWidth } from './spark.ts';

/** In the severity's colour while it fires, grey when it is over. The list draws many: one path, no state, no layout. */
export const Sparkline = memo(function Sparkline({
  path,
  severity,
  hot,
  label,
}: {
  path: string;
  severity: Severity;
  hot: boolean;
  /** Left out where the row says the same in figures. */
  label?: string;
}) {
  return (
    <svg
      className="spark"
      width={sparkWidth}
      height={sparkHeight}
      viewBox={`0 0 ${sparkWidth} ${sparkHeight}`}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      {path === '' ? null : <path d={path} fill={hot ? `var(--${severity})` : 'var(--spark)'} />}
    </svg>
  );
});
