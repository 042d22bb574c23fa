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
import { leadOf, manyLines, oneLine, webLink } from '#server/modules/notify/channels/wording.ts';
import type { OutgoingAnswer } from '#server/outgoing/outgoing.ts';

const OpsgenieSettings = z.object({
  region: z.enum(['us', 'eu']).default('us'),
  /** Name of the team that is told; empty leaves it to the integration. */
  team: z.string().trim().max(100).default(''),
  apiUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
});
export type OpsgenieSettings = z.infer<typeof OpsgenieSettings>;

// https://docs.opsgenie.com/docs/alert-api
export const opsgenieChannel: ChannelType<OpsgenieSettings> = {
  info: {
    kind: 'opsgenie',
    name: 'Opsgenie',
    description: 'Forwards incidents to Opsgenie: an alert is created, acknowledged and closed with ours.',
    fields: [
      channelField({
        name: 'apiKey',
        label: 'API key',
        type: 'secret',
        required: true,
        help: 'Of an “API” integration of the team, with the right to create and update.',
      }),
      channelField({
        name: 'region',
        label: 'Region',
        type: 'select',
        required: true,
        help: 'eu for accounts at app.eu.opsgenie.com.',
        options: ['us', 'eu'],
      }),
      channelField({
        name: 'team',
        label: 'Team',
        type: 'text',
        required: false,
        help: 'Name of the team that responds. Empty: the one that the integration belongs to.',
      }),
      channelField({
        name: 'apiUrl',
        label: 'API address',
        type: 'url',
        required: false,
        help: 'Leave it empty, unless Opsgenie is reached through a proxy.',
        placeholder: 'https://api.opsgenie.com',
      }),
    ],
    contacts: [],
    can: { target: true, update: true, acknowledge: 'none', receipt: false },
    checkedBy: {
      what: 'official-sdk',
      note:
        'Paths, fields and headers are those of the requests in opsgenie-go-sdk-v2 1.2.23, read on 2026-11-21. Unverified: the ' +
        'limits of lengths and rate, which it does not have. Not tried against Opsgenie itself.',
    },
  },
  settings: OpsgenieSettings,
  pace: { perSecond: 2, burst: 10 },
  addresses: (settings) => (settings.apiUrl === '' ? [] : [settings.apiUrl]),

  async send(context, message) {
    if (secretOf(context, 'apiKey') === '') return notSetUp('No API key is set for Opsgenie.');
    return run(
      context,
      message,
      message.incidents.length === 0 ? plain(message) : message.incidents.flatMap(create(context, message)),
    );
  },

  async update(context, ref, message) {
    if (message.incidents.length === 0) return notSetUp(`No incident to update ${ref.slice(0, 100)} with.`);
    return run(context, message, message.incidents.flatMap(follow));
  },
};

interface OpsgenieCall {
  path: string;
  alias: string;
  body: Record<string, unknown>;
}

async function run(context: SendContext<OpsgenieSettings>, message: OutgoingMessage, calls: readonly OpsgenieCall[]) {
  let last: OutgoingAnswer | null = null;
  for (const one of calls) {
    const answer = await ask(context, one);
    if (isFailed(answer)) return answer;
    last = answer;
  }
  if (last === null) return notSetUp('There is nothing in this message that Opsgenie could be told.');
  const aliases = new Set(calls.map(({ alias }) => alias));
  return accepted(context, last, { ref: [...aliases].join(',') || message.id, arrived: true });
}

