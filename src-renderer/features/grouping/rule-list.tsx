import type { GroupingRule } from '#server/contract/grouping.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { OrderedList } from '../config/ordered-list.tsx';
import { duration } from './rule-words.ts';

interface RuleListProps {
  /** In the order of trial, the built-in one last. */
  rules: readonly GroupingRule[];
  current: string | null;
  cannot: string | null;
  onMove: (ruleId: string, by: number) => void;
  onEnable: (rule: GroupingRule, enabled: boolean) => void;
  onDelete: (rule: GroupingRule) => void;
}

export function RuleList({ rules, cannot, ...props }: RuleListProps) {
  return (
    <OrderedList
      kind="rule"
      {...props}
      label={t`Grouping rules in the order they are tried`}
      rows={rules}
      pathOf={paths.groupingRule}
      cannotOrder={cannot}
      cannotWrite={cannot}
      words={{
        menu: (name) => t`Rule ${name}`,
        builtIn: t`built in`,
        fixed: t`Always last: what no rule takes ends here`,
        last: t`only the built-in rule follows`,
      }}
    >
      {(rule) => (
        <>
          <span className="mono faint clip">{rule.condition}</span>
          <span className="small-text muted clip">
            {rule.keys.length === 0 ? t`one group, ${opens(rule)}` : t`by ${rule.keys.join(', ')}, ${opens(rule)}`}
          </span>
        </>
      )}
    </OrderedList>
  );
}

function opens(rule: GroupingRule): string {
  return rule.minimumCount === 1
    ? t`first alert opens`
    : t`${rule.minimumCount} in ${duration(rule.windowSeconds)} open`;
}
