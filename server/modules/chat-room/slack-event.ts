// Reads events of the kind `message` (https://docs.slack.dev/reference/events/message). Pure.
import { z } from 'zod';
import { chatTextMax, ChatText } from '#server/contract/chat.ts';

export interface SlackMessage {
  room: string;
  ts: string;
  /** The message that began the thread; null outside of one. */
  thread: string | null;
  slackUser: string;
  /** As Slack writes it: escaped, with its own links and mentions. */
  text: string;
  files: string[];
  mentioned: string[];
  at: string;
  editedAt: string | null;
}

export type HeardInSlack =
  | { kind: 'message'; room: string; message: SlackMessage }
  | { kind: 'delete'; room: string; ts: string };

const Ts = z.string().regex(/^\d{1,12}\.\d{1,6}$/);
const member = z.string().regex(/^[UW][A-Z0-9]{1,30}$/);

const Body = z.object({
  ts: Ts,
  user: member,
  text: z.string().max(100_000).default(''),
  thread_ts: Ts.optional(),
  bot_id: z.unknown().optional(),
  app_id: z.unknown().optional(),
  edited: z.object({ ts: Ts }).optional(),
  files: z
    .array(z.object({ name: z.string().max(500).nullish() }))
    .max(100)
    .optional(),
});
const Event = z.object({
  type: z.literal('message'),
  channel: z.string().regex(/^[CDG][A-Z0-9]{1,30}$/),
  subtype: z.string().max(60).optional(),
});

/** What people write; the rest is what Slack and programs say of themselves. */
const written = new Set([undefined, 'file_share', 'thread_broadcast', 'me_message']);

/** Null for what is nobody's word: joins, topics, and all that a program posted, this one first of all. */
export function readSlackEvent(event: unknown, ownAppId: string | null): HeardInSlack | null {
  const head = Event.safeParse(event);
  if (!head.success) return null;
  const { channel: room, subtype } = head.data;
  if (subtype === 'message_deleted') {
    const { deleted_ts: ts } = event as { deleted_ts?: unknown };
    const parsed = Ts.safeParse(ts);
    return parsed.success ? { kind: 'delete', room, ts: parsed.data } : null;
  }
  const body = Body.safeParse(subtype === 'message_changed' ? (event as { message?: unknown }).message : event);
  if (!body.success || (subtype !== 'message_changed' && !written.has(subtype))) return null;
  const { ts, user, text, thread_ts: threadTs, edited, files = [], bot_id: bot, app_id: app } = body.data;
  // A second center, or any other bridge, in the same channel would otherwise answer itself for ever.
  if (typeof bot === 'string' || (typeof app === 'string' && app === ownAppId)) return null;
  const message: SlackMessage = {
    room,
    ts,
    thread: threadTs === undefined || threadTs === ts ? null : threadTs,
    slackUser: user,
    text,
    files: files.map((file) => file.name ?? 'a file'),
    mentioned: [...new Set([...text.matchAll(/<@([UW][A-Z0-9]{1,30})(?:\|[^>]*)?>/g)].map(([, id = '']) => id))].slice(
      0,
      50,
    ),
    at: instantOf(ts),
    editedAt: edited === undefined ? null : instantOf(edited.ts),
  };
  return { kind: 'message', room, message };
}

/** Its words as they are kept here: mentions by name, links as addresses, nothing of Slack's own markup left to read. */
export function slackText(
  { text, files }: Pick<SlackMessage, 'text' | 'files'>,
  nameOf: (slackId: string) => string | null,
): string {
  const plain = text.replaceAll(/<([^<>]*)>/g, (_all, inside: string) => readable(inside, nameOf));
  const parts = [plain, ...files.map((file) => `[file in Slack: ${file.replaceAll(/[[\]]/g, ' ')}]`)];
  const whole = parts.join('\n').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim();
  if (whole === '') return '';
  const cut = '… (the rest is in Slack)';
  const kept = whole.length <= chatTextMax ? whole : `${whole.slice(0, chatTextMax - cut.length)}${cut}`;
  const parsed = ChatText.safeParse(kept);
  return parsed.success ? parsed.data : '';
}

function readable(inside: string, nameOf: (slackId: string) => string | null): string {
  const [target = '', label = ''] = inside.split('|', 2);
  if (target.startsWith('@')) return `@${nameOf(target.slice(1)) ?? (label === '' ? target.slice(1) : label)}`;
  if (target.startsWith('#')) return `#${label === '' ? target.slice(1) : label}`;
  if (target.startsWith('!')) return label === '' ? `@${target.slice(1).split('^')[0]}` : label;
  return label === '' || label === target ? target : `${label} (${target})`;
}

function instantOf(ts: string): string {
  return new Date(Math.floor(Number(ts) * 1_000)).toISOString();
}
