import { z } from 'zod';
import type { ChannelType, OutgoingMessage, SendContext, SendResult } from '#server/modules/notify/channel-type.ts';
import { channelField } from '#server/modules/notify/channels/channel-field.ts';
import { accepted, call, isFailed, notSetUp, secretOf } from '#server/modules/notify/channels/provider-answer.ts';
import { webLink } from '#server/modules/notify/channels/wording.ts';
import { webhookHeaders, webhookKeys } from '#server/modules/notify/channels/webhook/signature.ts';

const WebhookSettings = z.object({ url: z.url({ protocol: /^https?$/ }).max(2_000) });
export type WebhookSettings = z.infer<typeof WebhookSettings>;

export const webhookChannel: ChannelType<WebhookSettings> = {
  info: {
    kind: 'webhook',
    name: 'Signed webhook',
    description: 'Posts JSON to an address of yours, signed after Standard Webhooks.',
    fields: [
      channelField({
        name: 'url',
        label: 'Address',
        type: 'url',
        required: true,
        help: 'Gets a POST for each message. People with a contact method of kind webhook name their own address.',
        placeholder: 'https://example.com/tocsin',
      }),
      channelField({
        name: 'signingSecret',
        label: 'Signing secret',
        type: 'secret',
        required: true,
        help: '24 to 64 bytes in base64, with whsec_ before it: echo "whsec_$(openssl rand -base64 32)". To change it, enter the new and the old one with a space between.',
        placeholder: 'whsec_…',
      }),
    ],
    contacts: ['webhook'],
    can: { target: true, update: true, acknowledge: 'none', receipt: false },
    checkedBy: {
      what: 'official-sdk',
      note: 'Signatures are verified with the standardwebhooks library of the standard’s authors, over real HTTP.',
    },
  },
  settings: WebhookSettings,
  pace: { perSecond: 200, burst: 400 },
  addresses: (settings) => [settings.url],
  addressFault: (kind, address) =>
    kind === 'webhook' && !(URL.canParse(address) && /^https?:$/.test(new URL(address).protocol))
      ? 'This is not an address that starts with https://.'
      : null,

  send: (context, message) => post(context, message, 'message'),
  update: (context, ref, message) => post(context, message, 'update', ref),
};

async function post(
  context: SendContext<WebhookSettings>,
  message: OutgoingMessage,
  kind: 'message' | 'update',
  replaces: string | null = null,
): Promise<SendResult> {
  const keys = webhookKeys(secretOf(context, 'signingSecret'));
  if (keys === null)
    return notSetUp('The signing secret of this webhook is missing or not 24 to 64 bytes in base64. Enter it again.');
  const body = JSON.stringify(payloadOf(message, kind, replaces, context.now), (_key, value: unknown) =>
    typeof value === 'string' ? storable(value) : value,
  );
  const answer = await call(context, {
    method: 'POST',
    url: message.contact?.kind === 'webhook' ? message.contact.address : context.settings.url,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...webhookHeaders(keys, { id: message.id, timestampSeconds: Math.floor(context.now / 1_000), body }),
    },
    body,
  });
  if (isFailed(answer)) return answer;
  return accepted(context, answer, { ref: replaces ?? message.id, arrived: true });
}

function payloadOf(message: OutgoingMessage, kind: 'message' | 'update', replaces: string | null, now: number) {
  const { purpose, recipient, summary, text, link, appUrl, late, code } = message;
  const incidents = message.incidents.map((incident) => ({
    ...incident,
    runbookUrl: webLink(incident.runbookUrl),
    sourceUrl: webLink(incident.sourceUrl),
    labels: Object.fromEntries(Object.entries(incident.labels).map(([label, value]) => [storable(label), value])),
  }));
  return {
    type: kind === 'update' ? 'incident.updated' : `notification.${purpose}`,
    timestamp: new Date(now).toISOString(),
    data: { messageId: message.id, replaces, recipient, summary, text, link, appUrl, late, code, incidents },
  };
}

/** Many receivers cannot keep NUL or halves of characters. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}
