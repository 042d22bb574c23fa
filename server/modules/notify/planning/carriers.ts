import type { ChannelKind, ContactKind } from '#server/contract/channel.ts';

/** Which kinds of channel bring a message to a person that way; desktop needs none. A test holds the registry to it. */
export const carriers: Record<ContactKind, readonly ChannelKind[]> = {
  desktop: [],
  email: ['email'],
  sms: ['twilio'],
  voice: ['twilio'],
  slack: ['slack'],
  webhook: ['webhook'],
};
