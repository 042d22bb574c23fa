// What a message says. Channels turn it into their own form.
import type { ContactKind } from '#server/contract/channel.ts';
import { canSee } from '#server/contract/audience.ts';
import { severityRank } from '#server/contract/severity.ts';
import type { IncidentDigest, OutgoingMessage } from '#server/modules/notify/channel-type.ts';
import { inUtc } from '#server/modules/notify/channels/wording.ts';
import type { DigestRow } from '#server/modules/notify/messages/digest-store.ts';

export interface MessageFacts {
  id: string;
  purpose: OutgoingMessage['purpose'];
  contact: { kind: ContactKind; address: string } | null;
  recipient: string | null;
  incidents: readonly IncidentDigest[];
  link: string | null;
  replyCode: string | null;
  late: boolean;
  /** Where clients are served, without a trailing slash; empty when there is no such address. */
  publicUrl: string;
}

const summaryMax = 150;

export function buildMessage(facts: MessageFacts): OutgoingMessage {
  const incidents = facts.incidents.toSorted(byUrgency);
  const [worst] = incidents;
  return {
    id: facts.id,
    purpose: facts.purpose,
    contact: facts.contact,
    recipient: facts.recipient,
    incidents,
    summary: worst === undefined ? 'Tocsin' : summaryOf(incidents, worst, facts.late),
    text: incidents.length > 1 ? listOf(incidents) : worst === undefined ? '' : storyOf(worst),
    link: facts.link,
    appUrl: worst === undefined || facts.publicUrl === '' ? null : `${facts.publicUrl}/#/incidents/${worst.id}`,
    replyCode: facts.replyCode,
    code: null,
    late: facts.late,
  };
}

/** What this receiver may know: a restricted incident has a number and a severity for those outside its teams. */
export function digestFor({ restrictedTo, ...digest }: DigestRow, teamIds: readonly string[]): IncidentDigest {
  if (canSee(restrictedTo, teamIds)) return digest;
  return {
    ...digest,
    title: 'A restricted incident',
    impact: null,
    services: [],
    acknowledgedBy: null,
    lastUpdate: null,
    runbookUrl: null,
    sourceUrl: null,
    labels: {},
  };
}

function byUrgency(a: IncidentDigest, b: IncidentDigest): number {
  return severityRank(a.severity) - severityRank(b.severity) || a.number - b.number;
}

function summaryOf(incidents: readonly IncidentDigest[], worst: IncidentDigest, late: boolean): string {
  const head = `${worst.severity.toUpperCase()} INC-${worst.number} ${worst.title}`;
  const text = incidents.length === 1 ? head : `${countsOf(incidents)}, worst ${head}`;
  return cut(late ? `(late) ${text}` : text, summaryMax);
}

/** "12 alerts on 3 services" */
function countsOf(incidents: readonly IncidentDigest[]): string {
  const alerts = incidents.reduce((sum, incident) => sum + incident.alertCount, 0);
  const services = new Set(incidents.flatMap((incident) => incident.services)).size;
  const what = alerts === 0 ? `${incidents.length} incidents` : `${alerts} ${alerts === 1 ? 'alert' : 'alerts'}`;
  return services === 0 ? what : `${what} on ${services} ${services === 1 ? 'service' : 'services'}`;
}

function storyOf(incident: IncidentDigest): string {
  const { impact, services, alertCount, acknowledgedBy, lastUpdate, runbookUrl } = incident;
  const lines = [
    impact,
    services.length === 0 ? null : `Services: ${services.slice(0, 5).join(', ')}`,
    alertCount === 0
      ? null
      : `${alertCount} ${alertCount === 1 ? 'alert' : 'alerts'} since ${inUtc(incident.startedAt)}`,
    acknowledgedBy === null ? null : `Acknowledged by ${acknowledgedBy}`,
    lastUpdate === null ? null : `Last update: ${lastUpdate.text}`,
    runbookUrl === null ? null : `Runbook: ${runbookUrl}`,
  ];
  return lines.filter((line) => line !== null).join('\n');
}

function listOf(incidents: readonly IncidentDigest[]): string {
  const shown = incidents
    .slice(0, 10)
    .map(({ severity, number, title }) => `${severity.toUpperCase()} INC-${number} ${title}`);
  const more = incidents.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`and ${more} more`])].join('\n');
}

function cut(text: string, most: number): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length <= most ? flat : `${flat.slice(0, most - 1)}…`;
}
