import { z } from 'zod';
import type {
  ChannelType,
  IncidentDigest,
  Publication,
  SendContext,
  SendResult,
} from '#server/modules/notify/channel-type.ts';
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
 * The public reads this. So it carries what people wrote for it (the impact, and the updates that were published to it) and
 * never what came from an alert: no title, service name or label. Routes open, change and end the incident there; words
 * come through `publish` alone. https://developer.statuspage.io/#tag/incidents
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
        help: 'From “API info” in the menu of your avatar.',
      }),
      channelField({
        name: 'pageId',
        label: 'Page id',
        type: 'text',
        required: true,
        help: 'From “API info” as well.',
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
        on: true,
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
    const there = await find(context, incident);
    if (there !== null && 'outcome' in there) return there;
    // Somebody published before the route, or we did and never heard of it: one incident on the page is enough.
    if (there !== null) return change(context, there.id, { incident: stateOf(context.settings, incident) });
    return open(context, incident, bodies[incident.status], { message: message.id });
  },

  async update(context, ref, message) {
    const [incident] = message.incidents;
    if (incident === undefined) return notSetUp('A status page takes incidents only.');
    if (!/^[A-Za-z0-9]{1,40}$/.test(ref)) return notSetUp(`“${ref.slice(0, 100)}” is no incident of a status page.`);
    const over = incident.status === 'resolved';
    const state = stateOf(context.settings, incident);
    // Without words there is nothing that subscribers should get a mail for, but that it is over.
    return change(context, ref, {
      incident: { ...state, deliver_notifications: over && context.settings.deliverNotifications },
    });
  },

  shows: ({ impact, status, severity }) => ({ impact, status, severity }),

  async publish(context, publication) {
    if (secretOf(context, 'apiKey') === '') return notSetUp('No API key is set for Statuspage.');
    const { incident } = publication;
    const there = await find(context, incident);
    if (there !== null && 'outcome' in there) return there;
    if (there === null) return open(context, incident, bodyOf(publication), { update: publication.id });
    if (there.update === publication.id) return { outcome: 'accepted', ref: there.id, arrived: true, response: '' };
    return change(context, there.id, {
      incident: {
        ...stateOf(context.settings, incident),
        body: bodyOf(publication),
        metadata: { tocsin: { incident: incident.id, update: publication.id } },
      },
    });
  },

  publishedLook(settings, publication) {
    const state = stateOf(settings, publication.incident);
    return {
      title: String(state['name']),
      status: String(state['status']),
      impact: String(state['impact_override']),
      body: bodyOf(publication),
      notifies: settings.deliverNotifications,
    };
  },
};

/** An incident as it stands on the page, as far as we have to know: which update of ours it was written by last. */
interface There {
  id: string;
  update: string | null;
}

/** Where it stands; null, with the right to open it, when it is not there. */
async function find(
  context: SendContext<StatuspageSettings>,
  incident: IncidentDigest,
): Promise<There | Failed | null> {
  const { place } = context;
  const ref = (await place?.ref()) ?? null;
  const known = ref !== null && /^[A-Za-z0-9]{1,40}$/.test(ref) ? await readThere(context, ref) : null;
  // One that was deleted on the page is opened anew.
  if (known !== null && !('outcome' in known && known.permanent)) return known;
  const seen = await lookFor(context, incident);
  if (seen !== null || place === undefined) return seen;
  if (!(await place.claim(ref))) return openedElsewhere;
  // Once more: whoever had the right before us may have used it since.
  return lookFor(context, incident);
}

const openedElsewhere: Failed = {
  outcome: 'failed',
  permanent: false,
  retryAfterMs: 5_000,
  reason: 'Another message opens the incident on the page at this moment. This one follows when it is there.',
  response: '',
};

async function readThere(context: SendContext<StatuspageSettings>, ref: string): Promise<There | Failed> {
  const answer = await ask(context, 'GET', `/incidents/${ref}`, null);
  return isFailed(answer) ? answer : { id: ref, update: ours(jsonOf(answer))?.update ?? null };
}

/** The page's incident that is ours, whoever of us opened it. What is over is not among the unresolved ones. */
async function lookFor(
  context: SendContext<StatuspageSettings>,
  incident: IncidentDigest,
): Promise<There | Failed | null> {
  const path = incident.status === 'resolved' ? '/incidents?limit=100' : '/incidents/unresolved';
  const answer = await reach(context, 'GET', path, null);
  if (isFailed(answer)) return answer;
  for (const each of listOf(answer)) {
    const made = ours(each);
    if (made?.incident === incident.id && typeof each['id'] === 'string')
      return { id: each['id'], update: made.update };
  }
  return null;
}

function ours(incident: Record<string, unknown> | null): { incident: string; update: string | null } | null {
  const metadata = incident?.['metadata'] as { tocsin?: { incident?: unknown; update?: unknown } } | null | undefined;
  const { incident: id, update } = metadata?.tocsin ?? {};
  return typeof id === 'string' ? { incident: id, update: typeof update === 'string' ? update : null } : null;
}

function listOf(answer: OutgoingAnswer): Record<string, unknown>[] {
  try {
    const list: unknown = answer.truncated ? [] : JSON.parse(answer.body);
    return Array.isArray(list) ? list.filter((each) => typeof each === 'object' && each !== null) : [];
  } catch {
    return [];
  }
}

async function open(
  context: SendContext<StatuspageSettings>,
  incident: IncidentDigest,
  body: string,
  made: Record<string, string>,
): Promise<SendResult> {
  const answer = await ask(context, 'POST', '/incidents', {
    incident: {
      ...stateOf(context.settings, incident),
      body,
      metadata: { tocsin: { incident: incident.id, ...made } },
    },
  });
  if (isFailed(answer)) return answer;
  return accepted(context, answer, { ref: String(jsonOf(answer)?.['id']), arrived: true });
}

async function change(
  context: SendContext<StatuspageSettings>,
  ref: string,
  body: Record<string, unknown>,
): Promise<SendResult> {
  const answer = await ask(context, 'PATCH', `/incidents/${ref}`, body);
  return isFailed(answer) ? answer : accepted(context, answer, { ref, arrived: true });
}

function bodyOf({ text }: Publication): string {
  return manyLines(text, 25_000);
}

async function ask(
  context: SendContext<StatuspageSettings>,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body: Record<string, unknown> | null,
): Promise<OutgoingAnswer | Failed> {
  const answer = await reach(context, method, path, body);
  if (isFailed(answer)) return answer;
  const id = jsonOf(answer)?.['id'];
  return typeof id === 'string' && id !== '' ? answer : nonsense(context, 'Statuspage', answer);
}

async function reach(
  context: SendContext<StatuspageSettings>,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body: Record<string, unknown> | null,
): Promise<OutgoingAnswer | Failed> {
  const { apiUrl, pageId } = context.settings;
  const { beforeWrite: _last, ...looking } = context;
  return call(
    // Only what publishes is asked about once more before it leaves.
    method === 'GET' ? looking : context,
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
