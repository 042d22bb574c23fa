// Mail as it really goes: an SMTP server that keeps what it takes, and answers put into a real mailbox.
import type { AddressInfo } from 'node:net';
import { ImapFlow } from 'imapflow';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { Dovecot } from '#server/testkit/dovecot.ts';
import { mailTestCertificate, mailTestKey } from '#server/testkit/mail-certificate.ts';

export interface TakenMail {
  /** performance.now() when all of it had come. */
  at: number;
  to: string[];
  mail: Email;
}

export interface MailServer {
  port: number;
  taken: TakenMail[];
  stop(): Promise<void>;
}

/** Takes every mail, over STARTTLS, as `localhost`. */
export async function startMailServer(): Promise<MailServer> {
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    key: mailTestKey,
    cert: mailTestCertificate,
    authOptional: true,
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      const keep = async () => {
        const mail = await PostalMime.parse(Buffer.concat(parts));
        taken.push({ at: performance.now(), to: session.envelope.rcptTo.map(({ address }) => address), mail });
        done(null, 'taken');
      };
      stream.on('end', () => void keep());
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    taken,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The person's mail program answers: the mail is delivered into the mailbox of the center. */
export async function answerMail(
  dovecot: Dovecot,
  user: string,
  { mail }: TakenMail,
  { from, text }: { from: string; text: string },
): Promise<void> {
  const answer = [
    `From: ${from}`,
    `To: ${mail.replyTo?.[0]?.address ?? mail.from?.address ?? ''}`,
    `Subject: Re: ${mail.subject ?? ''}`,
    `Message-ID: <answer.${crypto.randomUUID()}@example.com>`,
    `In-Reply-To: ${mail.messageId}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
    '',
    `On Sat, 21 Nov 2026 at 20:00, Tocsin <pager@example.com> wrote:`,
    ...(mail.text ?? '').split('\n').map((line) => `> ${line}`),
  ];
  const client = new ImapFlow({
    host: 'localhost',
    port: dovecot.tlsPort,
    secure: true,
    tls: { ca: mailTestCertificate },
    auth: { user, pass: dovecot.password },
    logger: false,
  });
  await client.connect();
  try {
    await client.append('INBOX', answer.join('\r\n'));
  } finally {
    await client.logout();
  }
}
