// How incidents and alerts went over a time. docs/insights.md says what each figure counts.
import { z } from 'zod';
import { Instant } from '#server/contract/primitives.ts';

/** In milliseconds, by the nearest rank: each is a time that really was. */
export const Percentiles = z.object({
  count: z.int(),
  p50: z.number().nullable(),
  p90: z.number().nullable(),
  p95: z.number().nullable(),
});
export type Percentiles = z.infer<typeof Percentiles>;

/** What became of alerts. Each is in exactly one of these. */
export const AlertOutcomes = z.object({
  /** They, or their incident, were acknowledged by somebody, or the incident was declared by hand. */
  answered: z.int(),
  /** Over without anybody having answered. */
  noise: z.int(),
  /** Kept quiet by a silence or a maintenance window, and not answered. */
  silenced: z.int(),
  /** Still firing, and not answered. */
  open: z.int(),
});
export type AlertOutcomes = z.infer<typeof AlertOutcomes>;

const figures = {
  /** Incidents that began, by the severity they have now. */
  sev1: z.int(),
  sev2: z.int(),
  sev3: z.int(),
  info: z.int(),
  acknowledge: Percentiles,
  resolve: Percentiles,
  alerts: AlertOutcomes,
};

export const InsightsSpan = z.object({ from: Instant, to: Instant, ...figures });
export type InsightsSpan = z.infer<typeof InsightsSpan>;

export const InsightsReport = z.object({
  from: Instant,
  /** The end of the running day, in UTC. */
  to: Instant,
  /** Length of each span. */
  spanMs: z.int(),
  spans: z.array(InsightsSpan),
  whole: InsightsSpan,
  /** The services with the most noise first. */
  noisiest: z.array(z.object({ service: z.string().nullable(), alerts: AlertOutcomes })),
  /** Every service that an incident of the time touched, for the filter. */
  services: z.array(z.string()),
});
export type InsightsReport = z.infer<typeof InsightsReport>;
