import type { GroupingRule, GroupingRuleDraft } from '#server/contract/grouping.ts';
import { whyNot } from '../../api/can.ts';
import { useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCan, useMe, useReplica } from '../../session.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { DocumentHead } from '../config/document-head.tsx';
import { useSaving } from '../config/use-document.ts';
import { formName } from '../config/kept-forms.ts';
import { useEditorForm } from '../config/use-editor-form.ts';
import { checkForm, formOf, type RuleForm } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { RuleTrialPanel } from './rule-trial.tsx';
import { describeRule } from './rule-words.ts';

interface RuleEditorProps {
  /** Null is a new one. */
  rule: GroupingRule | null;
  onDelete: () => void;
}

/** One rule: its sentence, its fields, and the time machine. */
export function RuleEditor({ rule, onDelete }: RuleEditorProps) {
  const { role } = useMe();
  const cannot = useCan()('rule.save');
  const disabled = whyNot('rule.save', { role, reachable: true }) !== null;
  const show = useToasts((state) => state.show);
  const editor = useRuleForm(rule);
  const { form, set, tried, changed } = editor;
  const { draft, errors } = checkForm(form);
  const conditionNote = useConditionCheck(form.condition);

  const submit = async (): Promise<void> => {
    const saved = await editor.save(draft);
    if (saved === null || draft === null) return;
    show({
      text: t`${draft.name} is saved. It decides about alerts from now on; incidents that are open stay as they are.`,
    });
    if (rule === null) editor.openMade(paths.groupingRule(saved.id));
  };

  return (
    <div className="rule-editor">
      <DocumentHead
        editor={editor}
        title={form.name.trim() === '' ? t`New rule` : form.name}
        back={{ to: paths.grouping(), label: t`All rules` }}
        document={rule === null ? null : { ...rule, origin: 'ui' }}
        cannot={cannot}
        onSave={() => void submit()}
        onDelete={rule?.builtIn === true ? undefined : onDelete}
      />
      <p className="rule-sentence">
        {draft === null ? t`The rule in one sentence appears here once its fields are valid.` : describeRule(draft)}
      </p>
      <RuleFields
        form={form}
        errors={tried || changed ? errors : {}}
        conditionNote={conditionNote}
        disabled={disabled}
        builtIn={rule?.builtIn ?? false}
        onChange={set}
      />
      <RuleTrialPanel draft={draft} ruleId={rule?.id ?? null} />
    </div>
  );
}

function useRuleForm(rule: GroupingRule | null) {
  const { run, busy } = useSaving();
  const outbox = useReplica((state) => state.outbox);
  return useEditorForm<GroupingRule, RuleForm, GroupingRuleDraft>({
    nameOf: (made) => formName('rule', made ?? rule?.id ?? null),
    row: rule,
    formOf,
    conflicts: outbox.filter(
      ({ state, intent: { action } }) =>
        state === 'conflict' && action.kind === 'rule.save' && action.ruleId === rule?.id,
    ),
    busy,
    send: (draft, { id, version }) => run({ kind: 'rule.save', ruleId: id, draft }, id, version, 'rule'),
    bodyOf: (draft) => draft,
  });
}

function useConditionCheck(condition: string): { ok: boolean; text: string } | null {
  const settled = useDebounced(condition.trim(), 350);
  const asked = useAsked(['check-condition', settled], (api) => api.grouping.check.query({ condition: settled }), {
    enabled: settled !== '',
    goodForMs: 600_000,
  });
  if (settled !== condition.trim()) return null;
  if (asked.failure !== null)
    return { ok: true, text: t`Not checked: the server did not answer. Saving checks it again.` };
  if (asked.data === undefined) return null;
  if (asked.data.ok) return { ok: true, text: t`The condition is valid.` };
  const { reason, position } = asked.data;
  return { ok: false, text: position === undefined ? reason : t`${reason} (character ${position + 1})` };
}
