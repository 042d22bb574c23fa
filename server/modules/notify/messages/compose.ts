// Makes messages of claims: reads what they are about, the channel that carries them and its secrets.
import { sameAudience } from '#server/contract/audience.ts';
import type { ContactKind } from '#server/contract/channel.ts';
import type { Tx } from '#server/database/transaction.ts';
import type { ConfigReader } from '#server/modules/config/state.ts';
import type { OutgoingMessage, SendContext } from '#server/modules/notify/channel-type.ts';
import type { Claim } from '#server/modules/notify/claiming/claims.ts';
import { digestStore } from '#server/modules/notify/messages/digest-store.ts';
import { buildMessage, digestFor } from '#server/modules/notify/messages/message.ts';
import type { AnyChannelType, ChannelTypes } from '#server/modules/notify/registry.ts';
import type { Outgoing } from '#server/outgoing/outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

/** Short signed links to the phone page of one incident. */
export interface LinkMaker {
  linkFor(tx: Tx, link: { incidentId: string; userId: string; pageId: string | null }): Promise<string>;
}
/** Secrets of channels in the clear. */
export interface SecretReader {
  open(tx: Tx, ownerKind: 'channel', ownerId: string): Promise<Record<string, string>>;
}

export interface Prepared {
  type: AnyChannelType;
  /** All but what belongs to the attempt. */
  context: Omit<SendContext<unknown>, 'signal' | 'beforeWrite' | 'taken' | 'place'>;
  message: OutgoingMessage;
  /** It tells of incidents that not the same people see: what a provider echoes of it belongs in no ledger. */
  mixed: boolean;
}
export type Carrier = Omit<Prepared, 'message' | 'mixed'>;
/** Why it cannot be sent at all. */
export interface Fault {
  fault: string;
  permanent: boolean;
}

export interface ComposeDeps {
  types: ChannelTypes;
  config: ConfigReader<Tx>;
  secrets: SecretReader;
  links: LinkMaker;
  outgoing: Outgoing;
  /** Without a trailing slash. */
  publicUrl(): string;
  clock: Pick<Clock, 'now'>;
  logger: Pick<Logger, 'warn'>;
}

export interface Compose {
  /** By the id of the leading notification. */
  pages(tx: Tx, claims: readonly Claim[]): Promise<Map<string, Prepared | Fault>>;
  /** The same channel with another message. */
  through(tx: Tx, channelId: string): Promise<Carrier | Fault>;
}

const contactKindsOfPeople: ReadonlySet<string> = new Set<ContactKind>(['email', 'sms', 'voice', 'slack', 'webhook']);

export function createCompose(deps: ComposeDeps): Compose {
  const { types, config, secrets, links, outgoing, publicUrl, clock, logger } = deps;

  async function through(tx: Tx, channelId: string): Promise<Carrier | Fault> {
    const channel = (await config.current(tx)).get('channel', channelId);
    if (channel === null) return { fault: 'its channel was deleted', permanent: true };
    const { name, enabled, kind, settings } = channel.draft;
    if (!enabled) return { fault: `the channel ${name} is switched off`, permanent: true };
    const type = types.get(kind);
    if (type === undefined) return { fault: `this server knows no channel of the kind ${kind}`, permanent: true };
    const parsed = type.settings.safeParse(settings);
    if (!parsed.success) {
      return { fault: `the settings of the channel ${name} are not valid; save it again`, permanent: true };
    }
    try {
      const opened = await secrets.open(tx, 'channel', channelId);
      const context = {
        settings: parsed.data,
        secrets: opened,
        channelId,
        outgoing,
        publicUrl: publicUrl(),
        now: clock.now(),
      };
      return { type, context };
    } catch (error) {
      logger.warn('secrets of a channel cannot be opened', { channelId, reason: String(error) });
      return { fault: `the secrets of the channel ${name} cannot be opened; enter them again`, permanent: false };
    }
  }

  return {
    through,
    async pages(tx, claims) {
      const all = claims.flatMap(({ lead, members }) => [lead, ...members]);
      const unique = (ids: (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];
      const channelIds = unique(claims.map((claim) => claim.lead.channelId));
      const [digests, people, pages, channels] = await Promise.all([
        digestStore.digests(tx, unique(all.map((one) => one.incidentId))),
        digestStore.people(tx, unique(all.map((one) => one.userId))),
        digestStore.pages(tx, unique(all.map((one) => one.pageId))),
        Promise.all(channelIds.map(async (id) => [id, await through(tx, id)] as const)).then((each) => new Map(each)),
      ]);

      const prepared = new Map<string, Prepared | Fault>();
      for (const { lead, members } of claims) {
        const channel = channels.get(lead.channelId ?? '');
        if (channel === undefined) continue;
        if ('fault' in channel) {
          prepared.set(lead.id, channel);
          continue;
        }
        const told = [lead, ...members];
        const person = lead.userId === null ? null : (people.get(lead.userId) ?? null);
        const isPerson = lead.userId !== null && contactKindsOfPeople.has(lead.via);
        const link =
          lead.userId !== null && publicUrl() !== '' && (lead.via === 'sms' || lead.via === 'email')
            ? await links.linkFor(tx, { incidentId: lead.incidentId, userId: lead.userId, pageId: lead.pageId })
            : null;
        const incidents = unique(told.map((one) => one.incidentId)).flatMap((id) => {
          const digest = digests.get(id);
          return digest === undefined ? [] : [digestFor(digest, person?.teamIds ?? [])];
        });
        const message = buildMessage({
          id: lead.messageId ?? lead.id,
          purpose: pages.get(lead.pageId)?.told === true ? 'announce' : 'page',
          contact: isPerson ? { kind: lead.via as ContactKind, address: lead.address } : null,
          recipient: person?.name ?? null,
          incidents,
          link,
          replyCode: pages.get(lead.pageId)?.replyCode ?? null,
          late: told.some((one) => pages.get(one.pageId)?.late === true),
          publicUrl: publicUrl(),
        });
        const [first, ...others] = unique(told.map((one) => one.incidentId)).map(
          (id) => digests.get(id)?.restrictedTo ?? null,
        );
        const mixed = others.some((audience) => !sameAudience(first ?? null, audience));
        prepared.set(lead.id, { ...channel, message, mixed });
      }
      return prepared;
    },
  };
}
