import { z } from 'zod';
import { Labels } from '#server/contract/primitives.ts';
import { Severity } from '#server/contract/severity.ts';

/** What every source is normalised to: one thing said about one alert. Times in milliseconds since the epoch. */
export const AlertSignal = z.object({
  kind: z.literal('alert'),
  action: z.enum(['fire', 'acknowledge', 'resolve']),
  integrationId: z.uuid(),
  source: z.string(),
  /** Identity of the alert within its integration, at most 255 characters. */
  dedupKey: z.string().max(255),
  /** Stable short hash of what the alert is about, shown to people and used in links. */
  fingerprint: z.string(),
  title: z.string(),
  severity: Severity,
  service: z.string().nullable(),
  labels: Labels,
  annotations: Labels,
  sourceUrl: z.string().nullable(),
  runbookUrl: z.string().nullable(),
  /** When the source says it began; null takes the time of receipt. */
  startsAt: z.number().nullable(),
  /** When the source says it ends unless repeated. */
  endsAt: z.number().nullable(),
  receivedAt: z.number(),
});
export type AlertSignal = z.infer<typeof AlertSignal>;

export const ChangeSignal = z.object({
  kind: z.literal('change'),
  integrationId: z.uuid(),
  source: z.string(),
  title: z.string(),
  service: z.string().nullable(),
  at: z.number(),
  links: z.array(z.object({ href: z.string(), text: z.string().nullable() })),
  receivedAt: z.number(),
});
export type ChangeSignal = z.infer<typeof ChangeSignal>;

export type Signal = AlertSignal | ChangeSignal;
