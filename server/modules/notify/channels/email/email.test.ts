import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { emailChannel } from '#server/modules/notify/channels/email/email.ts';
import { EmailSettings } from '#server/modules/notify/channels/email/settings.ts';
import { tokenOfAddress, tokenOfLink } from '#server/modules/notify/links/link-token.ts';
import { OutgoingError } from '#server/outgoing/outgoing.ts';
import { mailTestCertificate, mailTestKey } from '#server/testkit/mail-certificate.ts';
import { aDigest, aMessage, aSendContext } from '#server/testkit/outgoing-message.ts';

interface Taken {
  mail: Email;
  source: string;
  secure: boolean;
  user: string | null;
  recipients: string[];
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A real SMTP server that keeps what it took. */
async function startSmtp(
  options: SMTPServerOptions = {},
): Promise<{ port: number; taken: Taken[]; connects: () => number }> {
  const taken: Taken[] = [];
  let connects = 0;
  const server = new SMTPServer({
    key: mailTestKey,
    cert: mailTestCertificate,
    authOptional: true,
    onAuth({ username, password }, _session, done) {
      if (username === 'pager' && password === 'right') done(null, { user: username });
      else done(Object.assign(new Error('Authentication failed'), { responseCode: 535 }));
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      const keep = async () => {
        const source = Buffer.concat(parts).toString();
        const user = session.user === undefined ? null : String(session.user);
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        taken.push({ mail: await PostalMime.parse(source), source, secure: session.secure, user, recipients });
        done(null, 'taken as 77');
      };
      stream.on('end', () => void keep());
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.server.on('connection', () => (connects += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close(() => undefined));
  return { port: (server.server.address() as AddressInfo).port, taken, connects: () => connects };
}

function settings(change: Partial<EmailSettings> & { port: number }): EmailSettings {
  return EmailSettings.parse({
    host: 'mail.test',
    from: 'Tocsin <pager@example.com>',
    caCertificate: mailTestCertificate,
    ...change,
  });
}

describe('e-mail to a real SMTP server', () => {
  test.each(['starttls', 'tls', 'none'] as const)('arrives with protection %s', async (security) => {
    const smtp = await startSmtp({ secure: security === 'tls' });
    const sent = await emailChannel.send(aSendContext(settings({ port: smtp.port, security })), aMessage());
    expect(sent).toMatchObject({
      outcome: 'accepted',
      arrived: false,
      response: expect.stringContaining('taken as 77'),
    });
    expect(smtp.taken).toMatchObject([{ secure: security !== 'none', recipients: ['ada@example.com'] }]);
  });

  test('is asked for once more when the server takes the mail itself, and leaves nothing there when it is not wanted', async () => {
    const steps: string[] = [];
    let ended = () => {};
    const over = new Promise<void>((resolve) => (ended = resolve));
    const smtp = await startSmtp({
      onRcptTo(_address, _session, done) {
        steps.push('recipient');
        done();
      },
      onClose: () => ended(),
    });
    const asked = (answer: boolean) => {
      steps.push('asked');
      return Promise.resolve(answer);
    };
    const context = aSendContext(settings({ port: smtp.port }));
    const dropped = await emailChannel.send({ ...context, beforeWrite: () => asked(false) }, aMessage());
    await over;
    expect(steps).toEqual(['recipient', 'asked']);
    expect(dropped).toMatchObject({ outcome: 'failed', permanent: false });
    expect(smtp.taken).toEqual([]);
    const sent = await emailChannel.send({ ...context, beforeWrite: () => asked(true) }, aMessage());
    expect(sent).toMatchObject({ outcome: 'accepted' });
    expect(smtp.taken[0]?.mail.text).toContain('Impact: Nobody can pay');
  });

  test('says what to do in text and in HTML, with headers that keep vacation programs quiet', async () => {
    const smtp = await startSmtp();
    await emailChannel.send(aSendContext(settings({ port: smtp.port })), aMessage());
    const { mail } = smtp.taken[0] as Taken;
    expect(mail.subject).toBe('SEV1 INC-4417 Checkout answers with errors');
    expect(mail.text).toContain('https://tocsin.example.com/p/abcdefghijklmnopqrstuvwxyz234567');
    expect(mail.html).toContain('href="https://tocsin.example.com/p/abcdefghijklmnopqrstuvwxyz234567"');
    expect(mail.text).toContain('Impact: Nobody can pay');
    // Told once: what a page says in one text stands there fact by fact.
    expect(mail.text).not.toContain('3 alerts on checkout');
    // Nothing reads answers, so nothing promises that.
    expect(mail.text).not.toContain('answer this mail');
    const headers = new Map(mail.headers.map(({ key, value }) => [key, value]));
    expect(headers.get('auto-submitted')).toBe('auto-generated');
    expect(headers.get('importance')).toBe('high');
    expect(mail.date).toBe('2026-11-21T02:11:00.000Z');
  });

  test('the same message has the same Message-ID, and mails of one incident one root', async () => {
    const smtp = await startSmtp();
    const context = aSendContext(settings({ port: smtp.port }));
    const first = await emailChannel.send(context, aMessage());
    await emailChannel.send(context, aMessage());
    await emailChannel.send(context, aMessage({ id: '01900000-0000-7000-8000-0000000000f2' }));
    const ids = smtp.taken.map(({ mail }) => mail.messageId);
    expect(first).toMatchObject({ ref: ids[0] });
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
    expect(new Set(smtp.taken.map(({ mail }) => mail.references)).size).toBe(1);
    expect(smtp.taken[0]?.mail.references).toContain(aDigest().id);
  });

  test('with a mailbox, the address for answers carries the signed token', async () => {
    const smtp = await startSmtp();
    const context = aSendContext(
      settings({ port: smtp.port, imapHost: 'mail.test', replyAddress: 'answers@example.com' }),
    );
    await emailChannel.send(context, aMessage());
    const replyTo = smtp.taken[0]?.mail.replyTo?.[0]?.address ?? '';
    expect(replyTo).toMatch(/^answers\+[a-z2-7]{32}@example\.com$/);
    expect(tokenOfAddress(replyTo)).toBe(tokenOfLink(aMessage().link));
    expect(smtp.taken[0]?.mail.text).toContain('answer this mail');
  });

  test('text from alerts is text: no header line, no recipient and no markup comes of it', async () => {
    const smtp = await startSmtp();
    const hostile = 'x\r\nBcc: eve@example.com\r\n\r\n<img src=x onerror=alert(1)>';
    const message = aMessage({
      summary: hostile,
      text: hostile,
      incidents: [aDigest({ title: hostile, impact: hostile })],
    });
    await emailChannel.send(aSendContext(settings({ port: smtp.port })), message);
    const { mail, recipients } = smtp.taken[0] as Taken;
    expect(recipients).toEqual(['ada@example.com']);
    expect(mail.bcc).toBeUndefined();
    expect(mail.html).not.toContain('<img');
    expect(mail.html).toContain('&#60;img');
  });

  test('signs in when there is a user; a wrong password is final and its words come back', async () => {
    const smtp = await startSmtp({ authOptional: false });
    const own = settings({ port: smtp.port, user: 'pager' });
    expect(await emailChannel.send(aSendContext(own, { secrets: { password: 'right' } }), aMessage())).toMatchObject({
      outcome: 'accepted',
    });
    expect(smtp.taken[0]?.user).toBe('pager');
    const refused = await emailChannel.send(aSendContext(own, { secrets: { password: 'wrong-secret' } }), aMessage());
    expect(refused).toMatchObject({ outcome: 'failed', permanent: true, response: expect.stringContaining('535') });
    expect(JSON.stringify(refused)).not.toContain('wrong-secret');
  });

  test.each([
    [451, false],
    [421, false],
    [550, true],
    [552, true],
  ])('a refusal with %i is final: %s', async (responseCode, permanent) => {
    const smtp = await startSmtp({
      onRcptTo: (_address, _session, done) => done(Object.assign(new Error('No mail for you'), { responseCode })),
    });
    expect(await emailChannel.send(aSendContext(settings({ port: smtp.port })), aMessage())).toMatchObject({
      outcome: 'failed',
      permanent,
      response: expect.stringContaining('No mail for you'),
    });
  });

  test('a server that cannot do TLS gets nothing, not even the password', async () => {
    const smtp = await startSmtp({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'], allowInsecureAuth: true });
    const own = settings({ port: smtp.port, user: 'pager' });
    const sent = await emailChannel.send(aSendContext(own, { secrets: { password: 'right' } }), aMessage());
    expect(sent.outcome).toBe('failed');
    expect(smtp.taken).toEqual([]);
  });

  test('a certificate of another name or of an unknown authority is refused', async () => {
    const smtp = await startSmtp();
    const otherName = aSendContext(settings({ port: smtp.port, host: 'mail.other.test' }));
    expect(await emailChannel.send(otherName, aMessage())).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining("does not match certificate's altnames"),
    });
    const unknown = aSendContext(settings({ port: smtp.port, caCertificate: '' }));
    expect(await emailChannel.send(unknown, aMessage())).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/self-signed/),
    });
    expect(smtp.taken).toEqual([]);
  });

  test('connects to the address that was checked, whatever the name says; a blocked one sees no connection', async () => {
    const smtp = await startSmtp();
    const context = aSendContext(settings({ port: smtp.port }));
    const blocked = {
      ...context,
      outgoing: {
        ...context.outgoing,
        resolve: () => Promise.reject(new OutgoingError('blocked', 'mail.test is at 127.0.0.1, which is blocked')),
      },
    };
    expect(await emailChannel.send(blocked, aMessage())).toEqual({
      outcome: 'failed',
      permanent: true,
      retryAfterMs: null,
      reason: 'mail.test is at 127.0.0.1, which is blocked',
      response: '',
    });
    expect(smtp.connects()).toBe(0);
    expect(await emailChannel.send(context, aMessage())).toMatchObject({ outcome: 'accepted' });
  });

  test('an answer that is no SMTP is a failure with its text, and worth another try', async () => {
    const port = await startRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n<html>what?</html>\r\n'));
    expect(await emailChannel.send(aSendContext(settings({ port })), aMessage())).toMatchObject({
      outcome: 'failed',
      permanent: false,
      reason: expect.stringContaining('HTTP/1.1 400'),
    });
  });

  test('a server that says nothing is given up when the sender says so', async () => {
    const port = await startRaw(() => undefined);
    const signal = AbortSignal.timeout(100);
    const began = performance.now();
    expect(await emailChannel.send(aSendContext(settings({ port }), { signal }), aMessage())).toMatchObject({
      outcome: 'failed',
      permanent: false,
      reason: 'the mail server did not answer in time',
    });
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  test('as a target it tells its recipients, and says so when it has none', async () => {
    const smtp = await startSmtp();
    const announce = aMessage({ purpose: 'announce', contact: null, recipient: null, link: null });
    const own = settings({ port: smtp.port, to: 'ops@example.com, Team <team@example.com>' });
    expect(await emailChannel.send(aSendContext(own), announce)).toMatchObject({ outcome: 'accepted' });
    expect(smtp.taken[0]?.recipients).toEqual(['ops@example.com', 'team@example.com']);
    expect(await emailChannel.send(aSendContext(settings({ port: smtp.port })), announce)).toMatchObject({
      outcome: 'failed',
      permanent: true,
    });
  });

  test('the test of a channel without recipients signs in, and sends nothing', async () => {
    const smtp = await startSmtp({ authOptional: false });
    const own = settings({ port: smtp.port, user: 'pager' });
    const probe = aMessage({ purpose: 'test', contact: null, incidents: [], link: null });
    expect(await emailChannel.send(aSendContext(own, { secrets: { password: 'right' } }), probe)).toMatchObject({
      outcome: 'accepted',
      response: expect.stringMatching(/^It takes mail .* No mail was sent/),
    });
    expect(await emailChannel.send(aSendContext(own, { secrets: { password: 'wrong' } }), probe)).toMatchObject({
      outcome: 'failed',
      permanent: true,
    });
    expect(smtp.taken).toEqual([]);
  });
});

describe('settings of an e-mail channel', () => {
  const base = { host: 'smtp.example.com', from: 'pager@example.com' };
  test.each([
    ['a user without TLS', { ...base, security: 'none', user: 'pager' }],
    ['a mailbox without TLS', { ...base, imapHost: 'imap.example.com', imapSecurity: 'none' }],
    ['a sender with a line break', { ...base, from: 'a@example.com\r\nBcc: b@example.com' }],
    ['a server with a path', { ...base, host: 'smtp.example.com/x' }],
  ])('%s is refused', (_name, draft) => {
    expect(EmailSettings.safeParse(draft).success).toBe(false);
  });

  test('the addresses that have to be checked are those of both servers', () => {
    const parsed = EmailSettings.parse({ ...base, imapHost: 'imap.example.com' });
    expect(emailChannel.addresses(parsed)).toEqual(['https://smtp.example.com:587', 'https://imap.example.com:993']);
  });
});

async function startRaw(talk: (socket: Socket) => void): Promise<number> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
