import type { ReactNode } from 'react';
import type { Severity } from '#server/contract/severity.ts';
import { t } from '../language/words.ts';

export type MarkKind = Severity | 'ok' | 'unknown' | 'lagging' | 'stale';
type MarkSize = 'small' | 'normal' | 'large' | 'huge';

const labels: Record<MarkKind, string> = {
  sev1: t`Severity 1`,
  sev2: t`Severity 2`,
  sev3: t`Severity 3`,
  info: t`Info`,
  ok: t`Healthy`,
  unknown: t`Unknown`,
  lagging: t`Lagging`,
  stale: t`Stale`,
};

/** Severity or health as shape, digit and colour together; never colour alone. */
export function Mark({ kind, size = 'normal', label }: { kind: MarkKind; size?: MarkSize; label?: string }) {
  // Without a label the words beside it say it already.
  const named = label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label ?? labels[kind] };
  return (
    <svg className={`mark ${size}`} viewBox="0 0 16 16" {...named}>
      {shapes[kind]}
    </svg>
  );
}

export function severityName(severity: Severity): string {
  return labels[severity];
}

function digit(text: string, x: number, y: number, size: number, ink: string) {
  return (
    <text x={x} y={y} textAnchor="middle" fontFamily="Inter" fontWeight={800} fontSize={size} fill={ink}>
      {text}
    </text>
  );
}

const shapes: Record<MarkKind, ReactNode> = {
  sev1: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="var(--sev1)" stroke="var(--sev1)" strokeLinejoin="round" />
      {digit('1', 7.9, 11.7, 10.5, 'var(--sev1-on)')}
    </>
  ),
  sev2: (
    <>
      <path d="M8 1.6 15 14.2H1z" fill="var(--sev2)" stroke="var(--sev2)" strokeWidth="1.6" strokeLinejoin="round" />
      {digit('2', 8, 13.1, 9.2, 'var(--sev2-on)')}
    </>
  ),
  sev3: (
    <>
      <path
        d="M8 1.2 14.8 8 8 14.8 1.2 8z"
        fill="var(--sev3)"
        stroke="var(--sev3)"
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
      {digit('3', 8, 11.4, 9.4, 'var(--sev3-on)')}
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="7" fill="var(--info)" />
      <path d="M8 7.2v4" stroke="var(--info-on)" strokeWidth="2" strokeLinecap="round" />
      <circle cx="8" cy="4.4" r="1.15" fill="var(--info-on)" />
    </>
  ),
  ok: (
    <path
      d="m3 8.6 3.3 3.3L13 4.6"
      fill="none"
      stroke="var(--ok)"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  unknown: (
    <circle cx="8" cy="8" r="5.9" fill="none" stroke="var(--unknown)" strokeWidth="2.6" strokeDasharray="2.1 1.6" />
  ),
  lagging: (
    <path
      d="M4 2h8M4 14h8M5.2 2v2.4L8 8l2.8-3.6V2M5.2 14v-2.4L8 8l2.8 3.6V14"
      fill="none"
      stroke="var(--fresh-lagging)"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
    />
  ),
  stale: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="var(--fresh-stale)" strokeWidth="2" />
      <path d="M8 4.8V8l2.2 1.6" fill="none" stroke="var(--fresh-stale)" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
};
