import { z } from 'zod';

export const severities = ['sev1', 'sev2', 'sev3', 'info'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** Lower is worse: 0 for sev1, 3 for info. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

export function worstSeverity(list: readonly Severity[]): Severity {
  return list.reduce<Severity>((worst, s) => (severityRank(s) < severityRank(worst) ? s : worst), 'info');
}

/** `severity 1`, or `info`: how sentences name it, as the client's marks do. */
export function severityInWords(severity: Severity): string {
  return severity === 'info' ? 'info' : `severity ${severityNumber(severity)}`;
}

/** `1`, or `info`: where the word severity stands before it. */
export function severityNumber(severity: Severity): string {
  return severity === 'info' ? 'info' : severity.slice(3);
}

/** Minutes between status updates by severity; null promises none. */
export type Cadence = Readonly<Record<Severity, number | null>>;

/** The cadence when nobody chose another one (UX: SEV1 15, SEV2 30, SEV3 60; info has none). */
export const updateCadenceMinutes: Cadence = { sev1: 15, sev2: 30, sev3: 60, info: null };