async function ask(
  context: SendContext<OpsgenieSettings>,
  { path, body }: OpsgenieCall,
): Promise<OutgoingAnswer | Failed> {
  const { apiUrl, region } = context.settings;
  const base = region === 'eu' ? 'https://api.eu.opsgenie.com' : 'https://api.opsgenie.com';
  const answer = await call(
    context,
    {
      method: 'POST',
      url: `${(apiUrl === '' ? base : apiUrl).replace(/\/+$/, '')}${path}`,
      headers: {
        authorization: `GenieKey ${secretOf(context, 'apiKey')}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify(body),
    },
    (refused) => {
      const words = jsonOf(refused)?.['message'];
      return typeof words === 'string' ? `Opsgenie answered ${refused.status}: ${oneLine(words, 500)}` : null;
    },
  );
  if (isFailed(answer)) return answer;
  const reply = jsonOf(answer);
  // It works on requests after it answered; the id of the request is what says that it will.
  return typeof reply?.['requestId'] === 'string' ? answer : nonsense(context, 'Opsgenie', answer);
}

/** The alias is the incident's id: creating it again while it is open counts up and makes no second alert. */
function create(context: SendContext<OpsgenieSettings>, message: OutgoingMessage) {
  return (incident: IncidentDigest): OpsgenieCall[] => {
    const { team } = context.settings;
    const [service] = incident.services;
    const made: OpsgenieCall = {
      path: '/v2/alerts',
      alias: incident.id,
      body: {
        message: oneLine(`INC-${incident.number} ${incident.title}`, 130),
        alias: incident.id,
        description: manyLines(`${leadOf(message)}\n\n${message.text}\n\n${message.appUrl ?? ''}`, 15_000),
        priority: priorities[incident.severity],
        source: 'Tocsin',
        ...(service === undefined ? {} : { entity: oneLine(service, 512) }),
        tags: [incident.severity, 'tocsin'],
        details: detailsOf(incident),
        ...(team === '' ? {} : { responders: [{ type: 'team', name: team }] }),
      },
    };
    return incident.status === 'triggered' ? [made] : [made, ...follow(incident)];
  };
}

/** 8,000 characters in all. */
function detailsOf(incident: IncidentDigest): Record<string, string> {
  const runbook = webLink(incident.runbookUrl);
  const details: Record<string, string> = {
    incident: `INC-${incident.number}`,
    services: oneLine(incident.services.join(', '), 500),
    alerts: String(incident.alertCount),
    ...(incident.impact === null ? {} : { impact: oneLine(incident.impact, 500) }),
    ...(runbook === null ? {} : { runbook }),
  };
  for (const [label, value] of Object.entries(incident.labels).slice(0, 20))
    details[`label ${oneLine(label, 60)}`] = oneLine(value, 200);
  return details;
}

function follow(incident: IncidentDigest): OpsgenieCall[] {
  const at = (action: string) => `/v2/alerts/${encodeURIComponent(incident.id)}/${action}?identifierType=alias`;
  const base = { source: 'Tocsin', user: oneLine(incident.acknowledgedBy ?? 'Tocsin', 100) };
  const update = incident.lastUpdate === null ? '' : manyLines(incident.lastUpdate.text, 5_000);
  const note = (text: string) => (text === '' ? base : { ...base, note: text });
  const { id: alias, status } = incident;
  if (status === 'resolved') return [{ path: at('close'), alias, body: note(update) }];
  if (status === 'acknowledged') return [{ path: at('acknowledge'), alias, body: note(update) }];
  if (status === 'mitigated')
    return [
      { path: at('acknowledge'), alias, body: base },
      { path: at('notes'), alias, body: { ...base, note: update === '' ? 'Mitigated.' : `Mitigated. ${update}` } },
    ];
  return [{ path: at('notes'), alias, body: { ...base, note: update === '' ? 'Triggered again.' : update } }];
}

function plain(message: OutgoingMessage): OpsgenieCall[] {
  const isTest = message.purpose === 'test';
  const created: OpsgenieCall = {
    path: '/v2/alerts',
    alias: message.id,
    body: {
      message: oneLine(leadOf(message), 130),
      alias: message.id,
      description: manyLines(message.text, 15_000),
      priority: isTest ? 'P5' : 'P1',
      source: 'Tocsin',
      tags: ['tocsin'],
    },
  };
  if (!isTest) return [created];
  const path = `/v2/alerts/${encodeURIComponent(message.id)}/close?identifierType=alias`;
  return [created, { path, alias: message.id, body: { source: 'Tocsin', note: 'This was a test.' } }];
}

const priorities = { sev1: 'P1', sev2: 'P2', sev3: 'P3', info: 'P5' } as const;
