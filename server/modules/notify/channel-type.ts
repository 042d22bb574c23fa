// What a kind of channel has to offer. A new one is a folder in channels/ and a line in registry.ts.
import type { z } from 'zod';
import type { ChannelTypeInfo, ContactKind } from '#server/contract/channel.ts';
import type { Severity } from '#server/contract/severity.ts';
import type { Outgoing } from '#server/outgoing/outgoing.ts';

/** What is told about an incident; only what the receiver may see. */
export interface IncidentDigest {
  id: string;
  number: number;
  title: string;
  severity: Severity;
  status: 'triggered' | 'acknowledged' | 'mitigated' | 'resolved';
  impact: string | null;
  services: string[];
  alertCount: number;
  startedAt: string;
  /** Name of who acknowledged. */
  acknowledgedBy: string | null;
  resolvedAt: string | null;
  /** Latest status update, if any. */
  lastUpdate: { at: string; text: string } | null;
  /** Links of the worst alert. */
  runbookUrl: string | null;
  sourceUrl: string | null;
  labels: Record<string, string>;
}

export interface OutgoingMessage {
  /** Idempotency key: the same id again is the same message. */
  id: string;
  /**
   * page: somebody has to act. announce: a channel is told. update: a message that stands is brought up to date.
   * verify: carries `code`. test: somebody pressed "send test". plain: a text for a person that is not a page.
   */
  purpose: 'page' | 'announce' | 'update' | 'verify' | 'test' | 'plain';
  /** How the person is reached; null for the channel itself. */
  contact: { kind: ContactKind; address: string } | null;
  /** Whom it is for, by name; null for a channel. */
  recipient: string | null;
  /** The incidents it is about, the most urgent first; several when bundled. Empty for verify, test and plain. */
  incidents: IncidentDigest[];
  /** One line, at most 150 characters: what a text message or a subject says. */
  summary: string;
  /** A few lines more, plain text. */
  text: string;
  /** Signed page of the (first) incident, phone-width, works without signing in; null when there is none. */
  link: string | null;
  /** The incident in the client. */
  appUrl: string | null;
  /** What a reply or a keypress has to name, e.g. "4417"; null when it cannot be answered. */
  replyCode: string | null;
  /** Of a verification. */
  code: string | null;
  late: boolean;
}

export type SendResult =
  /** `ref` names the message at the provider, for receipts, replies and updates. `arrived`: it is known to be there. */
  | {
      outcome: 'accepted';
      ref: string | null;
      arrived: boolean;
      response: string;
      /** The provider's id of a channel that it keeps for this incident alone. */
      room?: string;
    }
  /** `permanent`: trying again cannot help (4xx but 408, 425, 429). `response` is the body, cut to 2,000 characters. */
  | { outcome: 'failed'; permanent: boolean; retryAfterMs: number | null; reason: string; response: string };

export interface SendContext<S> {
  settings: S;
  secrets: Record<string, string>;
  channelId: string;
  /** Guarded way out: checks the address, connects to what it checked, follows nothing, ends after 10 s and 64 KiB. */
  outgoing: Outgoing;
  /** Our public address for callbacks, without a trailing slash. */
  publicUrl: string;
  now: number;
  signal: AbortSignal;
  /** Asked just before the message is written to its connection; false: it must not leave (OutgoingRequest). */
  beforeWrite?: () => boolean | Promise<boolean>;
  /** The provider has taken the message: what comes after (a room, a topic) can no longer make a failure of it. */
  taken?: (result: Extract<SendResult, { outcome: 'accepted' }>) => void;
  /** Of a channel that publishes: where the incident stands there. */
  place?: {
    /** By what we were told last. */
    ref(): Promise<string | null>;
    /**
     * The right to open it, which one send has at a time; `gone` is the reference that leads nowhere any more. False:
     * another send opens it.
     */
    claim(gone: string | null): Promise<boolean>;
  };
}

/** One text that somebody wrote for everybody to read. */
export interface Publication {
  /** Idempotency key: the same id again is the same text. */
  id: string;
  text: string;
  /** As those see it who may see nothing that is restricted. */
  incident: IncidentDigest;
}

/** What readers of a status page will see. */
export interface PublishedLook {
  title: string;
  status: string;
  impact: string;
  body: string;
  /** Subscribers of the page are told. */
  notifies: boolean;
}

export interface ChannelType<S = Record<string, string | number | boolean>> {
  info: ChannelTypeInfo;
  settings: z.ZodType<S>;
  /** Messages the provider takes, so that we pace ourselves. */
  pace: { perSecond: number; burst: number };
  /** Addresses in the settings that have to pass the check of outgoing addresses on save. */
  addresses(settings: S): string[];
  /** Names of secrets that are addresses themselves and have to pass the same check on save. */
  secretAddresses?: readonly string[];
  /** Reason why a person's address cannot be right, or null. */
  addressFault?(kind: ContactKind, address: string): string | null;
  send(context: SendContext<S>, message: OutgoingMessage): Promise<SendResult>;
  /** Changes the message that `ref` names. Present when `info.can.update`. */
  update?(context: SendContext<S>, ref: string, message: OutgoingMessage): Promise<SendResult>;
  /** What a standing message says of an incident; a change of anything else leaves it alone. Left out: all of it. */
  shows?(incident: IncidentDigest): unknown;
  /**
   * Of a status page: publishes a text in the incident that stands there, or opens one. What was published before under
   * the same id is not published again.
   */
  publish?(context: SendContext<S>, publication: Publication): Promise<SendResult>;
  publishedLook?(settings: S, publication: Publication): PublishedLook;
}

export function isPermanentStatus(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}
