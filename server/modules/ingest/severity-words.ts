import type { Severity } from '#server/contract/severity.ts';

const words: Record<Severity, string> = {
  sev1: 'critical crit page fatal emergency emerg disaster blocker panic alert sev0 sev1 s0 s1 p0 p1 0 1',
  sev2: 'error err high major severe urgent sev2 s2 p2 2',
  sev3: 'warning warn medium moderate average minor ticket sev3 s3 p3 3',
  info: 'info informational information notice none ok debug low trivial sev4 sev5 s4 s5 p4 p5 4 5',
};

const byWord = new Map<string, Severity>(
  Object.entries(words).flatMap(([severity, list]) =>
    list.split(' ').map((word) => [word, severity as Severity] as const),
  ),
);

/** What a source calls it → our four. What nobody knows is sev3: seen, without waking anyone. */
export function severityOf(word: string | null): Severity {
  if (word === null) return 'sev3';
  return (
    byWord.get(
      word
        .trim()
        .toLowerCase()
        .replace(/^(sev|severity|priority|p|s)[\s_-]+(?=\d)/, 'sev'),
    ) ?? 'sev3'
  );
}
