// A span as a person types it: two local times in one zone.
import { t } from '../../language/words.ts';
import { instantOf, localField } from '../../zone-time.ts';

export interface SpanForm {
  /** `2026-11-21T09:00`, in the zone of the form. */
  from: string;
  to: string;
}

export interface Span {
  startsAt: string;
  endsAt: string;
}

export type SpanErrors = Partial<Record<keyof SpanForm, string>>;

export function spanForm(zone: string, { startsAt, endsAt }: Span): SpanForm {
  return { from: localField(zone, Date.parse(startsAt)), to: localField(zone, Date.parse(endsAt)) };
}

/** From the next full hour on. */
export function nextHours(zone: string, nowMs: number, hours: number): SpanForm {
  const from = Math.ceil(nowMs / 3_600_000) * 3_600_000;
  return { from: localField(zone, from), to: localField(zone, from + hours * 3_600_000) };
}

export function checkSpan(zone: string, form: SpanForm, nowMs: number): { span: Span | null; errors: SpanErrors } {
  const errors: SpanErrors = {};
  const from = instantOf(zone, form.from);
  const to = instantOf(zone, form.to);
  if (from === null) errors.from = t`Say from when.`;
  if (to === null) errors.to = t`Say until when.`;
  else if (to <= nowMs) errors.to = t`This is in the past; what was, stays as it was.`;
  else if (from !== null && to <= from) errors.to = t`It has to end after it starts.`;
  if (from === null || to === null || Object.keys(errors).length > 0) return { span: null, errors };
  return { span: { startsAt: new Date(from).toISOString(), endsAt: new Date(to).toISOString() }, errors };
}
