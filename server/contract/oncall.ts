// What a schedule would say before it is saved, and who is on call over a span. docs/schedules.md.
import { z } from 'zod';
import { Finding } from '#server/contract/config-document.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import {
  OverrideDraft,
  ScheduleDraft,
  ScheduleQuality,
  Shift,
  SwapDraft,
  TimeOffDraft,
} from '#server/contract/schedule.ts';

export const OncallPreviewInput = z.object({
  /** Whose saved overrides, times off and swaps count too; null for a schedule that is not saved yet. */
  scheduleId: Id.nullable(),
  /** Null takes the schedule as it is saved. */
  draft: ScheduleDraft.nullable(),
  /** At most 92 days apart. */
  from: Instant,
  to: Instant,
  /** What is tried on top of what is saved. */
  overrides: z.array(OverrideDraft).max(20).default([]),
  timeOffs: z.array(TimeOffDraft).max(20).default([]),
  swaps: z.array(SwapDraft).max(20).default([]),
});
export type OncallPreviewInput = z.input<typeof OncallPreviewInput>;

const span = { startsAt: Instant, endsAt: Instant };

/** Rows of a Gantt: what each layer says alone, what people changed, and what comes out. Shifts of a row by start. */
export const OncallPreview = z.object({
  from: Instant,
  to: Instant,
  layers: z.array(
    z.object({
      id: Id,
      name: z.string(),
      shifts: z.array(Shift),
      /** Where the layer's restrictions or its end keep it off duty. */
      offDuty: z.array(z.object(span)),
    }),
  ),
  /** Of overrides, temporary schedules and accepted swaps, the tried ones among them. */
  overrides: z.array(Shift),
  result: z.array(Shift),
  quality: ScheduleQuality,
  findings: z.array(Finding),
});
export type OncallPreview = z.infer<typeof OncallPreview>;
