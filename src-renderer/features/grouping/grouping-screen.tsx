import { useMemo, useState } from 'react';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useFreshness, useReplica, useSubmit, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import './grouping.css';
import { RuleEditor } from './rule-editor.tsx';
import { RuleList } from './rule-list.tsx';
import { draftOf } from './rule-draft.ts';
import { moved } from './rule-words.ts';

/** `#/grouping/new` is a rule that is not saved yet. */
const newRule = 'new';

export function GroupingScreen({ params }: ScreenProps) {
  const table = useTable('rule');
  const ready = useReplica((state) => state.ready);
  const fresh = useFreshness();
  const can = useCan();
  const submit = useSubmit();
  const [deleting, setDeleting] = useState<GroupingRule | null>(null);
  const rules = useMemo(() => inOrder(table.rows.values()), [table]);
  const wanted = params['id'] ?? null;
  const current = wanted === newRule ? null : (rules.find((rule) => rule.id === wanted) ?? rules[0]);
  const onlyBuiltIn = rules.every((rule) => rule.builtIn);

  const move = (ruleId: string, by: number): void => {
    const ids = rules.filter((rule) => !rule.builtIn).map((rule) => rule.id);
    void submit({ kind: 'rule.order', ruleIds: moved(ids, ruleId, by) });
  };

  return (
    <div className={wanted === null ? 'grouping' : 'grouping editing'}>
      <section className="grouping-left" aria-label="Grouping rules">
        <header className="grouping-head">
          <h1>Grouping</h1>
          <span className="small-text muted">
            <Freshness value={fresh} bare />
          </span>
          <span className="grow" />
          <Button icon="plus" unavailable={can('rule.save')} onPress={() => navigate(paths.groupingRule(newRule))}>
            New rule
          </Button>
        </header>
        <p className="grouping-about">
          {onlyBuiltIn
            ? 'No set-up is needed: the built-in rule makes one incident a service, closes it when all its alerts have resolved, and takes what comes back within 15 minutes into the same one. Rules of your own go before it.'
            : 'An alert goes to the first rule that takes it, from the top. What a person moves by hand stays where it was put.'}
        </p>
        {rules.length === 0 && ready ? (
          <div className="screen-pad">
            <Empty title="No rules are known here">
              The server always has a built-in one. It arrives with the next connection.
            </Empty>
          </div>
        ) : (
          <RuleList
            rules={rules}
            current={wanted === newRule ? null : (current?.id ?? null)}
            cannot={can('rule.order')}
            onMove={move}
            onEnable={(rule, enabled) =>
              void submit({ kind: 'rule.save', ruleId: rule.id, draft: { ...draftOf(rule), enabled } })
            }
            onDelete={setDeleting}
          />
        )}
      </section>
      <section className="grouping-right" aria-label="Rule">
        {current === undefined ? null : <RuleEditor key={current?.id ?? newRule} rule={current} />}
      </section>
      {deleting === null ? null : (
        <Dialog
          title={`Delete the rule ${deleting.name}?`}
          open
          onClose={() => setDeleting(null)}
          foot={
            <>
              <Button onPress={() => setDeleting(null)}>Keep it</Button>
              <Button
                look="primary"
                onPress={() => {
                  void submit({ kind: 'rule.delete', ruleId: deleting.id });
                  setDeleting(null);
                  navigate(paths.grouping());
                }}
              >
                Delete
              </Button>
            </>
          }
        >
          <p>Its open incidents stay as they are. Alerts that it would have taken go to the rules after it.</p>
        </Dialog>
      )}
    </div>
  );
}

function inOrder(rules: Iterable<GroupingRule>): GroupingRule[] {
  return [...rules].toSorted((a, b) => Number(a.builtIn) - Number(b.builtIn) || a.position - b.position);
}
