import { z } from 'zod';

/** RFC 3339 in UTC, millisecond precision, as JSON carries it. Other offsets and precisions are taken and made so. */
export const Instant = z.iso
  .datetime({ offset: true })
  .overwrite(inUtc)
  .refine((instant) => instant >= '1970', 'must not be before 1970');
export type Instant = z.infer<typeof Instant>;

export const Id = z
  .uuid({
    error: ({ code }) =>
      code === 'invalid_format'
        ? 'not a whole id: one has 36 characters, as in 019a0000-0000-7000-8000-0000000000ff. Copy all of it again from where it was written'
        : undefined,
  })
  .toLowerCase();
export type Id = z.infer<typeof Id>;

/** Text as PostgreSQL can keep it: NUL and halves of surrogate pairs become the replacement character. */
export const StorableText = z.string().overwrite((text) => text.replace(/\0|\p{Surrogate}/gu, '\uFFFD'));
export const Title = StorableText.trim().min(1).max(300);
export const Text = StorableText.trim().min(1).max(20_000);
export const ShortText = StorableText.trim().min(1).max(1_000);
/** A CEL expression; compiled and type-checked on save. */
export const Expression = StorableText.trim().min(1).max(2_000);
/** Links people open: https, http, tel and mailto; nothing that can run. */
export const Link = StorableText.max(2_000).regex(
  /^(https?:\/\/|tel:|mailto:)/i,
  'must start with https://, http://, tel: or mailto:',
);

export const Labels = z.record(z.string(), z.string());
export type Labels = z.infer<typeof Labels>;

function inUtc(instant: string): string {
  const ms = Date.parse(instant);
  return Number.isNaN(ms) ? instant : new Date(ms).toISOString();
}
