// What all channels say in the same words. Titles, labels and names come from alerts: text that nobody vouches for.
import type { IncidentDigest, OutgoingMessage } from '#server/modules/notify/channel-type.ts';

/** One line without control characters and without marks that turn the direction of text round. */
export function oneLine(text: string, max: number): string {
  return cut(
    text
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .replace(turning, '')
      .replace(/ {2,}/g, ' ')
      .trim(),
    max,
  );
}

/** The same with its line breaks kept. */
export function manyLines(text: string, max: number): string {
  return cut(
    text
      .replaceAll('\r\n', '\n')
      .replace(/[^\P{Cc}\n\t]+/gu, ' ')
      .replace(turning, '')
      .trim(),
    max,
  );
}

const turning = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Cut at whole characters, with a sign that it was. */
export function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

export const severityWords = { sev1: 'SEV1', sev2: 'SEV2', sev3: 'SEV3', info: 'Info' } as const;

export function statusWords(incident: IncidentDigest): string {
  if (incident.status === 'acknowledged' && incident.acknowledgedBy !== null)
    return `acknowledged by ${incident.acknowledgedBy}`;
  return incident.status;
}

export function heading(incident: IncidentDigest): string {
  return `INC-${incident.number} ${incident.title}`;
}

/** Label and value of what is worth knowing; empty ones are left out. */
export function facts(incident: IncidentDigest): [label: string, value: string][] {
  const all: [string, string][] = [
    ['Severity', severityWords[incident.severity]],
    ['Status', statusWords(incident)],
    ['Services', incident.services.slice(0, 10).join(', ')],
    ['Alerts', String(incident.alertCount)],
    ['Started', inUtc(incident.startedAt)],
    ['Resolved', incident.resolvedAt === null ? '' : inUtc(incident.resolvedAt)],
    ['Impact', incident.impact ?? ''],
    ['Last update', incident.lastUpdate?.text ?? ''],
  ];
  return all.filter(([, value]) => value !== '');
}

/** What stands above an incident, or instead of one. */
export function leadOf(message: OutgoingMessage): string {
  if (message.purpose === 'verify' && message.code !== null)
    return `Your Tocsin code is ${message.code}. It proves that this address is yours.`;
  return message.late ? `Late: this should have come earlier. ${message.summary}` : message.summary;
}

export const listedMax = 10;

/** Links that may stand behind a button: the web kind only. */
export function webLink(url: string | null): string | null {
  if (url === null || url.length > 2_000 || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  // A bar would end the address inside Slack's link.
  return protocol === 'https:' || protocol === 'http:' ? href.replaceAll('|', '%7C') : null;
}

/** Where an incident leads besides the client, as far as that may stand behind a link. */
export function linksOf(incident: IncidentDigest): { text: string; href: string }[] {
  const all = [
    { text: 'Runbook', href: webLink(incident.runbookUrl) },
    { text: 'Source', href: webLink(incident.sourceUrl) },
  ];
  return all.flatMap(({ text, href }) => (href === null ? [] : [{ text, href }]));
}

/** `2026-11-22 17:53 UTC` */
export function inUtc(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`;
}
