// Messages that are no page: a code that proves an address, a test. Sent at once, answered to whoever asked.
import type { ChannelDraft, ChannelTest, ContactKind } from '#server/contract/channel.ts';
import type { Transactor } from '#server/database/transaction.ts';
import { carriers } from '#server/modules/notify/planning/carriers.ts';
import type { OutgoingMessage } from '#server/modules/notify/channel-type.ts';
import { type Carrier, type ComposeDeps, createCompose, type Fault } from '#server/modules/notify/messages/compose.ts';
import { formsOf, masked } from '#server/modules/notify/messages/masked.ts';
import { timedSend } from '#server/modules/notify/sending/timed-send.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface DirectMessage {
  purpose: 'verify' | 'test' | 'plain';
  summary: string;
  text: string;
  code: string | null;
}

export interface Direct {
  /** By the channel named, or the first that can carry it. */
  toPerson(
    to: { kind: ContactKind; address: string; channelId: string | null; recipient: string },
    message: DirectMessage,
  ): Promise<ChannelTest>;
  /** "Send test": through a stored channel, or through what is being edited, with the stored secrets it does not replace. */
  testChannel(channel: { channelId: string | null; draft: ChannelDraft | null }): Promise<ChannelTest>;
}

export function createDirect(
  deps: ComposeDeps & { database: Transactor; clock: Clock; random: Pick<Random, 'uuid'> },
): Direct {
  const { database, types, config, secrets, outgoing, publicUrl, clock, random } = deps;
  const compose = createCompose(deps);

  async function send(
    channel: Carrier | Fault,
    contact: OutgoingMessage['contact'],
    recipient: string | null,
    direct: DirectMessage,
  ): Promise<ChannelTest> {
    if ('fault' in channel) return { ok: false, text: `Not sent: ${channel.fault}.`, elapsedMs: 0 };
    const message: OutgoingMessage = {
      id: random.uuid(),
      contact,
      recipient,
      incidents: [],
      link: null,
      appUrl: publicUrl() === '' ? null : publicUrl(),
      replyCode: null,
      late: false,
      ...direct,
    };
    const began = clock.monotonic();
    const result = await timedSend(clock, (signal) => channel.type.send({ ...channel.context, signal }, message));
    const hidden = [...Object.values(channel.context.secrets), ...(contact === null ? [] : formsOf(contact.address))];
    const said = masked(result.response, hidden).trim();
    const text =
      result.outcome === 'accepted'
        ? said === ''
          ? 'The provider took it.'
          : `The provider answered: ${said}`
        : `It failed: ${masked(result.reason, hidden)}${said === '' ? '' : `. It said: ${said}`}`;
    return { ok: result.outcome === 'accepted', text, elapsedMs: Math.round(clock.monotonic() - began) };
  }

  return {
    async toPerson({ kind, address, channelId, recipient }, message) {
      const channel = await database.withTransaction(async (tx) => {
        const able = (await config.current(tx))
          .list('channel')
          .items.filter((item) => item.draft.enabled && carriers[kind].includes(item.draft.kind));
        const chosen = able.find((item) => item.id === channelId) ?? able[0];
        if (chosen === undefined) {
          return { fault: 'no channel that is switched on can carry it; an administrator adds one', permanent: true };
        }
        return compose.through(tx, chosen.id);
      });
      return send(channel, { kind, address }, recipient, message);
    },

    async testChannel({ channelId, draft }) {
      const message: DirectMessage = {
        purpose: 'test',
        summary: 'Test message from Tocsin',
        text: 'Somebody pressed "send test". Nothing is wrong and nobody has to act.',
        code: null,
      };
      if (draft === null) {
        if (channelId === null) return { ok: false, text: 'Name a channel or give its settings.', elapsedMs: 0 };
        return send(await database.withTransaction((tx) => compose.through(tx, channelId)), null, null, message);
      }
      const type = types.get(draft.kind);
      if (type === undefined) {
        return { ok: false, text: `This server knows no channel of the kind ${draft.kind}.`, elapsedMs: 0 };
      }
      const settings = type.settings.safeParse(draft.settings);
      if (!settings.success) {
        const [issue] = settings.error.issues;
        return {
          ok: false,
          text: `${issue?.path.join('.') ?? 'settings'}: ${issue?.message ?? 'not valid'}`,
          elapsedMs: 0,
        };
      }
      for (const address of type.addresses(settings.data)) {
        const fault = await outgoing.fault(address);
        if (fault !== null) return { ok: false, text: fault, elapsedMs: 0 };
      }
      const stored =
        channelId === null ? {} : await database.withTransaction((tx) => secrets.open(tx, 'channel', channelId));
      const given = Object.entries({ ...stored, ...draft.secrets }).flatMap(([name, value]) =>
        value === null ? [] : [[name, value] as const],
      );
      const context = {
        settings: settings.data,
        secrets: Object.fromEntries(given),
        channelId: channelId ?? random.uuid(),
        outgoing,
        publicUrl: publicUrl(),
        now: clock.now(),
      };
      return send({ type, context }, null, null, message);
    },
  };
}
