// What a kind of channel can do and what has checked it, in words; and how to set each up. Pure.
import type { ChannelKind, ChannelTypeInfo } from '#server/contract/channel.ts';
import { listText, t, term } from '../../language/words.ts';

/** A kind as the server describes it, in the language of this client. */
export function typeInWords(type: ChannelTypeInfo): ChannelTypeInfo {
  return {
    ...type,
    name: term(type.name),
    description: term(type.description),
    checkedBy: { ...type.checkedBy, note: term(type.checkedBy.note) },
    fields: type.fields.map((field) => ({ ...field, label: term(field.label), help: term(field.help) })),
  };
}

export function checkedWords({ checkedBy }: Pick<ChannelTypeInfo, 'checkedBy'>): { verified: boolean; text: string } {
  switch (checkedBy.what) {
    case 'real-server':
      return { verified: true, text: t`checked against a real server` };
    case 'official-sdk':
      return { verified: true, text: t`checked against the official library` };
    case 'published-schema':
      return { verified: true, text: t`checked against the published schema` };
    case 'nothing':
      return { verified: false, text: t`unverified` };
  }
}

const contactWords = {
  desktop: t`desktop`,
  email: t`mail`,
  sms: t`texts`,
  voice: t`calls`,
  slack: t`Slack messages`,
  webhook: t`webhooks`,
} as const;
const answerWords: Record<ChannelTypeInfo['can']['acknowledge'], string> = {
  button: t`a button acknowledges`,
  reply: t`an answer acknowledges`,
  keypress: t`a key acknowledges`,
  link: t`its link opens the incident`,
  none: t`cannot acknowledge`,
};

export function abilityWords({ contacts, can }: Pick<ChannelTypeInfo, 'contacts' | 'can'>): string {
  const parts = [
    ...(contacts.length > 0
      ? [t`reaches people by ${listText(contacts.map((contact) => contactWords[contact]))}`]
      : []),
    ...(can.target ? [t`can be told by routes and steps`] : []),
    ...(can.update ? [t`keeps its message up to date`] : []),
    answerWords[can.acknowledge],
    can.receipt ? t`says when it arrived` : t`never says whether it arrived`,
  ];
  return `${parts.join('; ')}.`;
}

/** Steps at the provider, in its own words for its own pages. */
export const setUpSteps: Record<ChannelKind, readonly string[]> = {
  slack: [
    t`Create an app at api.slack.com/apps, from scratch.`,
    t`OAuth & Permissions: give the bot chat:write. For channels that the app has not joined also chat:write.public; for a channel per incident channels:manage and channels:write.invites.`,
    t`Install it to the workspace and copy the bot token.`,
    t`Invite the app to the channel that is told.`,
    t`For buttons: copy the signing secret from Basic Information, switch Interactivity on, and set the address below as its Request URL.`,
  ],
  'slack-webhook': [
    t`In the Slack app: Incoming Webhooks, on, Add New Webhook.`,
    t`Choose the channel and copy the address here. Whoever has it can post.`,
  ],
  teams: [
    t`In Teams, at the channel: “…”, Workflows, “Send webhook alerts to a channel”.`,
    t`Copy the address of the workflow here. It carries its key.`,
  ],
  email: [
    t`Name the SMTP server that takes mail from this center, and the sender.`,
    t`For answers by mail, name the mailbox (IMAP) that receives what is sent back to that sender.`,
    t`Send a test: it goes to the recipients. Without any it signs in, and sends nothing.`,
  ],
  webhook: [
    t`Make a signing secret: echo "whsec_$(openssl rand -base64 32)".`,
    t`Give the same secret to the receiver. It checks webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks).`,
  ],
  twilio: [
    t`In the console copy account SID and auth token, and take a number or a messaging service.`,
    t`Set the two addresses below for the number, so that answers and calls back arrive. They need https and TOCSIN_PUBLIC_URL.`,
    t`Each person proves their number with a code under How I am paged.`,
  ],
  pagerduty: [
    t`In PagerDuty, at the service: Integrations, add “Events API V2”.`,
    t`Copy the integration key here, and choose the region of the account.`,
  ],
  opsgenie: [
    t`In Opsgenie, at the team: Integrations, add “API”, with create and update access.`,
    t`Copy the API key here, and choose the region of the account.`,
  ],
  statuspage: [
    t`In Statuspage: your avatar, API info. Copy the API key and the page id.`,
    t`What is posted there is public: the impact of the incident, never its alerts.`,
  ],
};
