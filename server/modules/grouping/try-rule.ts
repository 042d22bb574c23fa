import type { Actor } from '#server/api/context.ts';
import { AppError } from '#server/api/app-error.ts';
import type { GroupingRule, GroupingRuleDraft, RuleTrial } from '#server/contract/grouping.ts';
import type { Transactor } from '#server/database/transaction.ts';
import type { AlertState } from '#server/modules/alerts/state.ts';
import { compileRules } from '#server/modules/grouping/compile.ts';
import { draftProblem } from '#server/modules/grouping/intents.ts';
import type { RuleStore } from '#server/modules/grouping/state.ts';
import type { Catalog } from '#server/modules/services/state.ts';
import { createReplay, replayAll, withDraft } from '#server/modules/grouping/trial.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

const alertsMax = 100_000;

export type TryRule = (
  actor: Actor,
  question: { draft: GroupingRuleDraft; ruleId: string | null; days: number },
) => Promise<RuleTrial>;

export function createTryRule(deps: {
  database: Transactor;
  rules: Pick<RuleStore, 'list'>;
  catalog: Catalog;
  /** Alerts that began since, that the actor may see and nothing suppressed: newest first, at most `limit`. */
  alertsSince(actor: Actor, since: string, limit: number): AsyncIterable<AlertState[]>;
  clock: Clock;
  random: Pick<Random, 'uuid'>;
}): TryRule {
  const { database, rules, catalog, alertsSince, clock, random } = deps;
  return async (actor, { draft, ruleId, days }) => {
    const problem = draftProblem(draft);
    if (problem !== null) throw new AppError('invalid', problem);
    const began = clock.monotonic();
    const to = new Date(clock.now()).toISOString();
    const from = new Date(clock.now() - days * 86_400_000).toISOString();

    const [list, index] = await database.withTransaction(
      async (tx) => [await rules.list(tx), await catalog.index(tx)] as const,
      { readOnly: true },
    );
    const known = list.find((rule) => rule.id === ruleId);
    const place = {
      id: ruleId ?? random.uuid(),
      version: 1,
      position: 0,
      builtIn: false,
      updatedBy: null,
      updatedAt: to,
    };
    const tried: GroupingRule = { ...(known ?? place), ...draft };
    const replay = createReplay(
      compileRules(withDraft(list, tried), () => {}),
      tried,
      index,
    );

    const alerts: AlertState[] = [];
    for await (const page of alertsSince(actor, from, alertsMax + 1)) alerts.push(...page);
    const truncated = alerts.length > alertsMax;
    if (truncated) alerts.length = alertsMax;
    alerts.reverse();
    await replayAll(replay, alerts, () => clock.sleep(0));
    return {
      from: truncated ? (alerts[0]?.firstSeenAt ?? from) : from,
      to,
      ...replay.result(),
      truncated,
      elapsedMs: Math.round(clock.monotonic() - began),
    };
  };
}
