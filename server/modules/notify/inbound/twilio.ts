// What comes back from Twilio, or from what speaks its API: answers to texts, pressed keys, calls to our number, receipts.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#server/api/app-error.ts';
import type { Incident } from '#server/contract/incident.ts';
import type { User } from '#server/contract/people.ts';
import { severityInWords } from '#server/contract/severity.ts';
import type { ActFromOutside, OutsideAct } from '#server/modules/notify/inbound/acting.ts';
import { TwilioSettings } from '#server/modules/notify/channels/twilio/settings.ts';
import { messageTwiml, promptTwiml, sayTwiml } from '#server/modules/notify/channels/twilio/twiml.ts';
import { formBodyMax, formOf, takeForms } from '#server/modules/notify/inbound/form-body.ts';
import type { OpenChannel } from '#server/modules/notify/inbound/open-channel.ts';
import type { AnswerablePages, Deliveries } from '#server/modules/notify/inbound/reply-store.ts';
import { readSmsReply } from '#server/modules/notify/inbound/sms-reply.ts';
import { isTwilioSignature } from '#server/modules/notify/inbound/twilio-signature.ts';
import type { ProviderReceipt } from '#server/modules/notify/settling/receipts.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface TwilioCallbackDeps {
  channel(id: string): Promise<OpenChannel | null>;
  /** Without a slash at its end: the address the provider calls, and signs. */
  publicUrl(): string;
  store: AnswerablePages & Deliveries;
  /** People for whom this number is verified, for texts or for calls. */
  peopleWithNumber(number: string): Promise<string[]>;
  user(id: string): Promise<User | null>;
  /** Null when there is none, or when it is not the reader's to see. */
  incident(reader: { teamIds: readonly string[] }, id: string): Promise<Incident | null>;
  act: ActFromOutside;
  receipt(receipt: ProviderReceipt): Promise<unknown>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}

interface Call {
  channel: OpenChannel;
  settings: TwilioSettings;
  form: URLSearchParams;
  query: URLSearchParams;
}
type Answer = (deps: TwilioCallbackDeps, call: Call) => Promise<string>;

/** Adds /callbacks/twilio/… in a scope of its own, outside the guard of origins: the signature is the authority. */
export async function registerTwilioCallbacks(app: FastifyInstance, deps: TwilioCallbackDeps): Promise<void> {
  const answers: Record<string, Answer> = {
    sms: answerText,
    voice: answerCall,
    gather: answerKey,
    status: takeReceipt,
  };
  await app.register(async (scope) => {
    takeForms(scope);
    scope.addHook('onRequest', (_request, reply, done) => {
      void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      done();
    });
    for (const [name, answer] of Object.entries(answers)) {
      scope.post<{ Params: { channelId: string } }>(
        `/callbacks/twilio/:channelId/${name}`,
        { bodyLimit: formBodyMax },
        async (request, reply) => {
          const body = await answer(deps, await admit(deps, request));
          return reply.type('text/xml; charset=utf-8').send(body);
        },
      );
    }
  });
}

const nothing = messageTwiml(null);

/** One refusal for every reason, so that a stranger does not learn which channels there are. */
async function admit(
  deps: TwilioCallbackDeps,
  request: FastifyRequest<{ Params: { channelId: string } }>,
): Promise<Call> {
  const { channelId } = request.params;
  const channel = /^[0-9a-f-]{36}$/.test(channelId) ? await deps.channel(channelId) : null;
  const form = formOf(request.body);
  const token = channel?.kind === 'twilio' && channel.enabled ? (channel.secrets['authToken'] ?? '') : '';
  const url = deps.publicUrl() + request.url;
  const settings = TwilioSettings.safeParse(channel?.settings);
  if (
    channel === null ||
    !settings.success ||
    !isTwilioSignature(token, request.headers['x-twilio-signature'], url, form)
  ) {
    throw new AppError(
      'unauthenticated',
      'The signature is missing or wrong. It is made with the auth token of the channel, over the public address of this server (TOCSIN_PUBLIC_URL).',
    );
  }
  return { channel, settings: settings.data, form, query: new URL(url).searchParams };
}

async function answerText(deps: TwilioCallbackDeps, { channel, form }: Call): Promise<string> {
  const sid = form.get('MessageSid') ?? '';
  const reply = readSmsReply(form.get('Body') ?? '');
  const userIds = await deps.peopleWithNumber(form.get('From') ?? '');
  if (sid === '' || userIds.length === 0) {
    deps.logger.info('a text came from a number that is nobody’s here', { channel: channel.id });
    return nothing;
  }
  if (reply.kind === 'stop') {
    deps.logger.warn('a person asked the provider for no more texts', { channel: channel.id, users: userIds });
    return nothing;
  }
  const pages = await deps.store.pagesOf(userIds, nowOf(deps), null);
  const open = pages.filter((page) => page.open);
  if (reply.kind === 'unclear') return messageTwiml(helpText(open[0]?.code ?? null));
  const meant =
    reply.code === null ? (open.length === 1 ? open : []) : pages.filter((page) => page.code === reply.code);
  const [page] = meant;
  if (page === undefined) return messageTwiml(whyNone(reply.code, open));
  const said = await once(deps, channel.id, `sms:${sid}`, {
    userId: page.userId,
    incidentId: page.incidentId,
    action: reply.kind,
    via: 'text message',
  });
  return messageTwiml(said);
}

