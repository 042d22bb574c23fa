import { z } from 'zod';
import type { ChannelType, IncidentDigest, SendContext } from '#server/modules/notify/channel-type.ts';
import { channelField, urlOr } from '#server/modules/notify/channels/channel-field.ts';
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
import { manyLines, oneLine } from '#server/modules/notify/channels/wording.ts';
import type { OutgoingAnswer } from '#server/outgoing/outgoing.ts';

const StatuspageSettings = z.object({
  pageId: z.string().regex(/^[A-Za-z0-9]{1,40}$/, 'is the id of the page, such as kctbh9vrtdwd'),
  /** Ids, separated by commas. */
  components: z
    .string()
    .max(1_000)
    .default('')
    .refine((text) => componentsOf(text).every((id) => /^[A-Za-z0-9]{1,40}$/.test(id)), 'takes ids of components'),
  /** What the public reads as long as nobody has written what is wrong. */
  publicTitle: z
    .string()
    .trim()
    .max(255)
    .default('')
    .transform((text) => (text === '' ? 'We are looking into a problem' : text)),
  deliverNotifications: z.boolean().default(true),
  apiUrl: urlOr('https://api.statuspage.io/v1'),
});
export type StatuspageSettings = z.infer<typeof StatuspageSettings>;

/**
 * The public reads this. So it carries what people wrote for it (impact, status updates) and never what came from an
 * alert: no title, service name or label. https://developer.statuspage.io/#tag/incidents
 */
export const statuspageChannel: ChannelType<StatuspageSettings> = {
  info: {
    kind: 'statuspage',
    name: 'Statuspage',
    description: 'Opens an incident on an Atlassian Statuspage and keeps it up to date. Public: alerts are not quoted.',
    fields: [
      channelField({
        name: 'apiKey',
        label: 'API key',
        type: 'secret',
        required: true,
        help: 'From "API info" in the menu of your avatar.',
      }),
      channelField({
        name: 'pageId',
        label: 'Page id',
        type: 'text',
        required: true,
        help: 'From "API info" as well.',
        placeholder: 'kctbh9vrtdwd',
      }),
      channelField({
        name: 'components',
        label: 'Components',
        type: 'text',
        required: false,
        help: 'Ids of affected components, separated by commas.',
      }),
      channelField({
        name: 'publicTitle',
        label: 'Title until there is one',
        type: 'text',
        required: false,
        help: 'The page shows the impact of the incident; this as long as nobody has written it.',
        placeholder: 'We are looking into a problem',
      }),
      channelField({
        name: 'deliverNotifications',
        label: 'Notify subscribers',
        type: 'boolean',
        required: false,
        help: 'Subscribers of the page get an e-mail or a text for each change.',
      }),
      channelField({
        name: 'apiUrl',
        label: 'API address',
        type: 'url',
        required: false,
        help: 'Leave it as it is, unless Statuspage is reached through a proxy.',
      }),
    ],
    contacts: [],
    can: { target: true, update: true, acknowledge: 'none', receipt: false },
    checkedBy: {
      what: 'nothing',
      note:
        'There is no official SDK. Requests hold against a transcription of the API description that was not compared with ' +
        'the original; open programs were seen to send the same fields. Not tried against Statuspage itself.',
    },
  },
  settings: StatuspageSettings,
  // One request a second and key.
  pace: { perSecond: 1, burst: 1 },
  addresses: (settings) => [settings.apiUrl],

  async send(context, message) {
    if (secretOf(context, 'apiKey') === '') return notSetUp('No API key is set for Statuspage.');
    if (message.purpose === 'test') {
      // Nothing is published for a test: the page is read with the key.
      const answer = await ask(context, 'GET', '', null);
      return isFailed(answer) ? answer : accepted(context, { ...answer, body: '' }, { ref: null, arrived: true });
    }
    const [incident] = message.incidents;
    if (incident === undefined) return notSetUp('A status page takes incidents only.');
    const answer = await ask(context, 'POST', '/incidents', {
      incident: {
        ...stateOf(context.settings, incident),
        body: incident.lastUpdate === null ? bodies[incident.status] : manyLines(incident.lastUpdate.text, 25_000),
        metadata: { tocsin: { incident: incident.id, message: message.id } },
      },
    });
    if (isFailed(answer)) return answer;
    return accepted(context, answer, { ref: String(jsonOf(answer)?.['id']), arrived: true });
  },

  async update(context, ref, message) {
    const [incident] = message.incidents;
    if (incident === undefined) return notSetUp('A status page takes incidents only.');
    if (!/^[A-Za-z0-9]{1,40}$/.test(ref)) return notSetUp(`"${ref.slice(0, 100)}" is no incident of a status page.`);
    const text = incident.lastUpdate === null ? '' : manyLines(incident.lastUpdate.text, 25_000);
    const answer = await ask(context, 'PATCH', `/incidents/${ref}`, {
      incident: {
        ...stateOf(context.settings, incident),
        body: text === '' ? bodies[incident.status] : text,
      },
    });
    return isFailed(answer) ? answer : accepted(context, answer, { ref, arrived: true });
  },
};

async function ask(
  context: SendContext<StatuspageSettings>,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body: Record<string, unknown> | null,
): Promise<OutgoingAnswer | Failed> {
  const { apiUrl, pageId } = context.settings;
  const answer = await call(
    context,
    {
      method,
      url: `${apiUrl.replace(/\/+$/, '')}/pages/${pageId}${path}`,
      headers: {
        authorization: `OAuth ${secretOf(context, 'apiKey')}`,
        'content-type': 'application/json; charset=utf-8',
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    },
    (refused) => {
      const words = jsonOf(refused)?.['error'];
      const text = Array.isArray(words) ? words.join('; ') : words;
      return typeof text === 'string' ? `Statuspage answered ${refused.status}: ${oneLine(text, 500)}` : null;
    },
    // What it says to too many requests.
    [420],
  );
  if (isFailed(answer)) return answer;
  const id = jsonOf(answer)?.['id'];
  return typeof id === 'string' && id !== '' ? answer : nonsense(context, 'Statuspage', answer);
}

function stateOf(settings: StatuspageSettings, incident: IncidentDigest): Record<string, unknown> {
  const components = componentsOf(settings.components);
  const state = incident.status === 'resolved' ? 'operational' : componentStates[incident.severity];
  return {
    name: oneLine(incident.impact ?? settings.publicTitle, 255),
    status: statuses[incident.status],
    impact_override: impacts[incident.severity],
    deliver_notifications: settings.deliverNotifications,
    ...(components.length === 0
      ? {}
      : { component_ids: components, components: Object.fromEntries(components.map((id) => [id, state])) }),
  };
}

function componentsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((id) => id !== '');
}

const statuses = {
  triggered: 'investigating',
  acknowledged: 'investigating',
  mitigated: 'monitoring',
  resolved: 'resolved',
} as const;
const bodies = {
  triggered: 'We are looking into it.',
  acknowledged: 'We are working on it.',
  mitigated: 'The effect is over. We are watching it.',
  resolved: 'This is resolved.',
} as const;
const impacts = { sev1: 'critical', sev2: 'major', sev3: 'minor', info: 'none' } as const;
const componentStates = {
  sev1: 'major_outage',
  sev2: 'partial_outage',
  sev3: 'degraded_performance',
  info: 'operational',
} as const;
