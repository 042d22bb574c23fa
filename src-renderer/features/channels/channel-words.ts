// What a kind of channel can do and what has checked it, in words; and how to set each up. Pure.
import type { ChannelKind, ChannelTypeInfo } from '#server/contract/channel.ts';

export function checkedWords({ checkedBy }: Pick<ChannelTypeInfo, 'checkedBy'>): { verified: boolean; text: string } {
  switch (checkedBy.what) {
    case 'real-server':
      return { verified: true, text: 'checked against a real server' };
    case 'official-sdk':
      return { verified: true, text: 'checked against the official library' };
    case 'published-schema':
      return { verified: true, text: 'checked against the published schema' };
    case 'nothing':
      return { verified: false, text: 'unverified' };
  }
}

const contactWords = {
  desktop: 'desktop',
  email: 'mail',
  sms: 'texts',
  voice: 'calls',
  slack: 'Slack messages',
  webhook: 'webhooks',
} as const;
const answerWords: Record<ChannelTypeInfo['can']['acknowledge'], string> = {
  button: 'a button acknowledges',
  reply: 'an answer acknowledges',
  keypress: 'a key acknowledges',
  link: 'its link opens the incident',
  none: 'cannot acknowledge',
};

export function abilityWords({ contacts, can }: Pick<ChannelTypeInfo, 'contacts' | 'can'>): string {
  const parts = [
    ...(contacts.length > 0
      ? [`reaches people by ${contacts.map((contact) => contactWords[contact]).join(' and ')}`]
      : []),
    ...(can.target ? ['can be told by routes and steps'] : []),
    ...(can.update ? ['keeps its message up to date'] : []),
    answerWords[can.acknowledge],
    can.receipt ? 'says when it arrived' : 'never says whether it arrived',
  ];
  return `${parts.join('; ')}.`;
}

/** Steps at the provider, in its own words for its own pages. */
export const setUpSteps: Record<ChannelKind, readonly string[]> = {
  slack: [
    'Create an app at api.slack.com/apps, from scratch.',
    'OAuth & Permissions: give the bot chat:write. For channels that the app has not joined also chat:write.public; for a channel per incident channels:manage and channels:write.invites.',
    'Install it to the workspace and copy the bot token.',
    'Invite the app to the channel that is told.',
    'For buttons: copy the signing secret from Basic Information, switch Interactivity on, and set the address below as its Request URL.',
  ],
  'slack-webhook': [
    'In the Slack app: Incoming Webhooks, on, Add New Webhook.',
    'Choose the channel and copy the address here. Whoever has it can post.',
  ],
  teams: [
    'In Teams, at the channel: “…”, Workflows, “Send webhook alerts to a channel”.',
    'Copy the address of the workflow here. It carries its key.',
  ],
  email: [
    'Name the SMTP server that takes mail from this center, and the sender.',
    'For answers by mail, name the mailbox (IMAP) that receives what is sent back to that sender.',
    'Send a test: it goes to the sender’s own address.',
  ],
  webhook: [
    'Make a signing secret: echo "whsec_$(openssl rand -base64 32)".',
    'Give the same secret to the receiver. It checks webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks).',
  ],
  twilio: [
    'In the console copy account SID and auth token, and take a number or a messaging service.',
    'Set the two addresses below for the number, so that answers and calls back arrive. They need https and TOCSIN_PUBLIC_URL.',
    'Each person proves their number with a code under How I am paged.',
  ],
  pagerduty: [
    'In PagerDuty, at the service: Integrations, add “Events API V2”.',
    'Copy the integration key here, and choose the region of the account.',
  ],
  opsgenie: [
    'In Opsgenie, at the team: Integrations, add “API”, with create and update access.',
    'Copy the API key here, and choose the region of the account.',
  ],
  statuspage: [
    'In Statuspage: your avatar, API info. Copy the API key and the page id.',
    'What is posted there is public: the impact of the incident, never its alerts.',
  ],
};
