import { useState } from 'react';
import type { GroupingRule } from '#server/contract/grouping.ts';
import { useAsked } from '../../api/asked.tsx';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useNameOf, useReplica, useSession, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { ConflictSheet } from '../incidents/conflict-sheet.tsx';
import { checkForm, formOf, sameForm } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { RuleTrialPanel } from './rule-trial.tsx';
import { describeRule } from './rule-words.ts';

/** One rule: its sentence, its fields, and the time machine. Null is a new one. */
export function RuleEditor({ rule }: { rule: GroupingRule | null }) {
  const { uuid } = useSession();
  const submit = useSubmit();
  const nameOf = useNameOf();
  const cannot = useCan()('rule.save');
  const show = useToasts((state) => state.show);
  const [form, setForm] = useState(() => formOf(rule));
  // The version the form started from: a later one means that somebody else saved meanwhile.
  const [basis, setBasis] = useState(rule);
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const { draft, errors } = checkForm(form);
  const changed = !sameForm(form, formOf(basis));
  const elsewhere =
    rule !== null && basis !== null && rule.version > basis.version && !sameForm(formOf(rule), formOf(basis));
  // Theirs became mine, or mine was applied over theirs: there is nothing between the two any more.
  if (rule !== null && basis !== null && rule.version > basis.version && sameForm(form, formOf(rule))) setBasis(rule);
  const outbox = useReplica((state) => state.outbox);
  const conflicts = outbox.filter(
    ({ state, intent: { action } }) =>
      state === 'conflict' && action.kind === 'rule.save' && action.ruleId === rule?.id,
  );
  const conditionNote = useConditionCheck(form.condition);

  const save = async (): Promise<void> => {
    setTried(true);
    if (draft === null || saving) return;
    setSaving(true);
    setRefusal(null);
    const ruleId = rule?.id ?? uuid();
    const submitted = await submit(
      { kind: 'rule.save', ruleId, draft },
      basis === null ? {} : { baseVersion: basis.version },
    );
    const result = submitted.ok ? await submitted.settled : null;
    setSaving(false);
    if (!submitted.ok) return setRefusal(submitted.reason);
    if (result?.outcome === 'rejected') return setRefusal(result.reason);
    // The sheet below asks which of the two stays.
    if (result?.outcome === 'conflict') return;
    show({
      text: `${draft.name} is saved. It decides about alerts from now on; incidents that are open stay as they are.`,
    });
    if (rule === null) navigate(paths.groupingRule(ruleId), { replace: true });
    else
      setBasis({
        ...rule,
        ...draft,
        version: result?.outcome === 'applied' ? (result.version ?? rule.version) : rule.version,
      });
  };

  return (
    <div className="rule-editor">
      <div className="rule-editor-head">
        <span className="grouping-back">
          <Button look="ghost" compact onPress={() => navigate(paths.grouping())}>
            All rules
          </Button>
        </span>
        <h2 className="clip">{form.name.trim() === '' ? 'New rule' : form.name}</h2>
        {rule === null ? null : (
          <span className="small-text faint nowrap">
            {rule.builtIn && rule.updatedBy === null ? (
              'built in, as it came'
            ) : (
              <>
                {nameOf(rule.updatedBy)}, {rule.updatedAt.slice(0, 10)} <Time at={rule.updatedAt} zone />
              </>
            )}
          </span>
        )}
        <span className="grow" />
        {changed ? (
          <Button
            onPress={() => {
              setForm(formOf(rule));
              setBasis(rule);
              setRefusal(null);
            }}
          >
            Put back
          </Button>
        ) : null}
        <Button
          look="primary"
          unavailable={cannot}
          isDisabled={saving || (!changed && rule !== null)}
          onPress={() => void save()}
        >
          {saving ? 'Saving…' : 'Save'}
        </Button>
      </div>
      {elsewhere ? (
        <p className="trial-old" role="status">
          {nameOf(rule.updatedBy)} changed this rule while you had it open. Put back to see theirs; saving asks which of
          the two stays.
        </p>
      ) : null}
      {conflicts.length > 0 ? <ConflictSheet items={conflicts} /> : null}
      {refusal === null ? null : (
        <p className="trial-old" role="alert">
          It was not saved: {refusal}
        </p>
      )}
      <p className="rule-sentence">
        {draft === null ? 'The rule in one sentence appears here once its fields are valid.' : describeRule(draft)}
      </p>
      <RuleFields
        form={form}
        errors={tried || changed ? errors : {}}
        conditionNote={conditionNote}
        disabled={cannot !== null}
        builtIn={rule?.builtIn ?? false}
        onChange={setForm}
      />
      <RuleTrialPanel draft={draft} ruleId={rule?.id ?? null} />
    </div>
  );
}

function useConditionCheck(condition: string): { ok: boolean; text: string } | null {
  const settled = useDebounced(condition.trim(), 350);
  const asked = useAsked(['check-condition', settled], (api) => api.grouping.check.query({ condition: settled }), {
    enabled: settled !== '',
    goodForMs: 600_000,
  });
  if (settled !== condition.trim()) return null;
  if (asked.failure !== null)
    return { ok: true, text: 'Not checked: the server did not answer. Saving checks it again.' };
  if (asked.data === undefined) return null;
  if (asked.data.ok) return { ok: true, text: 'The condition is valid.' };
  const { reason, position } = asked.data;
  return { ok: false, text: position === undefined ? reason : `${reason} (character ${position + 1})` };
}
