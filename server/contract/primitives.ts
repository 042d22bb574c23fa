import { z } from 'zod';

/** RFC 3339 in UTC, millisecond precision, as JSON carries it. */
export const Instant = z.iso.datetime({ offset: true });
export type Instant = z.infer<typeof Instant>;

export const Id = z.uuid();
export type Id = z.infer<typeof Id>;

export const Title = z.string().trim().min(1).max(300);
export const Text = z.string().trim().min(1).max(20_000);
export const ShortText = z.string().trim().min(1).max(1_000);
/** A CEL expression; compiled and type-checked on save. */
export const Expression = z.string().trim().min(1).max(2_000);
/** Links people open: https, http, tel and mailto; nothing that can run. */
export const Link = z
  .string()
  .max(2_000)
  .regex(/^(https?:\/\/|tel:|mailto:)/i, 'must start with https://, http://, tel: or mailto:');

export const Labels = z.record(z.string(), z.string());
export type Labels = z.infer<typeof Labels>;
