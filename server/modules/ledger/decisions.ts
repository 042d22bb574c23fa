import type { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import type { decideStep } from '#server/modules/escalation/decide-step.ts';
import type { decideStop } from '#server/modules/escalation/decide-stop.ts';
import type { decideDelivery } from '#server/modules/notify/settling/decide-delivery.ts';
import type { decideLimit } from '#server/modules/notify/claiming/decide-limit.ts';
import type { decidePlan } from '#server/modules/notify/planning/decide-plan.ts';
import type { decideLookup } from '#server/modules/oncall/decide-lookup.ts';
import type { decideHold } from '#server/modules/routing/decide-hold.ts';
import type { decideRoute } from '#server/modules/routing/decide-route.ts';

/** Every pure decision of paging, by the name under which the ledger keeps it. Joined in app.ts. */
export interface Decisions {
  route: typeof decideRoute;
  hold: typeof decideHold;
  step: typeof decideStep;
  lookup: typeof decideLookup;
  recipients: typeof decideRecipients;
  plan: typeof decidePlan;
  limit: typeof decideLimit;
  delivery: typeof decideDelivery;
  stop: typeof decideStop;
}
