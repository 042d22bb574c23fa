// How a client and a center of different versions get on. docs/offline.md.
import { z } from 'zod';
import { channelKinds, contactKinds } from '#server/contract/channel.ts';
import { timelineKinds } from '#server/contract/incident.ts';
import { actionPolicies } from '#server/contract/intent.ts';
import { integrationKinds } from '#server/contract/integration.ts';
import { Instant } from '#server/contract/primitives.ts';
import { type EntityName, entityNames } from '#server/contract/replica.ts';

/** What a client says that it can read. One that says nothing is taken for the first release. */
export const ClientHello = z.object({
  version: z.string().max(40),
  entities: z.array(z.string().max(60)).max(200),
  /** Of each field with a growing list of values, those that it knows. */
  values: z.record(z.string().max(120), z.array(z.string().max(60)).max(200)),
});
export type ClientHello = z.infer<typeof ClientHello>;

/** What a center says about itself to whoever asks, before a sign-in. */
export const CenterInfo = z.object({
  name: z.string(),
  version: z.string(),
  /** The oldest client that can still read, acknowledge and act here. */
  oldestClient: z.string(),
  serverNow: Instant,
  entities: z.array(z.string()),
  /** Kinds of actions that it carries out. */
  actions: z.array(z.string()),
});
export type CenterInfo = z.infer<typeof CenterInfo>;

/** What a center of this version says of itself, but for its name and clock. */
export function thisCenter(version: string): Omit<CenterInfo, 'name' | 'serverNow'> {
  return {
    version,
    oldestClient: firstRelease.version,
    entities: [...entityNames],
    actions: Object.keys(actionPolicies),
  };
}

export interface OpenField {
  entity: EntityName;
  /** Where it stands in the row; `*` is each element of a list. */
  path: readonly string[];
  values: readonly string[];
  /** What a client reads instead of a value that it does not know; null keeps the whole row from it. */
  standIn: string | null;
}

/** Fields whose values grow from release to release. A value that is not in a client's list never reaches it. */
export const openFields: readonly OpenField[] = [
  { entity: 'timeline', path: ['kind'], values: timelineKinds, standIn: 'note' },
  { entity: 'integration', path: ['kind'], values: integrationKinds, standIn: 'generic' },
  {
    entity: 'page',
    path: ['notifications', '*', 'via'],
    values: [...contactKinds, ...channelKinds],
    standIn: 'webhook',
  },
  // A channel of an unknown kind has settings that the client could not show, and would save away.
  { entity: 'channel', path: ['kind'], values: channelKinds, standIn: null },
];

export function fieldName({ entity, path }: Pick<OpenField, 'entity' | 'path'>): string {
  return [entity, ...path].join('.');
}

/** What this version of the program can read. */
export function helloOf(version: string): ClientHello {
  return {
    version,
    entities: entityNames,
    values: Object.fromEntries(openFields.map((field) => [fieldName(field), [...field.values]])),
  };
}

/** Written down when 0.1.0 was current, and never edited: its clients send no hello and its centers answer none. */
export const firstRelease = {
  version: '0.1.0',
  entities: [
    'user',
    'team',
    'integration',
    'rule',
    'silence',
    'view',
    'schedule',
    'override',
    'timeOff',
    'swap',
    'policy',
    'route',
    'inhibition',
    'channel',
    'monitor',
    'responder',
    'roster',
    'incident',
    'task',
    'postmortem',
    'timeline',
    'escalation',
    'page',
    'change',
    'alert',
  ],
  values: {
    'timeline.kind': [
      'declared',
      'alert',
      'status',
      'severity',
      'edit',
      'role',
      'task',
      'note',
      'update',
      'link',
      'membership',
      'merge',
      'restriction',
      'conflict',
      'page',
    ],
    'integration.kind': ['alertmanager', 'events-v2', 'grafana', 'generic'],
    'page.notifications.*.via': [
      'desktop',
      'email',
      'sms',
      'voice',
      'slack',
      'webhook',
      'slack-webhook',
      'teams',
      'twilio',
      'pagerduty',
      'opsgenie',
      'statuspage',
    ],
    'channel.kind': [
      'slack',
      'slack-webhook',
      'teams',
      'email',
      'webhook',
      'twilio',
      'pagerduty',
      'opsgenie',
      'statuspage',
    ],
  },
  actions: [
    'incident.declare',
    'incident.acknowledge',
    'incident.mitigate',
    'incident.resolve',
    'incident.reopen',
    'incident.set-severity',
    'incident.set-title',
    'incident.set-impact',
    'incident.take-role',
    'incident.offer-role',
    'incident.accept-role',
    'incident.decline-role',
    'incident.release-role',
    'incident.note',
    'incident.star',
    'incident.post-update',
    'incident.add-link',
    'incident.remove-link',
    'incident.restrict',
    'incident.merge',
    'incident.split',
    'incident.attach-alerts',
    'incident.detach-alerts',
    'task.add',
    'task.assign',
    'task.edit',
    'task.set-done',
    'postmortem.edit',
    'alert.acknowledge',
    'alert.unacknowledge',
    'alert.resolve',
    'alert.reopen',
    'silence.save',
    'silence.end',
    'rule.save',
    'rule.delete',
    'rule.order',
    'view.save',
    'view.delete',
    'config.save',
    'config.delete',
    'route.order',
    'swap.answer',
    'escalation.escalate',
  ],
} as const;
