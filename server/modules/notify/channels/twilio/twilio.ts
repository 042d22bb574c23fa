import type { ChannelType, OutgoingMessage, SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import {
  accepted,
  call,
  isFailed,
  jsonOf,
  nonsense,
  notSetUp,
} from '#server/modules/notify/channels/provider-answer.ts';
import { fitSegments } from '#server/modules/notify/channels/twilio/segments.ts';
import { phoneNumber, twilioFields, TwilioSettings } from '#server/modules/notify/channels/twilio/settings.ts';
import { promptTwiml } from '#server/modules/notify/channels/twilio/twiml.ts';
import type { OutgoingAnswer } from '#server/outgoing/outgoing.ts';

export const twilioChannel: ChannelType<TwilioSettings> = {
  info: {
    kind: 'twilio',
    name: 'SMS and voice',
    description: 'Text messages and calls over Twilio, or over what speaks its API. A code or a key acknowledges.',
    fields: twilioFields,
    contacts: ['sms', 'voice'],
    can: { target: false, update: false, acknowledge: 'reply', receipt: true },
    checkedBy: {
      what: 'official-sdk',
      note: "Signatures are checked against Twilio's own library, what calls say against its TwiML builder, and requests against what its client sends. No message went through Twilio itself.",
    },
  },
  settings: TwilioSettings,
  // One text a second is what a plain number may send in North America; the provider queues what is more.
  pace: { perSecond: 1, burst: 10 },
  addresses: (settings) => [settings.baseUrl],
  addressFault: (_kind, address) =>
    phoneNumber.test(address)
      ? null
      : 'This is not a phone number as it is dialled from abroad. Write it like +4930123456.',
  send,
};

/** Two parts: what is longer comes late, in pieces, or not at all. */
const maxSegments = 2;

async function send(context: SendContext<TwilioSettings>, message: OutgoingMessage): Promise<SendResult> {
  const { settings, secrets } = context;
  const { contact } = message;
  if (contact === null && message.purpose === 'test') return lookAtAccount(context);
  if (contact === null || (contact.kind !== 'sms' && contact.kind !== 'voice')) {
    return notSetUp('This channel reaches people by their number, and this message has none.');
  }
  const token = secrets['authToken'] ?? '';
  if (token === '') return notSetUp(noToken);
  const voice = contact.kind === 'voice';
  if (voice && settings.from === '') return notSetUp('Calls need a number to come from. An administrator can set it.');

  const form = voice ? callForm(context, message, contact.address) : textForm(context, message, contact.address);
  const answer = await call(
    context,
    {
      method: 'POST',
      url: `${accountUrl(settings)}/${voice ? 'Calls' : 'Messages'}.json`,
      headers: { ...signIn(settings, token), 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(form).toString(),
    },
    inWords,
  );
  if (isFailed(answer)) return answer;
  const sid = jsonOf(answer)?.['sid'];
  if (typeof sid !== 'string' || sid === '') return nonsense(context, 'The provider', answer);
  return accepted(context, answer, { ref: sid, arrived: false });
}

/** A channel by itself has no number to send to, so its test asks the provider whether the account is right. */
async function lookAtAccount(context: SendContext<TwilioSettings>): Promise<SendResult> {
  const { settings, secrets } = context;
  const token = secrets['authToken'] ?? '';
  if (token === '') return notSetUp(noToken);
  const url = `${accountUrl(settings)}.json`;
  const answer = await call(context, { method: 'GET', url, headers: signIn(settings, token) }, inWords);
  if (isFailed(answer)) return answer;
  const status = jsonOf(answer)?.['status'];
  if (typeof status !== 'string') return nonsense(context, 'The provider', answer);
  const said = `The account is ${status.slice(0, 20)}. No message was sent: people test their own number in their profile.`;
  return { outcome: 'accepted', ref: null, arrived: false, response: said };
}

const noToken = 'The auth token is missing. An administrator can set it in the channel.';

function accountUrl(settings: TwilioSettings): string {
  return `${settings.baseUrl}/2010-04-01/Accounts/${settings.accountSid}`;
}

function signIn(settings: TwilioSettings, token: string): Record<string, string> {
  const both = Buffer.from(`${settings.accountSid}:${token}`).toString('base64');
  return { authorization: `Basic ${both}`, accept: 'application/json' };
}

function textForm(context: SendContext<TwilioSettings>, message: OutgoingMessage, to: string): [string, string][] {
  const { settings } = context;
  const sender: [string, string] =
    settings.messagingServiceSid === ''
      ? ['From', settings.from]
      : ['MessagingServiceSid', settings.messagingServiceSid];
  return [['To', to], sender, ['Body', smsText(message)], ['StatusCallback', callbackUrl(context, message, 'status')]];
}

export function smsText(message: OutgoingMessage): string {
  if (message.code !== null) return `${message.code} is your Tocsin code. If you did not ask for it, ignore this.`;
  const tail = [message.link, message.replyCode === null ? null : `Reply ACK ${message.replyCode}`];
  return fitSegments(message.summary, tail.map((part) => (part === null ? '' : `\n${part}`)).join(''), maxSegments);
}

function callForm(context: SendContext<TwilioSettings>, message: OutgoingMessage, to: string): [string, string][] {
  const { settings } = context;
  const [first] = message.incidents;
  const answerable = message.purpose === 'page' && first !== undefined;
  const gatherUrl = answerable ? `${callbackUrl(context, message, 'gather')}&incident=${first.id}` : null;
  return [
    ['To', to],
    ['From', settings.from],
    ['Twiml', promptTwiml({ words: spokenText(message), language: settings.language, gatherUrl })],
    ['StatusCallback', callbackUrl(context, message, 'status')],
    ['StatusCallbackEvent', 'completed'],
  ];
}

function spokenText(message: OutgoingMessage): string {
  // Digits one by one, or a code is read as a number of hundred thousands.
  if (message.code !== null) return `Your Tocsin code is: ${message.code.split('').join(', ')}`;
  return `Tocsin. ${message.summary}`;
}

/** The message's id is in it, so that a receipt finds its way even before our own record of the attempt is written. */
function callbackUrl(
  context: SendContext<TwilioSettings>,
  message: OutgoingMessage,
  what: 'status' | 'gather',
): string {
  return `${context.publicUrl}/callbacks/twilio/${context.channelId}/${what}?message=${message.id}`;
}

/** https://www.twilio.com/docs/api/errors: those that people can do something about. */
const knownErrors: Record<number, string> = {
  20003: 'The account SID or the auth token is not accepted. Check both.',
  21211: 'The number cannot be reached as it is written. The person has to check it.',
  21408: 'The account may not send to this country. Allow it in the console of the provider.',
  21606: 'The sending number is not one of the account, or cannot send texts.',
  21608: 'A trial account only reaches numbers that were verified in the console of the provider.',
  21610: 'The person has answered STOP to this number. They have to send START to it before texts arrive again.',
  21614: 'The number cannot take text messages.',
};

function inWords(answer: OutgoingAnswer): string | null {
  const body = jsonOf(answer);
  const code = body?.['code'];
  if (typeof code !== 'number') return null;
  const known = knownErrors[code];
  if (known !== undefined) return `Error ${code}: ${known}`;
  const text = body?.['message'];
  return typeof text === 'string' && text !== '' ? `Error ${code}: ${text.slice(0, 300)}` : null;
}