function helpText(code: string | null): string {
  return `Not understood. Answer "ACK ${code ?? 'CODE'}" to acknowledge or "ESC ${code ?? 'CODE'}" to escalate, or open the link.`;
}

function whyNone(code: string | null, open: readonly { code: string | null }[]): string {
  if (open.length === 0) return 'No page of yours is open. Nothing was done.';
  if (code !== null)
    return `No open page of yours has the code ${code}. Nothing was done. ${helpText(open[0]?.code ?? null)}`;
  const codes = open.flatMap((page) => (page.code === null ? [] : [page.code]));
  return `Several pages of yours are open: answer with a code, one of ${codes.slice(0, 5).join(', ')}.`;
}

const triesMax = 3;

/** A key during a call: to a person, or from one. */
async function answerKey(deps: TwilioCallbackDeps, { channel, settings, form, query }: Call): Promise<string> {
  const { language } = settings;
  const callSid = form.get('CallSid') ?? '';
  const incidentId = query.get('incident') ?? '';
  const outbound = (form.get('Direction') ?? '').startsWith('outbound');
  const userIds = await deps.peopleWithNumber(form.get(outbound ? 'To' : 'From') ?? '');
  const valid = /^[0-9a-f-]{36}$/.test(incidentId) && callSid !== '';
  const [page] = valid ? await deps.store.pagesOf(userIds, nowOf(deps), incidentId) : [];
  if (page === undefined) return sayTwiml('There is no page for you here any more. Goodbye.', language);
  const key = form.get('Digits') ?? '';
  if (key === '4' || key === '6') {
    const said = await once(deps, channel.id, `call:${callSid}:${incidentId}:${key}`, {
      userId: page.userId,
      incidentId,
      action: key === '4' ? 'acknowledge' : 'escalate',
      via: 'phone call',
    });
    return sayTwiml(`${said ?? 'That was done before.'} Goodbye.`, language);
  }
  const tries = Number(query.get('try') ?? '1');
  if (!(tries < triesMax)) return sayTwiml('Nothing was done. Paging goes on. Goodbye.', language);
  return prompt(deps, channel, settings, page, tries + 1);
}

/** Somebody calls the number that called them. */
async function answerCall(deps: TwilioCallbackDeps, { channel, settings, form }: Call): Promise<string> {
  const userIds = await deps.peopleWithNumber(form.get('From') ?? '');
  const [page] = await deps.store.pagesOf(userIds, nowOf(deps), null);
  if (page === undefined || !page.open)
    return sayTwiml('This is Tocsin. No page of yours is open. Goodbye.', settings.language);
  return prompt(deps, channel, settings, page, 1);
}

async function prompt(
  deps: TwilioCallbackDeps,
  channel: OpenChannel,
  { language }: TwilioSettings,
  page: { userId: string; incidentId: string },
  tries: number,
): Promise<string> {
  const user = await deps.user(page.userId);
  const incident = user === null ? null : await deps.incident(user, page.incidentId);
  if (incident === null) return sayTwiml('There is no page for you here any more. Goodbye.', language);
  const gather = `${deps.publicUrl()}/callbacks/twilio/${channel.id}/gather?incident=${incident.id}&try=${tries}`;
  const words = `Tocsin. ${severityInWords(incident.severity)}, incident ${incident.number}: ${incident.title.slice(0, 200)}`;
  return promptTwiml({ words, language, gatherUrl: gather });
}

/** https://www.twilio.com/docs/messaging/api/message-resource and …/voice/api/call-resource: their last states. */
const arrived = new Set(['delivered', 'read', 'completed']);
const lost = new Set(['failed', 'undelivered', 'busy', 'no-answer', 'canceled']);

async function takeReceipt(deps: TwilioCallbackDeps, { channel, form, query }: Call): Promise<string> {
  const ref = form.get('MessageSid') ?? form.get('CallSid') ?? '';
  const status = form.get('MessageStatus') ?? form.get('CallStatus') ?? '';
  if (ref === '' || !(arrived.has(status) || lost.has(status))) return nothing;
  const delivery = `status:${ref}:${status}`.slice(0, deliveryMax);
  if (await deps.store.seen(channel.id, delivery)) return nothing;
  const messageId = query.get('message') ?? '';
  const error = form.get('ErrorCode') ?? '';
  await deps.receipt({
    channelId: channel.id,
    messageId: /^[0-9a-f-]{36}$/.test(messageId) ? messageId : null,
    ref,
    result: arrived.has(status) ? 'delivered' : 'failed',
    reason: `${status === 'completed' ? 'answered, perhaps by a machine' : status}${error === '' ? '' : `, error ${error.slice(0, 20)}`}`,
  });
  await deps.store.markSeen(channel.id, delivery, nowOf(deps));
  return nothing;
}

const deliveryMax = 200;

/** Acts; null when this very delivery had its effect before. */
async function once(
  deps: TwilioCallbackDeps,
  channelId: string,
  identity: string,
  act: Omit<OutsideAct, 'deliveryId'>,
): Promise<string | null> {
  const delivery = identity.slice(0, deliveryMax);
  if (await deps.store.seen(channelId, delivery)) return null;
  const { text } = await deps.act({ ...act, deliveryId: `${channelId}:${delivery}` });
  await deps.store.markSeen(channelId, delivery, nowOf(deps));
  return text;
}

function nowOf(deps: TwilioCallbackDeps): string {
  return new Date(deps.clock.now()).toISOString();
}
