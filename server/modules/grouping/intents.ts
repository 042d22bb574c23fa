// Editing the rules. A change applies to alerts that look for a group from then on: what is in an incident stays there.
import type { GroupingRule, GroupingRuleDraft } from '#server/contract/grouping.ts';
import type { Tx } from '#server/database/transaction.ts';
import { compileCondition } from '#server/expressions/cel.ts';
import { builtInRule } from '#server/modules/grouping/built-in.ts';
import type { EditableRuleStore } from '#server/modules/grouping/store.ts';
import { unknownPlaceholder } from '#server/modules/grouping/template.ts';
import type { IntentHandlers, IntentOutcome } from '#server/modules/incidents/intents.ts';

const rulesMax = 200;

export function createRuleIntents({
  rules,
}: {
  rules: EditableRuleStore;
}): IntentHandlers<'rule.save' | 'rule.delete' | 'rule.order'> {
  return {
    async 'rule.save'(tx, { actor, intent, at }) {
      const { ruleId, draft } = intent.action;
      const problem = draftProblem(draft);
      if (problem !== null) return invalid(problem);
      const all = await rules.lockAll(tx);
      const known = all.find((rule) => rule.id === ruleId);
      if (known !== undefined && intent.baseVersion !== null && known.version > intent.baseVersion) {
        return { outcome: 'conflict', reason: 'Somebody changed this rule since.', entity: 'rule', current: known };
      }
      const edited = { ...draft, updatedBy: actor.userId, updatedAt: at };
      if (known !== undefined) {
        const fixed = known.builtIn ? builtInProblem(known, draft) : null;
        if (fixed !== null) return invalid(fixed);
        const next = { ...known, ...edited, version: known.version + 1 };
        await rules.save(tx, at, [next]);
        return { outcome: 'applied', version: next.version };
      }
      if (all.length >= rulesMax) return invalid(`There are ${rulesMax} rules already. Delete one first.`);
      const version = await rules.firstVersion(tx, ruleId);
      const made: GroupingRule = { id: ruleId, version, position: 0, builtIn: false, ...edited };
      await renumber(
        tx,
        at,
        [...all.filter((rule) => !rule.builtIn), made, ...all.filter((rule) => rule.builtIn)],
        made,
      );
      return { outcome: 'applied', version };
    },

    async 'rule.delete'(tx, { intent, at }) {
      const all = await rules.lockAll(tx);
      const known = all.find((rule) => rule.id === intent.action.ruleId);
      if (known === undefined) return { outcome: 'noop', by: null, at: null, reason: 'The rule is gone already.' };
      if (known.builtIn) return invalid('The built-in rule cannot be deleted: it takes what no other rule took.');
      await rules.remove(tx, at, known);
      await renumber(
        tx,
        at,
        all.filter((rule) => rule !== known),
        null,
      );
      return { outcome: 'applied', version: null };
    },

    async 'rule.order'(tx, { intent, at }) {
      const all = await rules.lockAll(tx);
      const own = all.filter((rule) => !rule.builtIn);
      const ordered = intent.action.ruleIds
        .map((id) => own.find((rule) => rule.id === id))
        .filter((rule) => rule !== undefined);
      if (new Set(ordered).size !== own.length || ordered.length !== intent.action.ruleIds.length) {
        const reason =
          'The order has to name every rule but the built-in one, once. Rules were added or deleted since.';
        return { outcome: 'conflict', reason, entity: 'rule', current: all };
      }
      const changed = await renumber(tx, at, [...ordered, ...all.filter((rule) => rule.builtIn)], null);
      if (changed === 0) return { outcome: 'noop', by: null, at: null, reason: 'That is their order already.' };
      return { outcome: 'applied', version: null };
    },
  };

  async function renumber(tx: Tx, at: string, list: GroupingRule[], made: GroupingRule | null): Promise<number> {
    const changed = list.flatMap((rule, position) => {
      if (rule === made) return [{ ...rule, position }];
      return rule.position === position ? [] : [{ ...rule, position, version: rule.version + 1 }];
    });
    await rules.save(tx, at, changed);
    return changed.length;
  }
}

/** Makes the built-in rule at the first start. */
export async function ensureBuiltInRule(rules: EditableRuleStore, tx: Tx, id: string, at: string): Promise<void> {
  const all = await rules.lockAll(tx);
  if (all.some((rule) => rule.builtIn)) return;
  await rules.save(tx, at, [{ ...builtInRule(id, at), position: all.length }]);
}

/** What is wrong with a draft, naming the field; null if nothing is. */
export function draftProblem(draft: GroupingRuleDraft): string | null {
  const condition = compileCondition(draft.condition);
  if (!condition.ok) return `Condition: ${condition.reason}`;
  if (new Set(draft.keys).size < draft.keys.length) return 'Keys: the same key stands there twice.';
  const placeholder = unknownPlaceholder(draft.titleTemplate);
  if (placeholder === null) return null;
  return `Title: ${placeholder} stands for nothing. There are {{title}}, {{service}}, {{severity}}, {{source}}, {{count}} and {{labels.NAME}}.`;
}

/** The built-in rule goes on catching everything: how it groups may be tuned, whether and what may not. */
function builtInProblem(known: GroupingRule, draft: GroupingRuleDraft): string | null {
  if (!draft.enabled)
    return 'Enabled: the built-in rule stays on. Put a rule of your own before it to group differently.';
  if (draft.condition !== known.condition)
    return 'Condition: the built-in rule takes every alert. Make a rule of your own.';
  if (JSON.stringify(draft.keys) !== JSON.stringify(known.keys)) {
    return 'Keys: the built-in rule groups by service. Make a rule of your own.';
  }
  return draft.name === known.name ? null : 'Name: the built-in rule keeps its name.';
}

function invalid(reason: string): IntentOutcome {
  return { outcome: 'rejected', code: 'invalid', reason };
}
