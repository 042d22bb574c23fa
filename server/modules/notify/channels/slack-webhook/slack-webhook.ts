import { z } from 'zod';
import type { ChannelType } from '#server/modules/notify/channel-type.ts';
import { channelField } from '#server/modules/notify/channels/channel-field.ts';
import {
  accepted,
  call,
  isFailed,
  nonsense,
  notSetUp,
  secretOf,
} from '#server/modules/notify/channels/provider-answer.ts';
import { slackText } from '#server/modules/notify/channels/slack/blocks.ts';
import { oneLine } from '#server/modules/notify/channels/wording.ts';

const SlackWebhookSettings = z.object({});
export type SlackWebhookSettings = z.infer<typeof SlackWebhookSettings>;

// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
export const slackWebhookChannel: ChannelType<SlackWebhookSettings> = {
  info: {
    kind: 'slack-webhook',
    name: 'Slack incoming webhook',
    description: 'Posts to the one channel that the webhook belongs to. For buttons and changes use “Slack”.',
    fields: [
      channelField({
        name: 'url',
        label: 'Webhook address',
        type: 'secret',
        required: true,
        help: 'From “Incoming Webhooks” of your Slack app. Whoever has it can post, so it is kept as a secret.',
        placeholder: 'https://hooks.slack.com/services/…',
      }),
    ],
    contacts: [],
    can: { target: true, update: false, acknowledge: 'link', receipt: false },
    checkedBy: {
      what: 'official-sdk',
      note: 'Messages are typed by @slack/types; answers follow Slack’s documentation. Not tried against Slack itself.',
    },
  },
  settings: SlackWebhookSettings,
  pace: { perSecond: 1, burst: 5 },
  addresses: () => [],
  secretAddresses: ['url'],

  async send(context, message) {
    const url = secretOf(context, 'url');
    if (url === '') return notSetUp('No webhook address is set for this Slack channel.');
    const answer = await call(
      context,
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ ...slackText(message, { buttons: false }), unfurl_links: false, unfurl_media: false }),
      },
      (refused) => hints.get(refused.body.trim()) ?? `Slack answered ${refused.status}: ${oneLine(refused.body, 200)}`,
    );
    if (isFailed(answer)) return answer;
    if (answer.body.trim() !== 'ok') return nonsense(context, 'Slack', answer);
    return accepted(context, answer, { ref: null, arrived: true });
  },
};

const hints = new Map(
  Object.entries({
    no_service: 'This webhook was removed or turned off. Make a new one.',
    no_team: 'The workspace of this webhook is gone.',
    team_disabled: 'The workspace of this webhook is turned off.',
    invalid_token: 'The address of the webhook is not right. Copy it again.',
    channel_not_found: 'The channel of this webhook is gone. Make a new webhook.',
    channel_is_archived: 'The channel of this webhook is archived. Make a new webhook.',
    action_prohibited: 'An administrator of the workspace forbids this. Ask them.',
    posting_to_general_channel_denied: 'Only administrators may post to this channel.',
  }),
);
