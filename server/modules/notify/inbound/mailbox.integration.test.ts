import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import type { Database } from '#server/database/pool.ts';
import type { OutsideAct } from '#server/modules/notify/inbound/acting.ts';
import { EmailSettings } from '#server/modules/notify/channels/email/settings.ts';
import { createMailbox, type Mailbox } from '#server/modules/notify/inbound/mailbox.ts';
import { createReplyStore } from '#server/modules/notify/inbound/reply-store.ts';
import { plusAddress, tokenOfLink } from '#server/modules/notify/links/link-token.ts';
import { createPageLinks, type PageLinks } from '#server/modules/notify/links/links.ts';
import { type Dovecot, startDovecot, whyNoDovecot } from '#server/testkit/dovecot.ts';
import { testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';
import { mailTestCertificate } from '#server/testkit/mail-certificate.ts';
import { testDatabase } from '#server/testkit/postgres.ts';

const missing = whyNoDovecot();
const ada = testId(0xa);
const incidentId = testId(0x101);
const clock = createSystemClock();

describe.skipIf(missing !== null)(`answers in a real IMAP mailbox${missing === null ? '' : ` [${missing}]`}`, () => {
  let database: Database;
  let dovecot: Dovecot;
  let links: PageLinks;
  let settings: EmailSettings;
  let acts: OutsideAct[];
  let failures: number;
  const boxes: Mailbox[] = [];
  let users = 0;
  let user = '';
  let password = '';
  let logger = createMemoryLogger();

  beforeAll(async () => {
    database = await testDatabase();
    links = createPageLinks({
      keys: [new Uint8Array(32)],
      sql: database,
      publicUrl: () => 'https://t.example.com',
      clock,
    });
    dovecot = await startDovecot();
  });
  afterAll(() => dovecot.end());

  beforeEach(() => {
    users += 1;
    user = `pager${users}`;
    password = dovecot.password;
    acts = [];
    failures = 0;
    logger = createMemoryLogger();
    settings = EmailSettings.parse({
      host: 'mail.test',
      from: 'pager@example.com',
      caCertificate: mailTestCertificate,
      imapHost: 'mail.test',
      imapPort: dovecot.tlsPort,
      imapUser: user,
    });
  });
  afterEach(async () => {
    await Promise.all(boxes.splice(0).map((box) => box.stop()));
  });

  function startMailbox(saved = () => true): Mailbox {
    const box = createMailbox({
      channels: async () => [
        { id: testId(0xc1), kind: 'email', enabled: saved(), settings, secrets: { imapPassword: password } },
      ],
      resolve: async () => ({ address: '127.0.0.1', family: 4 }),
      links,
      verifiedAddresses: async (id) => (id === ada ? ['Ada@Example.com'] : ['ben@example.com']),
      async act(act) {
        if (failures > 0) {
          failures -= 1;
          throw new Error('the database is away');
        }
        acts.push(act);
        return { ok: true, text: 'done' };
      },
      store: createReplyStore(database),
      clock,
      random: { number: () => 0.5 },
      logger,
    });
    boxes.push(box);
    box.start();
    return box;
  }

  async function withClient<T>(use: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: dovecot.tlsPort,
      secure: true,
      servername: 'mail.test',
      tls: { ca: mailTestCertificate },
      auth: { user, pass: dovecot.password },
      logger: false,
    });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.logout();
    }
  }

  let mails = 0;
  async function token(of: { userId?: string; pageId?: string } = {}): Promise<string> {
    const pageId = of.pageId ?? testId(0x5000 + (mails += 1));
    const link = await database.withTransaction((tx) =>
      links.linkFor(tx, { incidentId, userId: of.userId ?? ada, pageId }),
    );
    return tokenOfLink(link) ?? '';
  }
  /** A mail as somebody's program sends it. */
  function mail(body: string, to: string, headers: Record<string, string> = {}): string {
    mails += 1;
    const all: Record<string, string> = {
      From: 'Ada Marsh <ada@example.com>',
      To: to,
      Subject: 'Re: SEV1 Checkout',
      'Message-ID': `<${mails}@example.com>`,
      'Content-Type': 'text/plain; charset=utf-8',
      ...headers,
    };
    return `${Object.entries(all)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\r\n')}\r\n\r\n${body}\r\n`;
  }
  const deliver = (...sources: string[]) =>
    withClient(async (client) => {
      for (const source of sources) await client.append('INBOX', Buffer.from(source));
    });
  const toToken = async (of?: { userId?: string }) => plusAddress('pager@example.com', await token(of));
  const actions = () => acts.map(({ action }) => action);

  test('an empty answer acknowledges as the person, at once, and the mail is marked as read', async () => {
    startMailbox();
    await deliver(mail('', await toToken()));
    await expect.poll(actions).toEqual(['acknowledge']);
    // The connection waits in IDLE by now: the next one must not take the minute of a poll, which would be too late here.
    await deliver(mail('escalate', await toToken()));
    await expect.poll(actions).toEqual(['acknowledge', 'escalate']);
    expect(acts[0]).toMatchObject({ userId: ada, incidentId, via: 'e-mail reply' });
    const unread = () =>
      withClient(async (client) => {
        await client.mailboxOpen('INBOX');
        return client.search({ seen: false });
      });
    await expect.poll(unread).toEqual([]);
  });

  test('a mailbox that was just set up is read at once', async () => {
    let saved = false;
    const box = startMailbox(() => saved);
    await deliver(mail('ack', await toToken()));
    expect(actions()).toEqual([]);
    saved = true;
    box.soon();
    await expect.poll(actions).toEqual(['acknowledge']);
  });

  test('an answer without the plus-address is known by the link it quotes', async () => {
    startMailbox();
    const quoted = `ack, looking\r\n\r\nOn Sat, 21 Nov 2026, Tocsin <pager@example.com> wrote:\r\n> https://t.example.com/p/${await token()}\r\n> escalate`;
    await deliver(mail(quoted, 'pager@example.com'));
    await expect.poll(actions).toEqual(['acknowledge', 'note']);
    expect(acts[1]?.text).toBe('looking');
  });

  test('neither a foreign sender, a wrong token, nor another person’s token does anything, and such mail is left alone', async () => {
    await deliver(
      mail('ack', await toToken(), { From: 'eve@example.com' }),
      mail('ack', plusAddress('pager@example.com', 'a'.repeat(32))),
      mail('ack', await toToken({ userId: testId(0xb) })),
      mail('ack', 'pager@example.com'),
      mail('ack', await toToken(), { From: 'ada@example.com, eve@example.com' }),
      mail('note: last one', await toToken()),
    );
    startMailbox();
    await expect.poll(actions).toEqual(['note']);
    const seen = await withClient(async (client) => {
      await client.mailboxOpen('INBOX');
      return client.search({ seen: true });
    });
    expect(seen).toEqual([6]);
  });

  test('what programs answer acknowledges nothing', async () => {
    const to = await toToken();
    await deliver(
      mail('I am away.', to, { 'Auto-Submitted': 'auto-replied' }),
      mail('', to, { 'X-Autoreply': 'yes' }),
      mail('', to, { Precedence: 'auto_reply' }),
      mail('', to, { Subject: 'Automatic reply: SEV1 Checkout' }),
      mail('', to, { 'Return-Path': '<>' }),
      mail('', to, { 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=x' }),
      mail('', to, { 'Content-Type': 'multipart/report; report-type=disposition-notification; boundary=x' }),
      mail('escalate', to, { 'Auto-Submitted': 'no' }),
    );
    startMailbox();
    await expect.poll(actions).toEqual(['escalate']);
  });

  test('the same mail twice, after a restart, and read by two servers has one effect', async () => {
    const source = mail('ack', await toToken());
    await deliver(source, source);
    const first = startMailbox();
    await expect.poll(actions).toEqual(['acknowledge']);
    await first.stop();
    startMailbox();
    startMailbox();
    await deliver(mail('escalate', await toToken()));
    await expect.poll(() => new Set(acts.map(({ deliveryId }) => deliveryId)).size).toBe(2);
    expect(actions().filter((action) => action === 'acknowledge')).toHaveLength(1);
  });

  test('poison is passed over, and an act that fails is tried again without blocking others', async () => {
    failures = 2;
    const nested = Array.from(
      { length: 60 },
      (_, i) => `--b${i}\r\nContent-Type: multipart/mixed; boundary=b${i + 1}\r\n\r\n`,
    );
    await deliver(
      mail(nested.join(''), await toToken(), { 'Content-Type': 'multipart/mixed; boundary=b0' }),
      `${'\u00ff'.repeat(2_000)}`,
      mail('ack', await toToken()),
      mail('escalate', await toToken()),
    );
    startMailbox();
    await expect.poll(actions).toHaveLength(2);
    expect(actions().toSorted()).toEqual(['acknowledge', 'escalate']);
  });

  test('comes back after the server was gone, and takes what came meanwhile', async () => {
    const way = await startWay(dovecot.tlsPort);
    settings = { ...settings, imapPort: way.port };
    startMailbox();
    await deliver(mail('ack', await toToken()));
    await expect.poll(actions).toEqual(['acknowledge']);
    await way.cut();
    // Beside it may be that the mail just taken could not be marked as read: the cut came before that.
    const unreadable = () => logger.entries.filter(({ message }) => message.startsWith('the mailbox cannot be read'));
    await expect.poll(unreadable).toHaveLength(1);
    await deliver(mail('escalate', await toToken()));
    await way.open();
    await expect.poll(actions).toEqual(['acknowledge', 'escalate']);
    await way.cut();
  });

  test('STARTTLS works too; a wrong password or certificate is said once, without the password', async () => {
    settings = { ...settings, imapPort: dovecot.port, imapSecurity: 'starttls' };
    startMailbox();
    await deliver(mail('ack', await toToken()));
    await expect.poll(actions).toEqual(['acknowledge']);
    password = 'wrong-password';
    startMailbox();
    const warned = () => logger.entries.filter(({ level }) => level === 'warn').map(({ fields }) => fields['error']);
    await expect.poll(warned).toEqual(['the user or the password is not accepted']);
    settings = { ...settings, imapHost: 'other.test' };
    startMailbox();
    await expect.poll(warned).toHaveLength(2);
    expect(JSON.stringify(logger.entries)).not.toContain('wrong-password');
  });
});

/** A way to the server that can be cut: running sessions end, and new ones are refused. */
async function startWay(to: number) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on('error', () => undefined);
      end.on('close', () => {
        socket.destroy();
        onward.destroy();
      });
    }
    socket.pipe(onward).pipe(socket);
  });
  let port = 0;
  const open = async () => {
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  await open();
  return {
    port,
    open,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      await closed;
    },
  };
}
