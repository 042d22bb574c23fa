import { preferenceValuesMax, withSetting } from '#server/contract/preference.ts';
import type { IntentHandlers } from '#server/modules/incidents/intents.ts';
import type { PreferenceStore } from '#server/modules/preferences/store.ts';

/** A preference is its person's own, and never a conflict: of two choices the later one stands, whichever came first. */
export function createPreferenceIntents({
  preferences,
}: {
  preferences: PreferenceStore;
}): IntentHandlers<'preference.set'> {
  return {
    async 'preference.set'(tx, { actor, intent, at, actedAt }) {
      if (intent.action.userId !== actor.userId) {
        return { outcome: 'rejected', code: 'forbidden', reason: 'Preferences are each person\u2019s own to set.' };
      }
      const before = await preferences.lock(tx, actor.userId);
      const next = withSetting(before, actor.userId, intent.action.setting, actedAt);
      if (next === null) {
        return { outcome: 'noop', by: null, at: null, reason: 'A later choice of yours stands.' };
      }
      if (Object.keys(next.values).length > preferenceValuesMax) {
        const reason = `You have chosen ${preferenceValuesMax} things. Put some back to how they came first.`;
        return { outcome: 'rejected', code: 'invalid', reason };
      }
      await preferences.save(tx, at, next);
      return { outcome: 'applied', version: next.version };
    },
  };
}
