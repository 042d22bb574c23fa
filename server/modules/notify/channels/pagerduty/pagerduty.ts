import { z } from 'zod';
import type { ChannelType, IncidentDigest, OutgoingMessage, SendContext } from '#server/modules/notify/channel-type.ts';
import { channelField } from '#server/modules/notify/channels/channel-field.ts';
import {
  accepted,
  call,
  type Failed,
  isFailed,
  jsonOf,
  nonsense,
  notSetUp,
  secretOf,
} from '#server/modules/notify/channels/provider-answer.ts';
import { leadOf, linksOf, manyLines, oneLine, webLink } from '#server/modules/notify/channels/wording.ts';
import type { OutgoingAnswer } from '#server/outgoing/outgoing.ts';

const PagerdutySettings = z.object({
  region: z.enum(['us', 'eu']).default('us'),
  /** For a proxy or a test; otherwise the region's. */
  apiUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
});
export type PagerdutySettings = z.infer<typeof PagerdutySettings>;

/** https://developer.pagerduty.com/docs/send-alert-event */
export interface PagerdutyEvent {
  routing_key: string;
  event_action: 'trigger' | 'acknowledge' | 'resolve';
  dedup_key: string;
  client?: string;
  client_url?: string;
  links?: { href: string; text: string }[];
  payload?: {
    summary: string;
    source: string;
    severity: 'critical' | 'error' | 'warning' | 'info';
    timestamp: string;
    component?: string;
    group: string;
    class: string;
    custom_details: Record<string, unknown>;
  };
}

export const pagerdutyChannel: ChannelType<PagerdutySettings> = {
  info: {
    kind: 'pagerduty',
    name: 'PagerDuty',
    description: 'Forwards incidents to a PagerDuty service: triggered, acknowledged and resolved with ours.',
    fields: [
      channelField({
        name: 'routingKey',
        label: 'Integration key',
        type: 'secret',
        required: true,
        help: 'Of an “Events API V2” integration of the PagerDuty service; 32 characters.',
      }),
      channelField({
        name: 'region',
        label: 'Service region',
        type: 'select',
        required: true,
        help: 'Where the PagerDuty account lives.',
        options: ['us', 'eu'],
      }),
      channelField({
        name: 'apiUrl',
        label: 'Events address',
        type: 'url',
        required: false,
        help: 'Leave it empty, unless PagerDuty is reached through a proxy.',
        placeholder: 'https://events.pagerduty.com',
      }),
    ],
    contacts: [],
    can: { target: true, update: true, acknowledge: 'none', receipt: false },
    checkedBy: {
      what: 'official-sdk',
      note:
        'Events are typed and sent alike by PagerDuty’s @pagerduty/pdjs, and are taken by our own Events v2 address. ' +
        'Not tried against PagerDuty itself.',
    },
  },
  settings: PagerdutySettings,
  // 120 events a minute and integration key are documented as safe.
  pace: { perSecond: 2, burst: 20 },
  addresses: (settings) => (settings.apiUrl === '' ? [] : [settings.apiUrl]),

  async send(context, message) {
    if (secretOf(context, 'routingKey') === '') return notSetUp('No integration key is set for PagerDuty.');
    const events = message.incidents.length === 0 ? plainEvents(context, message) : incidentEvents(context, message);
    const ref = events.map((event) => event.dedup_key).filter((key, index, all) => all.indexOf(key) === index);
    let last: OutgoingAnswer | null = null;
    for (const event of events) {
      const answer = await enqueue(context, event);
      if (isFailed(answer)) return answer;
      last = answer;
    }
    if (last === null) return notSetUp('There is nothing in this message that PagerDuty could be told.');
    return accepted(context, last, { ref: ref.join(','), arrived: true });
  },

  update: (context, _ref, message) => pagerdutyChannel.send(context, message),
};

