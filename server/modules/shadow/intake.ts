// Pages of the other pager, in its own words or in ours.
// PagerDuty v3 webhooks and Opsgenie webhooks: unverified. Their shapes are from general knowledge; no account, no example and
// no SDK that models them (go-pagerduty 1.8.0 only checks their signatures) was held against this.
import { z } from 'zod';
import { Instant, StorableText } from '#server/contract/primitives.ts';

const Name = StorableText.trim().min(1).max(300);
const OwnPages = z.object({
  source: Name,
  pages: z
    .array(
      z.object({
        id: Name,
        at: Instant,
        endedAt: Instant.nullable().default(null),
        /** Login name, e-mail address or name. */
        person: Name,
        about: StorableText.max(1_000).default(''),
      }),
    )
    .min(1)
    .max(1_000),
});
const PagerDutyWebhook = z.object({
  event: z.object({
    id: Name,
    event_type: z.string(),
    occurred_at: Instant,
    data: z.looseObject({
      id: Name,
      title: StorableText.nullish(),
      assignees: z.array(z.looseObject({ summary: Name.nullish(), email: Name.nullish() })).nullish(),
    }),
  }),
});
const OpsgenieWebhook = z.object({
  action: z.string(),
  alert: z.looseObject({
    alertId: Name,
    message: StorableText.nullish(),
    /** Milliseconds; of the change, where it is given. */
    updatedAt: z.number().nullish(),
    createdAt: z.number().nullish(),
    recipients: z.array(Name).nullish(),
  }),
  recipient: z.looseObject({ name: Name.nullish(), username: Name.nullish() }).nullish(),
});
export const ShadowIntake = z.union([OwnPages, PagerDutyWebhook, OpsgenieWebhook]);
export type ShadowIntake = z.infer<typeof ShadowIntake>;

/** What it means: pages that began or are told whole, and an incident of which pages end. */
export interface Taken {
  source: string;
  pages: { id: string; at: string; endedAt: string | null; person: string; about: string }[];
  /** Ends the open pages whose id begins with this, but those of these people. */
  ends: { prefix: string; at: string; except: string[] } | null;
}

export function takenFrom(given: ShadowIntake): Taken | null {
  if ('pages' in given) return { source: given.source, pages: given.pages, ends: null };
  if ('event' in given) return fromPagerDuty(given);
  return fromOpsgenie(given);
}

const pagerDutyStarts = [
  'incident.triggered',
  'incident.reopened',
  'incident.escalated',
  'incident.delegated',
  'incident.reassigned',
  'incident.unacknowledged',
];
const pagerDutyEnds = ['incident.acknowledged', 'incident.resolved'];

function fromPagerDuty({ event }: z.infer<typeof PagerDutyWebhook>): Taken | null {
  const { data, occurred_at: at } = event;
  const prefix = `${data.id}/`;
  if (pagerDutyEnds.includes(event.event_type))
    return { source: 'pagerduty', pages: [], ends: { prefix, at, except: [] } };
  if (!pagerDutyStarts.includes(event.event_type)) return null;
  const people = (data.assignees ?? [])
    .map((each) => each.email ?? each.summary)
    .filter((name) => name !== null && name !== undefined);
  const about = (data.title ?? '').slice(0, 1_000);
  const pages = people.map((person) => ({ id: `${prefix}${event.id}`, at, endedAt: null, person, about }));
  return { source: 'pagerduty', pages, ends: { prefix, at, except: people } };
}

const opsgenieEnds = ['Acknowledge', 'Close', 'Delete'];
const opsgenieStarts = ['Create', 'Escalate', 'EscalateNext', 'AddRecipient', 'AssignOwnership', 'UnAcknowledge'];

function fromOpsgenie({ action, alert, recipient }: z.infer<typeof OpsgenieWebhook>): Taken | null {
  const ms = alert.updatedAt ?? alert.createdAt;
  if (ms === null || ms === undefined || !Number.isFinite(ms) || ms < 0 || ms > 4_102_444_800_000) return null;
  const at = new Date(ms).toISOString();
  const prefix = `${alert.alertId}/`;
  if (opsgenieEnds.includes(action)) return { source: 'opsgenie', pages: [], ends: { prefix, at, except: [] } };
  if (!opsgenieStarts.includes(action)) return null;
  const named = recipient?.username ?? recipient?.name;
  const people = named === null || named === undefined ? (alert.recipients ?? []) : [named];
  const about = (alert.message ?? '').slice(0, 1_000);
  return {
    source: 'opsgenie',
    pages: people.map((person) => ({ id: `${prefix}${ms}`, at, endedAt: null, person, about })),
    ends: null,
  };
}
