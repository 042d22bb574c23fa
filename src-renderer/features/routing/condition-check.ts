import { useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useDebounced } from '../../ui/use-debounced.ts';

export interface ConditionNote {
  ok: boolean;
  text: string;
}

/** What the server says of a condition over `alert` and `incident` as it stands; null while it is being asked. */
export function useConditionCheck(condition: string): ConditionNote | null {
  const settled = useDebounced(condition.trim(), 350);
  const asked = useAsked(
    ['check-condition', 'incident', settled],
    (api) => api.grouping.check.query({ condition: settled, over: 'incident' }),
    { enabled: settled !== '', goodForMs: 600_000 },
  );
  if (settled !== condition.trim()) return null;
  if (asked.failure !== null)
    return { ok: true, text: t`Not checked: the server did not answer. Saving checks it again.` };
  if (asked.data === undefined) return null;
  if (asked.data.ok) return { ok: true, text: t`The condition is valid.` };
  const { reason, position } = asked.data;
  return {
    ok: false,
    text: position === undefined || /character \d/.test(reason) ? reason : t`${reason} (character ${position + 1})`,
  };
}
