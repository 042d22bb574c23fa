import type { GroupingRule } from '#server/contract/grouping.ts';

/** The rule that decides when no other does: one incident a service, no configuration needed. */
export function builtInRule(id: string, at: string): GroupingRule {
  return {
    id,
    version: 1,
    position: 0,
    builtIn: true,
    name: 'By service',
    enabled: true,
    condition: 'true',
    // For alerts without a service, by what they are called (choice.ts).
    keys: ['service'],
    windowSeconds: 300,
    minimumCount: 1,
    titleTemplate: '{{service}}: {{title}}',
    severityMap: {},
    resolvePolicy: 'all',
    reopenSeconds: 900,
    // Without a catalog it connects nothing.
    topology: { hops: 2 },
    updatedBy: null,
    updatedAt: at,
  };
}
