// A message as a mail: what its subject, its two bodies and its headers say.
import type { Severity } from '#server/contract/severity.ts';
import {
  bareAddress,
  type EmailSettings,
  readsReplies,
  splitAddresses,
} from '#server/modules/notify/channels/email/settings.ts';
import type { IncidentDigest, OutgoingMessage } from '#server/modules/notify/channel-type.ts';
import { escapeHtml } from '#server/modules/notify/html.ts';
import { plusAddress, tokenOfLink } from '#server/modules/notify/links/link-token.ts';

export interface Mail {
  from: string;
  to: string[];
  replyTo: string | undefined;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  /** One root an incident, so that a reader shows its mails as one conversation. */
  references: string | undefined;
  headers: Record<string, string>;
}

const severityWords: Record<Severity, string> = { sev1: 'SEV1', sev2: 'SEV2', sev3: 'SEV3', info: 'Info' };

export function composeMail(settings: EmailSettings, message: OutgoingMessage): Mail {
  const domain = bareAddress(settings.from).split('@').at(-1) ?? 'localhost';
  const token = tokenOfLink(message.link);
  const answerable = token !== null && readsReplies(settings) && message.contact !== null;
  const mailbox = settings.replyAddress === '' ? settings.from : settings.replyAddress;
  const [first] = message.incidents;
  const lines = bodyLines(message, answerable);
  const urgent = message.purpose === 'page' && (first?.severity === 'sev1' || first?.severity === 'sev2');
  return {
    from: settings.from,
    to: message.contact === null ? splitAddresses(settings.to) : [message.contact.address],
    replyTo: answerable ? replyAddress(bareAddress(mailbox), token, settings.plusAddress) : undefined,
    subject: oneLine(message.summary, 200),
    text: lines.map(({ text }) => text).join('\n\n') + '\n',
    html: page(oneLine(message.summary, 200), lines.map(({ html }) => html).join('\n')),
    messageId: `<${message.id}@${domain}>`,
    references: first === undefined ? undefined : `<incident.${first.id}@${domain}>`,
    headers: {
      // Vacation programs do not answer to what says this (RFC 3834), nor does Exchange.
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      ...(urgent ? { importance: 'high', 'x-priority': '1 (Highest)' } : {}),
    },
  };
}

function replyAddress(mailbox: string, token: string, plus: boolean): string {
  return plus ? plusAddress(mailbox, token) : mailbox;
}

interface Paragraph {
  text: string;
  html: string;
}

function bodyLines(message: OutgoingMessage, answerable: boolean): Paragraph[] {
  const { incidents, link, appUrl, code } = message;
  const lines: Paragraph[] = [];
  if (message.late) lines.push(plain('This page is late: the center slept or was down when it was due.'));
  // A page says the same below, incident by incident.
  const saidBelow = message.purpose === 'page' && incidents.length > 0;
  if (!saidBelow && message.text !== '' && message.text !== message.summary) lines.push(plain(message.text));
  if (code !== null) {
    lines.push({ text: `Your code: ${code}`, html: `<p>Your code: <strong>${escapeHtml(code)}</strong></p>` });
  }
  lines.push(...incidents.slice(0, incidentsShown).map(aboutIncident));
  if (incidents.length > incidentsShown) lines.push(plain(`… and ${incidents.length - incidentsShown} more.`));
  if (link !== null) lines.push(linked('Acknowledge, escalate or add a note', link, true));
  if (answerable) {
    lines.push(
      plain(
        'Or answer this mail: an empty answer or "ack" acknowledges, "escalate" goes on to the next step, anything else becomes a note.',
      ),
    );
  }
  if (appUrl !== null) lines.push(linked('Open it in Tocsin', appUrl, false));
  const runbook = incidents[0]?.runbookUrl ?? null;
  if (runbook !== null && /^https?:\/\//i.test(runbook)) lines.push(linked('Runbook', runbook, false));
  return lines;
}

const incidentsShown = 20;

function aboutIncident(incident: IncidentDigest): Paragraph {
  const title = `${severityWords[incident.severity]} INC-${incident.number}: ${oneLine(incident.title, 300)}`;
  const facts: [string, string][] = [['Status', statusWords(incident)]];
  if (incident.impact !== null) facts.push(['Impact', incident.impact]);
  if (incident.services.length > 0) facts.push(['Services', incident.services.slice(0, 10).join(', ')]);
  if (incident.alertCount > 0) facts.push(['Alerts', String(incident.alertCount)]);
  facts.push(['Since', `${incident.startedAt.slice(0, 16).replace('T', ' ')} UTC`]);
  if (incident.lastUpdate !== null) facts.push(['Latest update', incident.lastUpdate.text]);
  const rows = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('');
  return {
    text: [title, ...facts.map(([name, value]) => `${name}: ${value}`)].join('\n'),
    html: `<h2>${escapeHtml(title)}</h2>\n<dl>${rows}</dl>`,
  };
}

function statusWords(incident: IncidentDigest): string {
  const by = incident.acknowledgedBy;
  return incident.status === 'acknowledged' && by !== null ? `acknowledged by ${by}` : incident.status;
}

function plain(text: string): Paragraph {
  return { text, html: `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>` };
}

function linked(words: string, url: string, button: boolean): Paragraph {
  const look = button ? ' class="button"' : '';
  return { text: `${words}: ${url}`, html: `<p><a${look} href="${escapeHtml(url)}">${escapeHtml(words)}</a></p>` };
}

/** Line breaks in a subject would start header lines; nodemailer folds and encodes the rest. */
function oneLine(text: string, max: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)}</title>
<style>
body { font: 16px/24px system-ui, sans-serif; max-width: 40rem; margin: 0 auto; padding: 16px; overflow-wrap: anywhere }
h1 { font-size: 20px; line-height: 28px } h2 { font-size: 16px; line-height: 24px; margin: 24px 0 4px }
dl { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 4px 12px } dd { margin: 0 }
.button { display: inline-block; padding: 12px 16px; border-radius: 4px; background: #16202b; color: #fff; font-weight: 600; text-decoration: none }
</style></head>
<body><h1>${escapeHtml(title)}</h1>
${body}
</body></html>
`;
}
