// Reads the mailboxes that answers to our mails go to. What counts is a right token and the verified address of the person
// it was made for; all else in a mailbox stays as it is. Nothing is kept here but what a restart may forget.
import { createHash } from 'node:crypto';
import type { ImapFlow } from 'imapflow';
import PostalMime from 'postal-mime';
import type { ActFromOutside } from '#server/modules/notify/inbound/acting.ts';
import { EmailSettings, readsReplies } from '#server/modules/notify/channels/email/settings.ts';
import { tlsFor } from '#server/modules/notify/channels/email/tls.ts';
import { readMailReply } from '#server/modules/notify/inbound/mail-reply.ts';
import type { OpenChannel } from '#server/modules/notify/inbound/open-channel.ts';
import type { Deliveries } from '#server/modules/notify/inbound/reply-store.ts';
import type { PageLink, PageLinks } from '#server/modules/notify/links/links.ts';
import type { Outgoing } from '#server/outgoing/outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';

export interface MailboxDeps {
  /** E-mail channels that are switched on, with their secrets open. */
  channels(): Promise<OpenChannel[]>;
  resolve: Outgoing['resolve'];
  links: Pick<PageLinks, 'open' | 'markUsed'>;
  /** E-mail addresses of this person whose code came back. */
  verifiedAddresses(userId: string): Promise<string[]>;
  act: ActFromOutside;
  store: Deliveries;
  clock: Clock;
  random: Pick<Random, 'number'>;
  logger: Logger;
}

export interface Mailbox {
  start(): void;
  /** Looks at the channels in a moment: one was saved. */
  soon(): void;
  stop(): Promise<void>;
}

/** Servers tell of new mails at once (IDLE); those that do not are asked. What another center changed is noticed as often. */
const pollMs = 60_000;
/** Once what was saved is committed. */
const soonMs = 500;
/** After a failure of ours, such as a database that is away. */
const againMs = 2_000;
const backoffMs = { first: 1_000, most: 60_000 };
/** A mail older than its link can mean nothing any more. */
const lookBackMs = 2 * 24 * 60 * 60_000;
const mailMax = 262_144;
const mailsAtOnce = 500;
const triesSoon = 3;

export function createMailbox(deps: MailboxDeps): Mailbox {
  const { clock, logger } = deps;
  const watched = new Map<string, { shape: string; stop(): Promise<void> }>();
  const stopping = new AbortController();
  let changed = new AbortController();
  let cancelSoon = () => {};
  let running: Promise<void> = Promise.resolve();

  async function refresh(): Promise<void> {
    const wanted = (await deps.channels()).filter((channel) => channel.kind === 'email' && channel.enabled);
    const shapes = new Map(wanted.map((channel) => [channel.id, JSON.stringify([channel.settings, channel.secrets])]));
    for (const [id, watch] of watched) {
      if (shapes.get(id) === watch.shape) continue;
      watched.delete(id);
      await watch.stop();
    }
    for (const channel of wanted) {
      const settings = EmailSettings.safeParse(channel.settings);
      if (!settings.success || !readsReplies(settings.data) || watched.has(channel.id)) continue;
      watched.set(channel.id, { shape: shapes.get(channel.id) ?? '', stop: watch(deps, channel, settings.data) });
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      changed = new AbortController();
      await refresh().catch((error: unknown) =>
        logger.warn('mailboxes could not be looked up', { error: String(error) }),
      );
      await clock.sleep(pollMs, AbortSignal.any([stopping.signal, changed.signal]));
    }
    await Promise.all([...watched.values()].map((watch) => watch.stop()));
  }

  return {
    start() {
      running = run();
    },
    soon() {
      cancelSoon();
      cancelSoon = clock.setTimer(soonMs, () => changed.abort());
    },
    async stop() {
      cancelSoon();
      stopping.abort();
      await running;
    },
  };
}

