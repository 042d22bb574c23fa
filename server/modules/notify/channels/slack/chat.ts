// Messages of the room in the incident's own channel: posted, changed, deleted, and found again after a lost answer.
import type { KnownBlock } from '@slack/types';
import type { SendContext } from '#server/modules/notify/channel-type.ts';
import type { Failed } from '#server/modules/notify/channels/provider-answer.ts';
import { slackCall, type SlackReply } from '#server/modules/notify/channels/slack/api.ts';
import { escapeSlack } from '#server/modules/notify/channels/slack/blocks.ts';

export interface ChatPlace {
  room: string;
  ts: string;
}
export interface ChatLine {
  /** Slack has no idempotency key; under this id a copy is known again. */
  id: string;
  author: string;
  text: string;
}

export type ChatAnswer<T> =
  | { ok: true; value: T }
  /** `certain`: Slack said no, so nothing was done. Otherwise nobody knows whether it was. */
  | { ok: false; certain: boolean; permanent: boolean; retryAfterMs: number | null; reason: string };

type Context = SendContext<{ apiUrl: string }>;

export interface SlackChat {
  post(context: Context, room: string, thread: string | null, line: ChatLine): Promise<ChatAnswer<{ ts: string }>>;
  change(context: Context, place: ChatPlace, line: ChatLine): Promise<ChatAnswer<null>>;
  remove(context: Context, place: ChatPlace): Promise<ChatAnswer<null>>;
  /** Where a message of ours stands that was sent since then; null when it is not there. */
  find(
    context: Context,
    room: string,
    thread: string | null,
    sent: { id: string; sinceMs: number },
  ): Promise<ChatAnswer<{ ts: string } | null>>;
  /** What a member calls himself. */
  memberName(context: Context, memberId: string): Promise<string | null>;
}

/** Characters of one block of text: https://docs.slack.dev/reference/block-kit/blocks/section-block */
const sectionMax = 2_900;
const eventType = 'tocsin_chat';
/** Slack waits three seconds for our answer to an event, and the name is asked for meanwhile. */
const nameMs = 1_500;

export const slackChat: SlackChat = {
  async post(context, room, thread, line) {
    const reply = await slackCall(context, 'chat.postMessage', {
      channel: room,
      ...(thread === null ? {} : { thread_ts: thread }),
      ...contents(line),
      unfurl_links: false,
      unfurl_media: false,
    });
    if (!reply.ok) return refused(reply);
    const { ts } = reply.body;
    if (typeof ts === 'string' && ts !== '') return { ok: true, value: { ts } };
    return { ok: false, certain: false, permanent: false, retryAfterMs: null, reason: 'Slack named no message.' };
  },

  async change(context, { room, ts }, line) {
    const reply = await slackCall(context, 'chat.update', { channel: room, ts, ...contents(line) });
    return reply.ok || reply.error === 'message_not_found' ? { ok: true, value: null } : refused(reply);
  },

  async remove(context, { room, ts }) {
    const reply = await slackCall(context, 'chat.delete', { channel: room, ts });
    return reply.ok || reply.error === 'message_not_found' ? { ok: true, value: null } : refused(reply);
  },

  async find(context, room, thread, { id, sinceMs }) {
    const range = { channel: room, oldest: String(sinceMs / 1_000), include_all_metadata: true, limit: 100 };
    const reply =
      thread === null
        ? await slackCall(context, 'conversations.history', range)
        : await slackCall(context, 'conversations.replies', { ...range, ts: thread });
    if (!reply.ok) return refused(reply);
    const { messages } = reply.body as { messages?: unknown };
    const found = (Array.isArray(messages) ? messages : []).find((message) => sentIdOf(message) === id) as
      | { ts?: unknown }
      | undefined;
    return { ok: true, value: typeof found?.ts === 'string' ? { ts: found.ts } : null };
  },

  async memberName(context, memberId) {
    const reply = await slackCall(context, 'users.info', { user: memberId }, nameMs);
    if (!reply.ok) return null;
    const { user } = reply.body as {
      user?: { real_name?: unknown; profile?: { display_name?: unknown; real_name?: unknown } };
    };
    const names = [user?.profile?.display_name, user?.profile?.real_name, user?.real_name];
    return names.find((name): name is string => typeof name === 'string' && name.trim() !== '') ?? null;
  },
};

/** Words of a person go out escaped and `verbatim`: they mention nobody there and become no link. */
function contents({ id, author, text }: ChatLine) {
  const who = oneLine(author);
  const blocks: KnownBlock[] = [
    { type: 'context', elements: [{ type: 'mrkdwn', text: `*${escapeSlack(who)}*`, verbatim: true }] },
    ...pieces(text).map((piece): KnownBlock => ({
      type: 'section',
      text: { type: 'mrkdwn', text: escapeSlack(piece), verbatim: true },
    })),
  ];
  return {
    text: escapeSlack(`${who}: ${text}`),
    blocks,
    parse: 'none' as const,
    link_names: false,
    metadata: { event_type: eventType, event_payload: { message_id: id } },
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}*_~`]+/gu, ' ').trim();
}

/** Pieces that fit into a block each, escaped at the worst: `&` becomes five characters. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let piece = '';
  let length = 0;
  for (const character of text) {
    const more = escapeSlack(character).length;
    if (length + more > sectionMax) {
      found.push(piece);
      piece = '';
      length = 0;
    }
    piece += character;
    length += more;
  }
  return piece === '' ? found : [...found, piece];
}

function sentIdOf(message: unknown): unknown {
  const { metadata } = (message ?? {}) as { metadata?: { event_type?: unknown; event_payload?: unknown } };
  if (metadata?.event_type !== eventType) return null;
  return (metadata.event_payload as { message_id?: unknown } | undefined)?.message_id;
}

function refused(reply: Extract<SlackReply, { ok: false }>): Extract<ChatAnswer<never>, { ok: false }> {
  const { permanent, retryAfterMs, reason }: Failed = reply.failed;
  return { ok: false, certain: reply.error !== null || retryAfterMs !== null, permanent, retryAfterMs, reason };
}
