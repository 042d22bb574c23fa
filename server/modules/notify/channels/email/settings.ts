import { z } from 'zod';
import type { ChannelField } from '#server/contract/channel.ts';

const hostName = z
  .string()
  .trim()
  .max(253)
  .regex(/^[a-z0-9.:_[\]-]*$/i, 'a host name or an address, without smtp:// and without a path');
const port = z.number().int().min(1).max(65_535);
/** One address, as itself or as `Name <address>`; no line breaks, which would add header lines. */
const mailbox = z
  .string()
  .trim()
  .max(320)
  .regex(/^([^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/, 'an address such as Pager <pager@example.com>');
const protection = z.enum(['starttls', 'tls', 'none']);

export const EmailSettings = z
  .object({
    host: hostName.min(1, 'the mail server is missing'),
    port: port.default(587),
    /** starttls: a plain connection that must turn into TLS. tls: TLS from the first byte. none: readable on the way. */
    security: protection.default('starttls'),
    user: z.string().max(320).default(''),
    from: mailbox,
    /** Told when a step or a rule names the channel itself. Separated by commas. */
    to: z
      .string()
      .max(2_000)
      .default('')
      .refine((text) => splitAddresses(text).every((one) => mailbox.safeParse(one).success), 'addresses, with commas'),
    /** Certificate (PEM) of an authority of your own that signed the servers' certificates. */
    caCertificate: z.string().max(4_000).default(''),
    /** Where answers are read. Empty: answers acknowledge nothing, and mails do not say so. */
    imapHost: hostName.default(''),
    imapPort: port.default(993),
    imapSecurity: protection.default('tls'),
    imapUser: z.string().max(320).default(''),
    imapFolder: z.string().trim().max(200).default('INBOX'),
    /** Address of that mailbox, when it is not the sender's. */
    replyAddress: z.union([z.literal(''), mailbox]).default(''),
    /** The server delivers name+anything@… to name@…; most do. */
    plusAddress: z.boolean().default(true),
  })
  .refine((settings) => settings.security !== 'none' || settings.user === '' || isThisMachine(settings.host), {
    path: ['security'],
    message: 'Without TLS the password would travel readable. Choose STARTTLS or TLS, or send without a user.',
  })
  .refine(
    (settings) => settings.imapSecurity !== 'none' || settings.imapHost === '' || isThisMachine(settings.imapHost),
    {
      path: ['imapSecurity'],
      message: 'Without TLS the password of the mailbox would travel readable. Choose STARTTLS or TLS.',
    },
  );
export type EmailSettings = z.infer<typeof EmailSettings>;

export function splitAddresses(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** `pager@example.com` of `Pager <pager@example.com>`. */
export function bareAddress(mailboxText: string): string {
  return /<([^<>]+)>\s*$/.exec(mailboxText)?.[1] ?? mailboxText.trim();
}

export function readsReplies(settings: EmailSettings): boolean {
  return settings.imapHost !== '';
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

const security = { options: ['starttls', 'tls', 'none'], type: 'select' as const };

export const emailFields: ChannelField[] = [
  field('host', 'Mail server', 'text', true, 'Name of the SMTP server, e.g. smtp.example.com.'),
  field('port', 'Port', 'number', false, '587 for STARTTLS, 465 for TLS.', '587'),
  {
    ...field(
      'security',
      'Protection',
      'select',
      false,
      'With “none” mails are readable on the way and no password is sent.',
    ),
    ...security,
  },
  field('user', 'User', 'text', false, 'Empty when the server takes mails without signing in.'),
  field('password', 'Password', 'secret', false, 'Of that user.'),
  field('from', 'Sender', 'text', true, 'The address that mails come from.', 'Tocsin <pager@example.com>'),
  field('to', 'Recipients', 'text', false, 'Told when a step or a rule names this channel; separated by commas.'),
  field(
    'caCertificate',
    'Own authority',
    'text',
    false,
    'PEM certificate, when the servers use an authority of your own.',
  ),
  field('imapHost', 'Mailbox server (IMAP)', 'text', false, 'With it an answer to a mail acknowledges.'),
  field('imapPort', 'Mailbox port', 'number', false, '993 for TLS, 143 for STARTTLS.', '993'),
  { ...field('imapSecurity', 'Mailbox protection', 'select', false, 'How the mailbox is reached.'), ...security },
  field('imapUser', 'Mailbox user', 'text', false, 'Who signs in to the mailbox.'),
  field('imapPassword', 'Mailbox password', 'secret', false, 'Of that user.'),
  field('imapFolder', 'Mailbox folder', 'text', false, 'Where answers arrive.', 'INBOX'),
  field('replyAddress', 'Answer address', 'text', false, 'Address of the mailbox, when it is not the sender.'),
  {
    ...field(
      'plusAddress',
      'Plus-addresses',
      'boolean',
      false,
      'Off when the server does not deliver name+anything@… to name@…; answers are then told apart by the link they quote.',
    ),
    on: true,
  },
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
