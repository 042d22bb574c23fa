import { type DragEvent, useState } from 'react';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { paths } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu, type MenuAction } from '../../ui/menu.tsx';
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

export function RuleList({ rules, current, cannot, onMove, onEnable, onDelete }: RuleListProps) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const movable = rules.filter((rule) => !rule.builtIn);

  const drop = (target: GroupingRule): void => {
    if (dragged !== null) {
      const from = movable.findIndex((rule) => rule.id === dragged);
      const to = target.builtIn ? movable.length - 1 : movable.findIndex((rule) => rule.id === target.id);
      if (from !== to) onMove(dragged, to - from);
    }
    setDragged(null);
    setOver(null);
  };

  return (
    <ol className="rule-list" aria-label="Grouping rules in the order they are tried">
      {rules.map((rule, i) => (
        <li
          key={rule.id}
          className={[
            'rule-item',
            rule.id === current ? 'focused' : '',
            rule.enabled ? '' : 'disabled',
            over === rule.id && dragged !== null ? 'over' : '',
          ].join(' ')}
          draggable={!rule.builtIn && cannot === null}
          onDragStart={() => setDragged(rule.id)}
          onDragEnd={() => setDragged(null)}
          onDragOver={(event: DragEvent) => {
            event.preventDefault();
            setOver(rule.id);
          }}
          onDrop={() => drop(rule)}
        >
          <span className="rule-place">{i + 1}</span>
          <a
            className="rule-link"
            href={paths.groupingRule(rule.id)}
            aria-current={rule.id === current ? 'true' : undefined}
          >
            <span className="row">
              <span className="clip medium">{rule.name}</span>
              {rule.builtIn ? <span className="chip outlined">built in</span> : null}
              {rule.enabled ? null : <span className="chip dashed">off</span>}
            </span>
            <span className="mono faint clip">{rule.condition}</span>
            <span className="small-text muted clip">
              {rule.keys.length === 0 ? 'one group' : `by ${rule.keys.join(', ')}`}, {opens(rule)}
            </span>
          </a>
          {rule.builtIn ? (
            <span className="rule-fixed" title="Always last: what no rule takes ends here">
              <Icon name="pin" small />
            </span>
          ) : (
            <Menu
              label={`Rule ${rule.name}`}
              trigger={<Button look="ghost" compact icon="dots" aria-label={`Actions for ${rule.name}`} />}
              actions={actionsOf(rule, movable)}
            />
          )}
        </li>
      ))}
    </ol>
  );

  function actionsOf(rule: GroupingRule, all: readonly GroupingRule[]): MenuAction[] {
    const place = all.findIndex((one) => one.id === rule.id);
    return [
      {
        id: 'up',
        label: 'Try earlier',
        run: () => onMove(rule.id, -1),
        unavailable: cannot ?? (place === 0 ? 'it is first' : null),
      },
      {
        id: 'down',
        label: 'Try later',
        run: () => onMove(rule.id, 1),
        unavailable: cannot ?? (place === all.length - 1 ? 'only the built-in rule follows' : null),
      },
      {
        id: 'enable',
        label: rule.enabled ? 'Switch off' : 'Switch on',
        run: () => onEnable(rule, !rule.enabled),
        unavailable: cannot,
      },
      { id: 'delete', label: 'Delete…', icon: 'trash', run: () => onDelete(rule), unavailable: cannot },
    ];
  }
}

function opens(rule: GroupingRule): string {
  return rule.minimumCount === 1 ? 'first alert opens' : `${rule.minimumCount} in ${duration(rule.windowSeconds)} open`;
}