async function enqueue(
  context: SendContext<PagerdutySettings>,
  event: PagerdutyEvent,
): Promise<OutgoingAnswer | Failed> {
  const { apiUrl, region } = context.settings;
  const base = region === 'eu' ? 'https://events.eu.pagerduty.com' : 'https://events.pagerduty.com';
  const answer = await call(
    context,
    {
      method: 'POST',
      url: `${(apiUrl === '' ? base : apiUrl).replace(/\/+$/, '')}/v2/enqueue`,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(event),
    },
    (refused) => {
      const errors = jsonOf(refused)?.['errors'];
      const words = Array.isArray(errors) ? errors.filter((error) => typeof error === 'string').join('; ') : '';
      return words === '' ? null : `PagerDuty answered ${refused.status}: ${oneLine(words, 500)}`;
    },
  );
  if (isFailed(answer)) return answer;
  return jsonOf(answer)?.['status'] === 'success' ? answer : nonsense(context, 'PagerDuty', answer);
}

/** The alert exists before its state is told: acknowledging an unknown key does nothing at PagerDuty. */
function incidentEvents(context: SendContext<PagerdutySettings>, message: OutgoingMessage): PagerdutyEvent[] {
  const base = { routing_key: secretOf(context, 'routingKey') };
  return message.incidents.flatMap((incident) => {
    const about = { ...base, dedup_key: incident.id };
    const trigger = { ...about, event_action: 'trigger' as const, ...triggerOf(incident, message) };
    if (incident.status === 'triggered') return [trigger];
    const action = incident.status === 'resolved' ? ('resolve' as const) : ('acknowledge' as const);
    const state = { ...about, event_action: action };
    return message.purpose === 'update' ? [state] : [trigger, state];
  });
}

function triggerOf(incident: IncidentDigest, message: OutgoingMessage): Partial<PagerdutyEvent> {
  const open = webLink(message.appUrl);
  const links = linksOf(incident);
  const [service] = incident.services;
  return {
    client: 'Tocsin',
    ...(open === null ? {} : { client_url: open }),
    ...(links.length === 0 ? {} : { links }),
    payload: {
      summary: oneLine(`INC-${incident.number} ${incident.title}`, 1_024),
      source: oneLine(service ?? 'tocsin', 255),
      severity: severities[incident.severity],
      timestamp: incident.startedAt,
      ...(service === undefined ? {} : { component: oneLine(service, 255) }),
      group: 'tocsin',
      class: incident.severity,
      custom_details: {
        incident: `INC-${incident.number}`,
        status: incident.status,
        services: incident.services.slice(0, 50).map((name) => oneLine(name, 255)),
        alerts: incident.alertCount,
        impact: incident.impact === null ? null : oneLine(incident.impact, 1_000),
        labels: Object.fromEntries(
          Object.entries(incident.labels)
            .slice(0, 50)
            .map(([label, value]) => [oneLine(label, 100), oneLine(value, 500)]),
        ),
        ...(message.late ? { late: true } : {}),
      },
    },
  };
}

const severities = { sev1: 'critical', sev2: 'error', sev3: 'warning', info: 'info' } as const;

/** A text without an incident still has to page; a test is taken back at once. */
function plainEvents(context: SendContext<PagerdutySettings>, message: OutgoingMessage): PagerdutyEvent[] {
  const base = { routing_key: secretOf(context, 'routingKey'), dedup_key: message.id };
  const isTest = message.purpose === 'test';
  const trigger: PagerdutyEvent = {
    ...base,
    event_action: 'trigger',
    client: 'Tocsin',
    payload: {
      summary: oneLine(leadOf(message), 1_024),
      source: 'tocsin',
      severity: isTest ? 'info' : 'critical',
      timestamp: new Date(context.now).toISOString(),
      group: 'tocsin',
      class: message.purpose,
      custom_details: { text: manyLines(message.text, 5_000) },
    },
  };
  return isTest ? [trigger, { ...base, event_action: 'resolve' }] : [trigger];
}
