import type { GroupingRule } from '#server/contract/grouping.ts';
import { celAlert, compileCondition } from '#server/expressions/cel.ts';
import type { CompiledRule } from '#server/modules/grouping/choice.ts';

/** Compiled conditions are remembered by their source, so this costs nothing when the rules have not changed. */
export function compileRules(
  rules: readonly GroupingRule[],
  onError: (rule: GroupingRule, reason: string) => void,
): CompiledRule[] {
  return rules.map((rule) => {
    const condition = compileCondition(rule.condition, (reason) => onError(rule, reason));
    // Checked on save; one that an older version let through and this one does not decides nothing.
    if (!condition.ok) return { rule, test: () => false };
    return { rule, test: (alert) => condition.test(celAlert(alert)) };
  });
}
