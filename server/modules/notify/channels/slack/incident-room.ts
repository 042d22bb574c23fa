// The channel of one incident: inc-NUMBER-title, with its people and its topic.
import type { IncidentDigest, SendContext } from '#server/modules/notify/channel-type.ts';
import { slackCall } from '#server/modules/notify/channels/slack/api.ts';
import { escapeSlack } from '#server/modules/notify/channels/slack/blocks.ts';
import { heading, oneLine, severityWords } from '#server/modules/notify/channels/wording.ts';

export interface IncidentRoom {
  /** Id, or #name when it was there before; null when there is none. */
  channel: string | null;
  /** What happened, for the ledger. */
  text: string;
}

/** Each of these calls comes after the message itself, so it may not hold up its sender for long. */
export const roomCallMs = 2_000;

export async function openRoom(
  context: SendContext<{ apiUrl: string }>,
  incident: IncidentDigest,
  members: readonly string[],
): Promise<IncidentRoom> {
  const name = roomName(incident);
  const made = await slackCall(context, 'conversations.create', { name, is_private: false }, roomCallMs);
  if (!made.ok) {
    // Made by an attempt whose answer was lost. The name is ours: it carries the incident's number.
    if (made.error === 'name_taken') return { channel: `#${name}`, text: `The channel #${name} was there before.` };
    return { channel: null, text: `No channel for the incident: ${made.failed.reason}` };
  }
  const id = (made.body['channel'] as { id?: unknown } | undefined)?.id;
  if (typeof id !== 'string') return { channel: null, text: 'Slack named no channel for the incident.' };

  const topic = oneLine(`${severityWords[incident.severity]} · ${heading(incident)}`, 200);
  const set = await slackCall(
    context,
    'conversations.setTopic',
    { channel: id, topic: escapeSlack(topic) },
    roomCallMs,
  );
  const notes = [`The channel #${name} was opened.`, ...(set.ok ? [] : [`No topic: ${set.failed.reason}`])];
  if (members.length > 0) {
    const asked = await slackCall(
      context,
      'conversations.invite',
      { channel: id, users: members.join(',') },
      roomCallMs,
    );
    if (!asked.ok && asked.error !== 'already_in_channel') notes.push(`Nobody was invited: ${asked.failed.reason}`);
  }
  return { channel: id, text: notes.join(' ') };
}

/** Lower case letters, digits and hyphens, at most 80: https://docs.slack.dev/reference/methods/conversations.create */
export function roomName({ number, title }: Pick<IncidentDigest, 'number' | 'title'>): string {
  const slug = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 50)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? `inc-${number}` : `inc-${number}-${slug}`;
}
