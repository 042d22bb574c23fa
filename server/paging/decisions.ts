import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { decideStop } from '#server/modules/escalation/decide-stop.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import { decideDelivery } from '#server/modules/notify/settling/decide-delivery.ts';
import { decideLimit } from '#server/modules/notify/claiming/decide-limit.ts';
import { decidePlan } from '#server/modules/notify/planning/decide-plan.ts';
import { decideLookup } from '#server/modules/oncall/decide-lookup.ts';
import { decideHold } from '#server/modules/routing/decide-hold.ts';
import { decideRoute } from '#server/modules/routing/decide-route.ts';

/** What the ledger records by name, and replay runs again. */
export const decisions: Decisions = {
  route: decideRoute,
  hold: decideHold,
  step: decideStep,
  lookup: decideLookup,
  recipients: decideRecipients,
  plan: decidePlan,
  limit: decideLimit,
  delivery: decideDelivery,
  stop: decideStop,
};
