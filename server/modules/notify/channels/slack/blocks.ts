// Block Kit (https://docs.slack.dev/reference/block-kit). Text of alerts goes in as plain text or escaped with
// `verbatim`, so that it can neither mention anybody nor become a link.
import type { ActionsBlock, Button, HeaderBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import type { IncidentDigest, OutgoingMessage } from '#server/modules/notify/channel-type.ts';
import {
  facts,
  heading,
  leadOf,
  linksOf,
  listedMax,
  manyLines,
  oneLine,
  webLink,
} from '#server/modules/notify/channels/wording.ts';

/** What our buttons are called in callbacks; inbound/slack.ts reads them. */
export const slackActions = {
  acknowledge: 'tocsin.acknowledge',
  escalate: 'tocsin.escalate',
  open: 'tocsin.open',
} as const;

export interface SlackText {
  text: string;
  blocks: KnownBlock[];
}

/** `buttons`: those that call us back; without them there is only the way to the client. */
export function slackText(
  message: OutgoingMessage,
  options: { buttons: boolean; incidentChannel?: string | null },
): SlackText {
  const text = escapeSlack(oneLine(leadOf(message), 3_000));
  const [only] = message.incidents;
  if (only === undefined) {
    const more = manyLines(message.text, 2_900);
    const lines = more === '' || message.purpose === 'verify' ? text : `${text}\n${escapeSlack(more)}`;
    return { text, blocks: [{ type: 'section', text: mrkdwn(lines) }] };
  }
  const blocks = message.incidents.length === 1 ? single(message, only, options) : several(message, options);
  return { text, blocks };
}

/** https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function single(
  message: OutgoingMessage,
  incident: IncidentDigest,
  { buttons, incidentChannel }: { buttons: boolean; incidentChannel?: string | null },
): KnownBlock[] {
  const top: HeaderBlock = {
    type: 'header',
    text: { type: 'plain_text', text: oneLine(heading(incident), 150), emoji: false },
  };
  const fields = facts(incident).slice(0, 10);
  const body: SectionBlock = {
    type: 'section',
    fields: fields.map(([label, value]) => mrkdwn(`*${label}*\n${escapeSlack(oneLine(value, 500))}`)),
  };
  const blocks: KnownBlock[] = [top, body];
  const note = manyLines(message.text, 2_000);
  if (message.purpose === 'page' && note !== '') blocks.push({ type: 'section', text: mrkdwn(escapeSlack(note)) });
  const room = incidentChannel ?? null;
  if (room !== null) blocks.push({ type: 'section', text: { type: 'mrkdwn', text: `Channel: <#${room}>` } });
  const links = linksOf(incident).map(({ text, href }) => `<${escapeSlack(href)}|${text}>`);
  if (links.length > 0) blocks.push({ type: 'context', elements: [{ type: 'mrkdwn', text: links.join(' · ') }] });
  const row = actions(message, incident, buttons);
  if (row !== null) blocks.push(row);
  return blocks;
}

function several(message: OutgoingMessage, { buttons }: { buttons: boolean }): KnownBlock[] {
  const blocks: KnownBlock[] = [
    { type: 'header', text: { type: 'plain_text', text: oneLine(leadOf(message), 150), emoji: false } },
  ];
  for (const incident of message.incidents.slice(0, listedMax)) {
    const about = facts(incident)
      .slice(0, 3)
      .map(([, value]) => value)
      .join(' · ');
    blocks.push({
      type: 'section',
      text: mrkdwn(`*${escapeSlack(oneLine(heading(incident), 300))}*\n${escapeSlack(oneLine(about, 500))}`),
      ...(buttons && incident.status === 'triggered' ? { accessory: acknowledge(incident) } : {}),
    });
  }
  const more = message.incidents.length - listedMax;
  const open = webLink(message.appUrl ?? message.link);
  if (more > 0) blocks.push({ type: 'section', text: mrkdwn(`and ${more} more`) });
  if (open !== null) blocks.push({ type: 'actions', elements: [openButton(open)] });
  return blocks;
}

function actions(message: OutgoingMessage, incident: IncidentDigest, buttons: boolean): ActionsBlock | null {
  const elements: Button[] = [];
  if (buttons && incident.status === 'triggered') elements.push(acknowledge(incident), escalate(incident));
  const open = webLink(message.link ?? message.appUrl);
  if (open !== null) elements.push(openButton(open));
  return elements.length === 0 ? null : { type: 'actions', elements };
}

function acknowledge(incident: IncidentDigest): Button {
  return {
    type: 'button',
    action_id: slackActions.acknowledge,
    value: incident.id,
    style: 'primary',
    text: { type: 'plain_text', text: 'Acknowledge', emoji: false },
  };
}

function escalate(incident: IncidentDigest): Button {
  return {
    type: 'button',
    action_id: slackActions.escalate,
    value: incident.id,
    text: { type: 'plain_text', text: 'Escalate', emoji: false },
    confirm: {
      title: { type: 'plain_text', text: 'Escalate now?' },
      text: {
        type: 'plain_text',
        text: 'The next step is paged at once, without waiting for its time. After the last step, paging begins again with the first.',
      },
      confirm: { type: 'plain_text', text: 'Escalate' },
      deny: { type: 'plain_text', text: 'Cancel' },
    },
  };
}

function openButton(url: string): Button {
  return {
    type: 'button',
    action_id: slackActions.open,
    url,
    text: { type: 'plain_text', text: 'Open', emoji: false },
  };
}

/** `verbatim` keeps Slack from turning what looks like an address or a name into a link or a mention. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true };
}