/** Keeps one mailbox open; the returned function ends that. */
function watch(deps: MailboxDeps, channel: OpenChannel, settings: EmailSettings): () => Promise<void> {
  const { clock, logger, random } = deps;
  const stopping = new AbortController();
  const tries = new Map<number, number>();
  const breaking = new Set<number>();

  async function run(): Promise<void> {
    let wait = backoffMs.first;
    let told = false;
    while (!stopping.signal.aborted) {
      try {
        await session(() => {
          wait = backoffMs.first;
          if (told) logger.info('the mailbox is read again', { channel: channel.id });
          told = false;
        });
      } catch (error) {
        if (stopping.signal.aborted) return;
        if (!told)
          logger.warn('the mailbox cannot be read; it is tried again', { channel: channel.id, error: whyOf(error) });
        told = true;
      }
      await clock.sleep(wait * (0.5 + random.number() / 2), stopping.signal);
      wait = Math.min(wait * 2, backoffMs.most);
    }
  }

  async function session(opened: () => void): Promise<void> {
    const { address } = await deps.resolve(settings.imapHost, settings.imapPort);
    const client = await clientFor(address, settings, channel.secrets['imapPassword'] ?? '');
    let wake: () => void = () => undefined;
    let ended: unknown = null;
    client.on('error', (error: unknown) => {
      ended ??= error;
      wake();
    });
    client.on('close', () => {
      ended ??= new Error('the connection was closed');
      wake();
    });
    let news = false;
    client.on('exists', () => {
      news = true;
      wake();
    });
    const stop = () => {
      wake();
      client.close();
    };
    stopping.signal.addEventListener('abort', stop);
    try {
      await client.connect();
      await client.mailboxOpen(settings.imapFolder);
      opened();
      const handled = new Set<number>();
      while (ended === null && !stopping.signal.aborted) {
        news = false;
        const allTaken = await readNew(client, handled);
        if (ended !== null || stopping.signal.aborted || news) continue;
        await new Promise<void>((resolve) => {
          const cancel = clock.setTimer(allTaken ? pollMs : againMs, resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
      if (ended !== null && !stopping.signal.aborted) throw ended;
    } finally {
      stopping.signal.removeEventListener('abort', stop);
      client.close();
    }
  }

  /**
   * Mails of the last days that this connection has not handled, whoever has read them meanwhile. True when none is left.
   * One that fails because of us is taken again, for as long as it counts; it stands in nobody's way.
   */
  async function readNew(client: ImapFlow, handled: Set<number>): Promise<boolean> {
    let soon = false;
    const since = new Date(clock.now() - lookBackMs);
    const found = (await client.search({ since }, { uid: true })) || [];
    for (const uid of found.filter((one) => !handled.has(one) && !breaking.has(one)).slice(-mailsAtOnce)) {
      if (stopping.signal.aborted) break;
      try {
        const mail = await client.fetchOne(String(uid), { source: { maxLength: mailMax } }, { uid: true });
        const source = mail ? mail.source : undefined;
        if (source !== undefined && (await takeMail(deps, channel.id, source))) {
          await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true });
        }
        handled.add(uid);
        tries.delete(uid);
      } catch (error) {
        const failed = (tries.get(uid) ?? 0) + 1;
        tries.set(uid, failed);
        if (failed <= triesSoon) {
          soon = true;
          logger.warn('an answer by mail could not be taken', {
            channel: channel.id,
            uid,
            failed,
            error: whyOf(error),
          });
        }
        if (client.usable) continue;
        // It ends the connection each time it is read.
        if (failed >= triesSoon) breaking.add(uid);
        throw error;
      }
    }
    const left = new Set(found);
    for (const uid of [...handled, ...tries.keys()]) {
      if (left.has(uid)) continue;
      handled.delete(uid);
      tries.delete(uid);
    }
    return !soon;
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function clientFor(address: string, settings: EmailSettings, password: string): Promise<ImapFlow> {
  // Loaded with the first mailbox: it is half as large as the rest of the server.
  const { ImapFlow } = await import('imapflow');
  const tls = tlsFor(settings.imapHost, settings.caCertificate);
  return new ImapFlow({
    host: address,
    port: settings.imapPort,
    secure: settings.imapSecurity === 'tls',
    ...(settings.imapSecurity === 'tls' ? {} : { doSTARTTLS: settings.imapSecurity === 'starttls' }),
    ...(tls.servername === undefined ? {} : { servername: tls.servername }),
    tls,
    auth: { user: settings.imapUser, pass: password },
    logger: false,
    disableCompression: true,
    autoIdleDelay: 100,
    maxIdleTime: 5 * pollMs,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    // Against servers that send without end.
    maxLineLength: 1_048_576,
    maxLiteralSize: 4 * mailMax,
    maxResponseSize: 8 * mailMax,
  });
}

/** True when it was an answer to a page; whether it had an effect is for the acts to say. */
async function takeMail(deps: MailboxDeps, channelId: string, source: Buffer): Promise<boolean> {
  const { logger, store } = deps;
  let mail;
  try {
    mail = await PostalMime.parse(source, { maxNestingDepth: 20, maxHeadersSize: mailMax, maxRfc822NestingDepth: 1 });
  } catch (error) {
    logger.warn('a mail that cannot be read was passed over', { channel: channelId, error: whyOf(error) });
    return false;
  }
  const reply = readMailReply(mail);
  if (reply.kind === 'ignore') return false;
  const identity = createHash('sha256')
    .update(mail.messageId ?? source)
    .digest('hex');
  const link = await linkOf(deps, reply.tokens, reply.from);
  if (link === null) {
    logger.info('an answer by mail has no right token, or is not from the verified address of its person', {
      channel: channelId,
    });
    return false;
  }
  // A sender chooses the Message-ID, so it only counts beside whose page it answers.
  const delivery = `mail:${link.id}:${identity}`;
  if (await store.seen(channelId, delivery)) return true;
  for (const [index, act] of reply.acts.entries()) {
    const said = await deps.act({
      ...act,
      userId: link.userId,
      incidentId: link.incidentId,
      via: 'e-mail reply',
      deliveryId: `${channelId}:${delivery}:${index}`,
    });
    if (!said.ok) logger.info('an answer by mail had no effect', { channel: channelId, reason: said.text });
  }
  await deps.links.markUsed(link.id);
  await store.markSeen(channelId, delivery, new Date(deps.clock.now()).toISOString());
  return true;
}

async function linkOf(deps: MailboxDeps, tokens: readonly string[], from: string): Promise<PageLink | null> {
  for (const token of tokens) {
    const link = await deps.links.open(token);
    if (link === null) continue;
    const addresses = await deps.verifiedAddresses(link.userId);
    if (addresses.some((address) => address.trim().toLowerCase() === from)) return link;
  }
  return null;
}

/** Without the whole conversation, which can hold a password. */
function whyOf(error: unknown): string {
  const { responseText, authenticationFailed } = error as { responseText?: unknown; authenticationFailed?: unknown };
  if (authenticationFailed === true) return 'the user or the password is not accepted';
  if (typeof responseText === 'string') return responseText.slice(0, 300);
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
