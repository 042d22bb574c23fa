import { z } from 'zod';
import type { ChannelField } from '#server/contract/channel.ts';

/** E.164: a plus and at most 15 digits. */
export const phoneNumber = /^\+[1-9]\d{6,14}$/;
const number = z
  .string()
  .trim()
  .regex(phoneNumber, 'a number such as +4930123456, with the country and without spaces');

export const TwilioSettings = z
  .object({
    /** Of Twilio, or of something that speaks its API. Without a slash at its end. */
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .transform((url) => url.replace(/\/+$/, ''))
      .default('https://api.twilio.com'),
    accountSid: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9]{10,64}$/, 'the SID of the account, which starts with AC'),
    /** Sends text messages and calls. */
    from: z.union([z.literal(''), number]).default(''),
    messagingServiceSid: z
      .union([
        z.literal(''),
        z
          .string()
          .trim()
          .regex(/^MG[a-z0-9]{32}$/i, 'a SID that starts with MG'),
      ])
      .default(''),
    language: z
      .string()
      .trim()
      .regex(/^[a-z]{2,3}-[A-Za-z0-9]{2,8}$/, 'a language such as en-US')
      .default('en-US'),
  })
  .refine(({ from, messagingServiceSid }) => from !== '' || messagingServiceSid !== '', {
    path: ['from'],
    message: 'Give a number, or a messaging service for text messages.',
  });
export type TwilioSettings = z.infer<typeof TwilioSettings>;

export const twilioFields: ChannelField[] = [
  field('accountSid', 'Account SID', 'text', true, 'From the console; starts with AC.'),
  field(
    'authToken',
    'Auth token',
    'secret',
    true,
    'Of that account. It also proves that answers come from the provider.',
  ),
  field('from', 'Number', 'text', false, 'Sends the texts and makes the calls.', '+14155550123'),
  field(
    'messagingServiceSid',
    'Messaging service',
    'text',
    false,
    'Sends the texts in place of the number; starts with MG.',
  ),
  field('language', 'Language of calls', 'text', false, 'In which the summary is read out.', 'en-US'),
  field(
    'baseUrl',
    'Address of the API',
    'url',
    false,
    'Another provider that speaks the same API.',
    'https://api.twilio.com',
  ),
];

function field(
  name: string,
  label: string,
  type: ChannelField['type'],
  required: boolean,
  help: string,
  placeholder = '',
): ChannelField {
  return { name, label, type, required, help, options: [], placeholder, on: false };
}
