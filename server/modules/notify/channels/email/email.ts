import { Readable } from 'node:stream';
import type { ChannelType, OutgoingMessage, SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import { composeMail } from '#server/modules/notify/channels/email/compose.ts';
import { emailFields, EmailSettings, splitAddresses } from '#server/modules/notify/channels/email/settings.ts';
import { tlsFor } from '#server/modules/notify/channels/email/tls.ts';
import { OutgoingError } from '#server/outgoing/outgoing.ts';

export const emailChannel: ChannelType<EmailSettings> = {
  info: {
    kind: 'email',
    name: 'E-mail',
    description: 'Mails over your SMTP server, with a signed link. With a mailbox (IMAP) an answer acknowledges.',
    fields: emailFields,
    contacts: ['email'],
    can: { target: true, update: false, acknowledge: 'reply', receipt: false },
    checkedBy: {
      what: 'real-server',
      note: 'Sending against smtp-server (plain, STARTTLS, TLS, sign-in); answers against Dovecot, over IMAP with IDLE.',
    },
  },
  settings: EmailSettings,
  pace: { perSecond: 10, burst: 50 },
  // As https, because that is how an address is checked; what is spoken there is another matter.
  addresses: (settings) => [
    `https://${bracketed(settings.host)}:${settings.port}`,
    ...(settings.imapHost === '' ? [] : [`https://${bracketed(settings.imapHost)}:${settings.imapPort}`]),
  ],
  addressFault: (_kind, address) =>
    /^[^\s@<>(),;:"[\]\\]+@[^\s@<>(),;:"[\]\\]+\.[^\s@<>(),;:"[\]\\]+$/.test(address)
      ? null
      : 'This is not an e-mail address. It has the form name@example.com.',
  send,
};

const connectWithinMs = 10_000;
const greetWithinMs = 10_000;
/** Some servers look through a mail before they answer; the sender's own deadline comes through the signal. */
const answerWithinMs = 30_000;

async function send(context: SendContext<EmailSettings>, message: OutgoingMessage): Promise<SendResult> {
  const { settings, secrets, outgoing, signal } = context;
  const toNobody = message.contact === null && splitAddresses(settings.to).length === 0;
  if (toNobody && message.purpose !== 'test') {
    return failure(true, 'The channel has no recipients. An administrator can add them in its settings.');
  }
  const mail = composeMail(settings, message);
  let server: { address: string };
  try {
    server = await outgoing.resolve(settings.host, settings.port);
  } catch (error) {
    const blocked = error instanceof OutgoingError && error.fault === 'blocked';
    return failure(blocked, textOf(error));
  }
  // Loaded with the first mail: a center without e-mail starts sooner and smaller.
  const { default: nodemailer } = await import('nodemailer');
  const transport = nodemailer.createTransport({
    // The address that was checked: the name is not asked for again.
    host: server.address,
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    ignoreTLS: settings.security === 'none',
    tls: tlsFor(settings.host, settings.caCertificate),
    name: mail.messageId.slice(mail.messageId.lastIndexOf('@') + 1, -1),
    ...(settings.user === '' ? {} : { auth: { user: settings.user, pass: secrets['password'] ?? '' } }),
    connectionTimeout: connectWithinMs,
    greetingTimeout: greetWithinMs,
    socketTimeout: answerWithinMs,
    maxResponseSize: 65_536,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { beforeWrite } = context;
  if (beforeWrite !== undefined) {
    transport.use('stream', (mail, done) => {
      mail.message.processFunc((content) => lastLook(content, beforeWrite));
      done();
    });
  }
  const abort = () => transport.close();
  signal.addEventListener('abort', abort);
  try {
    if (toNobody) {
      await untilAborted(signal, transport.verify());
      const said =
        'It takes mail from this center. No mail was sent, because the channel has no recipients of its own.';
      return { outcome: 'accepted', ref: null, arrived: false, response: said };
    }
    const sent = await untilAborted(signal, transport.sendMail({ ...mail, date: new Date(context.now) }));
    return { outcome: 'accepted', ref: mail.messageId, arrived: false, response: sent.response.slice(0, responseMax) };
  } catch (error) {
    return whyNotSent(error);
  } finally {
    signal.removeEventListener('abort', abort);
    transport.close();
  }
}

const responseMax = 2_000;

/** The mail itself is read when the server has answered DATA: until then nothing of it has left, and it can be left at that. */
function lastLook(content: Readable, beforeWrite: NonNullable<SendContext<unknown>['beforeWrite']>): Readable {
  async function* parts() {
    if (!(await beforeWrite())) throw new Error('it was not wanted any more');
    yield* content as AsyncIterable<Buffer>;
  }
  return Readable.from(parts(), { objectMode: false });
}

/** nodemailer does not settle a mail whose connection we closed under it. */
async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  if (signal.aborted) throw new Error('it was given up before it was sent');
  let give: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    give = () => reject(new Error('the mail server did not answer in time'));
    signal.addEventListener('abort', give);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
    work.catch(() => undefined);
  }
}

/** RFC 5321: a reply of 4xx may be otherwise later, one of 5xx will not. Anything that is no reply counts as the former. */
function whyNotSent(error: unknown): SendResult {
  const { responseCode, response } = error as { responseCode?: unknown; response?: unknown };
  const code = typeof responseCode === 'number' ? responseCode : null;
  const said = typeof response === 'string' ? response.slice(0, responseMax) : '';
  const permanent = code !== null && code >= 500 && code < 600;
  return failure(permanent, textOf(error), said);
}

function failure(permanent: boolean, reason: string, response = ''): SendResult {
  return { outcome: 'failed', permanent, retryAfterMs: null, reason: reason.slice(0, 500), response };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
