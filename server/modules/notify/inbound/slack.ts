// What comes back from Slack: presses of our buttons, and what is written where the app listens.
// https://docs.slack.dev/interactivity/handling-user-interaction and https://docs.slack.dev/apis/events-api
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '#server/api/app-error.ts';
import { Id } from '#server/contract/primitives.ts';
import type { ActFromOutside } from '#server/modules/notify/inbound/acting.ts';
import { escapeSlack, slackActions } from '#server/modules/notify/channels/slack/blocks.ts';
import type { OpenChannel } from '#server/modules/notify/inbound/open-channel.ts';
import type { Deliveries } from '#server/modules/notify/inbound/reply-store.ts';
import { isSlackSignature } from '#server/modules/notify/inbound/slack-signature.ts';
import { OutgoingError, type Outgoing } from '#server/outgoing/outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface SlackCallbackDeps {
  channel(id: string): Promise<OpenChannel | null>;
  /** The user with this verified Slack member id. */
  userBySlackId(slackId: string): Promise<string | null>;
  act: ActFromOutside;
  /** Takes an event that the app subscribed to; the same event may come again. */
  heard(channelId: string, event: SlackEvent): Promise<void>;
  store: Deliveries;
  /** For answers that only the presser sees, at the address that Slack names in the press. */
  outgoing: Pick<Outgoing, 'request'>;
  clock: Pick<Clock, 'now'>;
  logger: Logger;
}

export interface SlackEvent {
  /** The same for every delivery of it. */
  id: string;
  /** Of the app that heard it: this one. */
  appId: string | null;
  event: unknown;
}

/** A press carries the message it was made on. */
const bodyMax = 262_144;

/** Adds /callbacks/slack/:channelId in a scope of its own, outside the guard of origins: the signature is the authority. */
export async function registerSlackCallbacks(app: FastifyInstance, deps: SlackCallbackDeps): Promise<void> {
  await app.register(async (scope) => {
    // The signature is over the bytes, so they are what arrives here, of whatever type they say they are.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Params: { channelId: string } }>(
      '/callbacks/slack/:channelId',
      { bodyLimit: bodyMax },
      async (request, reply) => {
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const channel = await admit(deps, request, body);
        void reply.header('cache-control', 'no-store');
        const challenge = challengeOf(body);
        if (challenge !== null) return reply.send({ challenge });
        const event = eventOf(body);
        if (event === null) await take(deps, channel, body);
        else await deps.heard(channel.id, event);
        return reply.code(200).send();
      },
    );
  });
}

/** One refusal for every reason, so that a stranger does not learn which channels there are. */
async function admit(
  deps: SlackCallbackDeps,
  request: FastifyRequest<{ Params: { channelId: string } }>,
  body: Buffer,
): Promise<OpenChannel> {
  const id = Id.safeParse(request.params.channelId);
  const channel = id.success ? await deps.channel(id.data) : null;
  const signed = {
    body,
    timestamp: request.headers['x-slack-request-timestamp'],
    signature: request.headers['x-slack-signature'],
  };
  const usable = channel !== null && channel.kind === 'slack' && channel.enabled;
  if (!usable || !isSlackSignature(channel.secrets['signingSecret'], signed, deps.clock.now())) {
    throw new AppError(
      'unauthenticated',
      'The signature is missing, wrong or too old. It is made with the signing secret of the channel; check that, and this server’s clock.',
    );
  }
  return channel;
}

const Press = z.object({
  type: z.string(),
  user: z.object({ id: z.string().max(60) }).optional(),
  response_url: z.string().max(2_000).optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).optional(),
});
const Challenge = z.object({ type: z.literal('url_verification'), challenge: z.string().max(1_000) });

/** Slack asks for this once, when the address is entered there. */
function challengeOf(body: Buffer): string | null {
  const parsed = Challenge.safeParse(parse(body.toString('utf8')));
  return parsed.success ? parsed.data.challenge : null;
}

const Heard = z.object({
  type: z.literal('event_callback'),
  event_id: z.string().min(1).max(200),
  api_app_id: z.string().max(60).optional(),
  event: z.unknown(),
});

function eventOf(body: Buffer): SlackEvent | null {
  const parsed = Heard.safeParse(parse(body.toString('utf8')));
  if (!parsed.success) return null;
  const { event_id: id, api_app_id: appId = null, event } = parsed.data;
  return { id, appId, event };
}

const actions = new Map<string, 'acknowledge' | 'escalate'>([
  [slackActions.acknowledge, 'acknowledge'],
  [slackActions.escalate, 'escalate'],
]);

async function take(deps: SlackCallbackDeps, channel: OpenChannel, body: Buffer): Promise<void> {
  const press = Press.safeParse(parse(new URLSearchParams(body.toString('utf8')).get('payload') ?? ''));
  if (!press.success) {
    throw new AppError('invalid', 'This is not a press of a button as Slack sends it, so nothing was done.');
  }
  if (press.data.type !== 'block_actions') return;
  const [pressed] = (press.data.actions ?? []).flatMap(({ action_id: name, value }) => {
    const action = actions.get(name);
    const incidentId = Id.safeParse(value);
    return action === undefined || !incidentId.success ? [] : [{ action, incidentId: incidentId.data }];
  });
  const slackId = press.data.user?.id ?? '';
  // "Open" only leads elsewhere, and is told all the same.
  if (pressed === undefined || slackId === '') return;

  const delivery = createHash('sha256').update(body).digest('hex');
  if (await deps.store.seen(channel.id, delivery)) return;
  const text = await answerTo(deps, channel, slackId, delivery, pressed);
  await deps.store.markSeen(channel.id, delivery, new Date(deps.clock.now()).toISOString());
  // Slack waits three seconds for our answer, and this is none that it waits for.
  void tell(deps, channel, press.data.response_url ?? null, text);
}

async function answerTo(
  deps: SlackCallbackDeps,
  channel: OpenChannel,
  slackId: string,
  delivery: string,
  { action, incidentId }: { action: 'acknowledge' | 'escalate'; incidentId: string },
): Promise<string> {
  const userId = await deps.userBySlackId(slackId);
  if (userId === null) {
    deps.logger.info('a button was pressed by somebody whom no Slack account is linked to', { channel: channel.id });
    return (
      `Nothing was done: your Slack account (${slackId}) is not linked to a person in Tocsin. ` +
      'In Tocsin, open your profile, add the contact method Slack with this member id, and enter the code it sends you.'
    );
  }
  const deliveryId = `${channel.id} ${delivery}`;
  return (await deps.act({ userId, incidentId, action, via: 'Slack', deliveryId })).text;
}

/** Only the presser sees it. Nothing depends on its arrival. */
async function tell(deps: SlackCallbackDeps, channel: OpenChannel, url: string | null, text: string): Promise<void> {
  if (url === null) return;
  try {
    const { status } = await deps.outgoing.request({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ response_type: 'ephemeral', replace_original: false, text: escapeSlack(text) }),
    });
    if (status >= 300) deps.logger.warn('Slack did not take the answer to a press', { channel: channel.id, status });
  } catch (error) {
    const reason = error instanceof OutgoingError ? error.message : String(error);
    deps.logger.warn('the answer to a press in Slack could not be sent', { channel: channel.id, reason });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
