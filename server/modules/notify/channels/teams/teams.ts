import { z } from 'zod';
import type { ChannelType } from '#server/modules/notify/channel-type.ts';
import { channelField } from '#server/modules/notify/channels/channel-field.ts';
import {
  accepted,
  call,
  failed,
  isFailed,
  jsonOf,
  nonsense,
  notSetUp,
  secretOf,
} from '#server/modules/notify/channels/provider-answer.ts';
import { adaptiveCard } from '#server/modules/notify/channels/teams/card.ts';
import { oneLine } from '#server/modules/notify/channels/wording.ts';

const TeamsSettings = z.object({});
export type TeamsSettings = z.infer<typeof TeamsSettings>;

// https://support.microsoft.com/office/8ae491c7-0394-4861-ba59-055e33f75498 (incoming webhooks with Workflows)
export const teamsChannel: ChannelType<TeamsSettings> = {
  info: {
    kind: 'teams',
    name: 'Microsoft Teams',
    description: 'Posts an Adaptive Card through a webhook of Workflows. Its button opens the incident.',
    fields: [
      channelField({
        name: 'url',
        label: 'Workflow address',
        type: 'secret',
        required: true,
        help: 'In Teams: channel, “…”, Workflows, “Send webhook alerts to a channel”. It carries its key, so it is kept as a secret.',
        placeholder: 'https://….powerplatform.com/…',
      }),
    ],
    contacts: [],
    can: { target: true, update: false, acknowledge: 'link', receipt: false },
    checkedBy: {
      what: 'official-sdk',
      note: 'Cards are read without a complaint by Microsoft’s adaptivecards library. Not tried against Teams itself.',
    },
  },
  settings: TeamsSettings,
  // Four requests a second: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors
  pace: { perSecond: 1, burst: 4 },
  addresses: () => [],
  secretAddresses: ['url'],

  async send(context, message) {
    const url = secretOf(context, 'url');
    if (url === '') return notSetUp('No address of a workflow is set for this Teams channel.');
    const answer = await call(context, {
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        type: 'message',
        attachments: [
          {
            contentType: 'application/vnd.microsoft.card.adaptive',
            contentUrl: null,
            content: adaptiveCard(message),
          },
        ],
      }),
    });
    if (isFailed(answer)) return answer;
    const text = answer.body.trim();
    // Older webhooks answer 200 to what they could not deliver, and say so in words only.
    if (/failed|error/i.test(text) && jsonOf(answer) === null && !text.startsWith('<')) {
      return failed(context, answer, { permanent: false, reason: `Teams took it and failed: ${oneLine(text, 200)}` });
    }
    if (text !== '' && text !== '1' && jsonOf(answer) === null) return nonsense(context, 'Teams', answer);
    return accepted(context, answer, { ref: null, arrived: true });
  },
};
