import { z } from 'zod';
import type { ChannelField } from '#server/contract/channel.ts';

/** A field of a channel's form. */
export function channelField(
  field: Pick<ChannelField, 'name' | 'label' | 'type' | 'required' | 'help'> & Partial<ChannelField>,
): ChannelField {
  return { options: [], placeholder: '', on: false, ...field };
}

/** An address that a form may leave empty, which then is the usual one. */
export function urlOr(usual: string): z.ZodType<string> {
  return z
    .union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2_000)])
    .default('')
    .transform((url) => (url === '' ? usual : url));
}
