import { z } from 'zod';
import type { ChannelType, OutgoingMessage, SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import { channelField, urlOr } from '#server/modules/notify/channels/channel-field.ts';
import { accepted, nonsense, notSetUp, secretOf } from '#server/modules/notify/channels/provider-answer.ts';
import { slackCall, type SlackReply } from '#server/modules/notify/channels/slack/api.ts';
import { slackText } from '#server/modules/notify/channels/slack/blocks.ts';
import { type IncidentRoom, openRoom, roomCallMs } from '#server/modules/notify/channels/slack/incident-room.ts';

const memberId = /^[UW][A-Z0-9]{2,30}$/;

const SlackSettings = z.object({
  /** Id (C…) or name of the channel that is told. */
  channel: z.string().trim().min(1).max(100),
  channelPerIncident: z.boolean().default(false),
  /** The room's chat goes to the incident's channel, and what is written there comes into the room. */
  mirrorChat: z.boolean().default(false),
  /** Member ids, separated by commas or spaces. */
  inviteMembers: z
    .string()
    .max(1_000)
    .default('')
    .refine((text) => membersOf(text).every((id) => memberId.test(id)), 'takes member ids such as U012AB3CD'),
  apiUrl: urlOr('https://slack.com/api'),
});
export type SlackSettings = z.infer<typeof SlackSettings>;

export const slackChannel: ChannelType<SlackSettings> = {
  info: {
    kind: 'slack',
    name: 'Slack',
    description: 'Posts to a channel or to people with a bot, keeps the message up to date, takes button presses.',
    fields: [
      channelField({
        name: 'channel',
        label: 'Channel',
        type: 'text',
        required: true,
        help: 'Its id (C…) or #name. Invite the app to it.',
        placeholder: '#incidents',
      }),
      channelField({
        name: 'botToken',
        label: 'Bot token',
        type: 'secret',
        required: true,
        help: 'From “OAuth & Permissions” of your Slack app; starts with xoxb-.',
      }),
      channelField({
        name: 'signingSecret',
        label: 'Signing secret',
        type: 'secret',
        required: false,
        help: 'From “Basic Information”. Without it the buttons are left out, because presses could not be trusted.',
      }),
      channelField({
        name: 'channelPerIncident',
        label: 'A channel per incident',
        type: 'boolean',
        required: false,
        help: 'Opens inc-NUMBER-title for each incident.',
      }),
      channelField({
        name: 'mirrorChat',
        label: 'Mirror the room there',
        type: 'boolean',
        required: false,
        help: 'What people write in the room is written in the incident’s channel, and the other way round.',
      }),
      channelField({
        name: 'inviteMembers',
        label: 'Invite to it',
        type: 'text',
        required: false,
        help: 'Member ids, separated by commas.',
        placeholder: 'U012AB3CD, U045EF6GH',
      }),
      channelField({
        name: 'apiUrl',
        label: 'API address',
        type: 'url',
        required: false,
        help: 'Leave it as it is, unless Slack is reached through a proxy.',
      }),
    ],
    contacts: ['slack'],
    can: { target: true, update: true, acknowledge: 'button', receipt: false },
    checkedBy: {
      what: 'official-sdk',
      note:
        'Messages are typed by @slack/types; calls are compared with those that @slack/web-api sends; signatures hold ' +
        'against the example in Slack’s documentation. Rooms are mirrored with a server of the tests that speaks the ' +
        'documented calls and events. Not tried against Slack itself.',
    },
  },
  settings: SlackSettings,
  // About one message a second and channel: https://docs.slack.dev/apis/web-api/rate-limits
  pace: { perSecond: 1, burst: 5 },
  addresses: (settings) => [settings.apiUrl],
  addressFault: (kind, address) =>
    kind === 'slack' && !memberId.test(address)
      ? 'This is not a Slack member id. It starts with U or W: open your profile in Slack, “…”, “Copy member ID”.'
      : null,

  async send(context, message) {
    if (secretOf(context, 'botToken') === '') return notSetUp('No bot token is set for this Slack channel.');
    const to = message.contact?.kind === 'slack' ? message.contact.address : context.settings.channel;
    const posted = await post(context, to, message, null);
    if (!posted.ok) return posted.failed;
    const ref = refOf(posted.body);
    if (ref === null) return nonsense(context, 'Slack', posted.answer);
    const [incident] = message.incidents;
    const wantsRoom = context.settings.channelPerIncident && message.contact === null && message.incidents.length === 1;
    if (!wantsRoom || incident === undefined || (message.purpose !== 'announce' && message.purpose !== 'page'))
      return accepted(context, posted.answer, { ref: refText([ref]), arrived: true });

    // The message is out; whatever goes wrong with the room, or how long it takes, must not send it a second time.
    context.taken?.(accepted(context, posted.answer, { ref: refText([ref]), arrived: true }));
    // Nobody has to be asked for it any more.
    const { beforeWrite: _, ...after } = context;
    const room = await openRoom(after, incident, membersOf(context.settings.inviteMembers));
    const places = await furnish(after, ref, room, message);
    const answer = { ...posted.answer, body: `${posted.answer.body}\n${room.text}` };
    // A name is no place to hear from; the message inside was answered with the id.
    const id = places[1]?.channel ?? (room.channel?.startsWith('#') === true ? null : room.channel);
    return {
      ...accepted(context, answer, { ref: refText(places), arrived: true }),
      ...(id === null ? {} : { room: id }),
    };
  },

  async update(context, ref, message) {
    const places = parseRef(ref);
    const [first, room] = places;
    if (first === undefined) return notSetUp(`“${ref.slice(0, 100)}” names no Slack message.`);
    let result: SendResult | null = null;
    for (const place of places) {
      const changed = await change(context, place, message, place === first ? (room?.channel ?? null) : null);
      if (!changed.ok) return changed.failed;
      result ??= accepted(context, changed.answer, { ref, arrived: true });
    }
    return result ?? notSetUp('There is no message to change.');
  },
};

interface Place {
  channel: string;
  ts: string;
}

/** Link from the message to the room, and the message in the room: worth a try each, and no more. */
async function furnish(
  context: SendContext<SlackSettings>,
  ref: Place,
  room: IncidentRoom,
  message: OutgoingMessage,
): Promise<Place[]> {
  if (room.channel === null) return [ref];
  const inside = await post(context, room.channel, message, null, roomCallMs);
  const place = inside.ok ? refOf(inside.body) : null;
  if (place === null) return [ref];
  await change(context, ref, message, place.channel, roomCallMs);
  return [ref, place];
}

function post(
  context: SendContext<SlackSettings>,
  channel: string,
  message: OutgoingMessage,
  incidentChannel: string | null,
  timeoutMs?: number,
): Promise<SlackReply> {
  const args = { channel, ...contents(context, message, incidentChannel), unfurl_links: false, unfurl_media: false };
  return slackCall(context, 'chat.postMessage', args, timeoutMs);
}

function change(
  context: SendContext<SlackSettings>,
  { channel, ts }: Place,
  message: OutgoingMessage,
  incidentChannel: string | null,
  timeoutMs?: number,
): Promise<SlackReply> {
  return slackCall(context, 'chat.update', { channel, ts, ...contents(context, message, incidentChannel) }, timeoutMs);
}

function contents(context: SendContext<SlackSettings>, message: OutgoingMessage, incidentChannel: string | null) {
  const buttons = secretOf(context, 'signingSecret') !== '';
  return {
    ...slackText(message, { buttons, incidentChannel }),
    parse: 'none' as const,
    link_names: false,
    // Slack has no idempotency key; this lets a reader of the channel tell a second copy.
    metadata: { event_type: 'tocsin_message', event_payload: { message_id: message.id } },
  };
}

function refOf({ channel, ts }: Record<string, unknown>): Place | null {
  return typeof channel === 'string' && typeof ts === 'string' && channel !== '' && ts !== '' ? { channel, ts } : null;
}

function refText(places: readonly Place[]): string {
  return places.map(({ channel, ts }) => `${channel}:${ts}`).join('|');
}

function parseRef(ref: string): Place[] {
  return ref.split('|').flatMap((part) => {
    const [channel = '', ts = ''] = part.split(':');
    return channel === '' || ts === '' ? [] : [{ channel, ts }];
  });
}

function membersOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((id) => id !== '');
}
