import { useMemo, useState } from 'react';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useReplica, useSubmit, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { DeleteDialog } from '../config/delete-document.tsx';
import { ListAndEditor, useChosen } from '../config/list-and-editor.tsx';
import { useSaving } from '../config/use-document.ts';
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
  const can = useCan();
  const submit = useSubmit();
  const { run, busy } = useSaving();
  const show = useToasts((state) => state.show);
  const [deleting, setDeleting] = useState<GroupingRule | null>(null);
  const rules = useMemo(() => inOrder(table.rows.values()), [table]);
  const wanted = params['id'] ?? null;
  const current = useChosen(rules, wanted, paths.groupingRule);
  const onlyBuiltIn = rules.every((rule) => rule.builtIn);

  const move = (ruleId: string, by: number): void => {
    const ids = rules.filter((rule) => !rule.builtIn).map((rule) => rule.id);
    void submit({ kind: 'rule.order', ruleIds: moved(ids, ruleId, by) });
  };

  const switchRule = async (rule: GroupingRule, enabled: boolean): Promise<void> => {
    const draft = { ...draftOf(rule), enabled };
    const saved = await run({ kind: 'rule.save', ruleId: rule.id, draft }, rule.id, rule.version);
    const what = enabled ? t`${rule.name} was not switched on` : t`${rule.name} was not switched off`;
    if (saved.outcome === 'refused') show({ icon: 'refused', text: `${what}: ${saved.reason}` });
  };

  return (
    <ListAndEditor
      heading={t`Grouping`}
      listLabel={t`Grouping rules`}
      editorLabel={t`Rule`}
      wanted={wanted}
      action={
        <Button icon="plus" unavailable={can('rule.save')} onPress={() => navigate(paths.groupingRule(newRule))}>
          {t`New rule`}
        </Button>
      }
      about={
        onlyBuiltIn
          ? t`No set-up is needed: the built-in rule makes one incident a service, closes it when all its alerts have resolved, and takes what comes back within 15 minutes into the same one. Rules of your own go before it.`
          : t`An alert goes to the first rule that takes it, from the top. What a person moves by hand stays where it was put.`
      }
      list={
        rules.length === 0 && ready ? (
          <div className="screen-pad">
            <Empty title={t`No rules are known here`}>
              {t`The server always has a built-in one. It arrives with the next connection.`}
            </Empty>
          </div>
        ) : (
          <RuleList
            rules={rules}
            current={wanted === newRule ? null : (current?.id ?? null)}
            cannot={can('rule.order')}
            onMove={move}
            onEnable={(rule, enabled) => void switchRule(rule, enabled)}
            onDelete={setDeleting}
          />
        )
      }
      editor={
        current === undefined ? null : (
          <RuleEditor key={current?.id ?? newRule} rule={current} onDelete={() => setDeleting(current)} />
        )
      }
      dialog={
        deleting === null ? null : (
          <DeleteDialog
            title={t`Delete the rule ${deleting.name}?`}
            name={deleting.name}
            cannot={can('rule.delete')}
            busy={busy}
            remove={() => run({ kind: 'rule.delete', ruleId: deleting.id }, deleting.id, null)}
            back={paths.grouping()}
            onClose={() => setDeleting(null)}
          >
            {t`Its open incidents stay as they are. Alerts that it would have taken go to the rules after it.`}
          </DeleteDialog>
        )
      }
    />
  );
}

function inOrder(rules: Iterable<GroupingRule>): GroupingRule[] {
  return [...rules].toSorted((a, b) => Number(a.builtIn) - Number(b.builtIn) || a.position - b.position);
}
