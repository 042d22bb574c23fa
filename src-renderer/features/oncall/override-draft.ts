import { OverrideDraft, type Schedule } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { checkSpan, type Span, type SpanErrors, type SpanForm } from './span-draft.ts';

export interface OverrideForm {
  mode: OverrideDraft['mode'];
  userId: string | null;
  /** Of `replace`; null is whoever it is. */
  replacedUserId: string | null;
  span: SpanForm;
  /** Of `temporary`. */
  shifts: { key: number; userId: string | null; span: SpanForm }[];
  reason: string;
}

export type OverrideErrors = SpanErrors & { userId?: string; shifts?: string };

export function checkOverride(
  schedule: Pick<Schedule, 'id' | 'timeZone'>,
  form: OverrideForm,
  nowMs: number,
): { draft: OverrideDraft | null; span: Span | null; errors: OverrideErrors } {
  const zone = schedule.timeZone;
  const { span, errors: spanErrors } = checkSpan(zone, form.span, nowMs);
  const errors: OverrideErrors = { ...spanErrors };
  const shifts: { userId: string; startsAt: string; endsAt: string }[] = [];
  if (form.mode === 'temporary') {
    for (const [index, shift] of form.shifts.entries()) {
      const checked = checkSpan(zone, shift.span, nowMs).span;
      if (shift.userId === null) errors.shifts = t`Shift ${index + 1} has nobody.`;
      else if (checked === null) errors.shifts = t`Shift ${index + 1} has no valid span.`;
      else if (span !== null && (checked.startsAt < span.startsAt || checked.endsAt > span.endsAt))
        errors.shifts = t`Shift ${index + 1} is not within the span above.`;
      else shifts.push({ userId: shift.userId, ...checked });
    }
  } else if (form.userId === null) errors.userId = t`Say who.`;
  else if (form.mode === 'replace' && form.userId === form.replacedUserId)
    errors.userId = t`Somebody cannot stand in for themselves.`;
  if (span === null || Object.keys(errors).length > 0) return { draft: null, span, errors };
  const base = { scheduleId: schedule.id, ...span, reason: form.reason.trim() };
  const parsed = OverrideDraft.safeParse(
    form.mode === 'temporary'
      ? { ...base, mode: form.mode, shifts }
      : form.mode === 'replace'
        ? { ...base, mode: form.mode, userId: form.userId, replacedUserId: form.replacedUserId }
        : { ...base, mode: form.mode, userId: form.userId },
  );
  if (parsed.success) return { draft: parsed.data, span, errors };
  return {
    draft: null,
    span,
    errors: { ...errors, userId: parsed.error.issues[0]?.message ?? t`It is not valid.` },
  };
}
