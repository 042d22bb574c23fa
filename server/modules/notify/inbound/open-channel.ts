import type { ChannelKind } from '#server/contract/channel.ts';

/** A channel with its secrets open, for what comes in through it. */
export interface OpenChannel {
  id: string;
  kind: ChannelKind;
  enabled: boolean;
  settings: unknown;
  secrets: Record<string, string>;
}
