// Every kind of channel: a folder in channels/ and a line here.
import type { ChannelKind, ContactKind } from '#server/contract/channel.ts';
import type { ChannelType } from '#server/modules/notify/channel-type.ts';
import { emailChannel } from '#server/modules/notify/channels/email/email.ts';
import { opsgenieChannel } from '#server/modules/notify/channels/opsgenie/opsgenie.ts';
import { pagerdutyChannel } from '#server/modules/notify/channels/pagerduty/pagerduty.ts';
import { slackWebhookChannel } from '#server/modules/notify/channels/slack-webhook/slack-webhook.ts';
import { slackChannel } from '#server/modules/notify/channels/slack/slack.ts';
import { statuspageChannel } from '#server/modules/notify/channels/statuspage/statuspage.ts';
import { teamsChannel } from '#server/modules/notify/channels/teams/teams.ts';
import { twilioChannel } from '#server/modules/notify/channels/twilio/twilio.ts';
import { webhookChannel } from '#server/modules/notify/channels/webhook/webhook.ts';

export type AnyChannelType = ChannelType<unknown>;
export type ChannelTypes = ReadonlyMap<ChannelKind, AnyChannelType>;

const all: AnyChannelType[] = [
  slackChannel,
  slackWebhookChannel,
  teamsChannel,
  emailChannel,
  webhookChannel,
  twilioChannel,
  pagerdutyChannel,
  opsgenieChannel,
  statuspageChannel,
];

export const channelTypes: ChannelTypes = new Map(all.map((type) => [type.info.kind, type]));

/** Why a person's address cannot be right, asked of the kinds that would carry it; null when none objects. */
export function addressFault(types: ChannelTypes, kind: ContactKind, address: string): string | null {
  const able = [...types.values()].filter((type) => type.info.contacts.includes(kind));
  for (const type of able) {
    const fault = type.addressFault?.(kind, address) ?? null;
    if (fault !== null) return fault;
  }
  return null;
}
