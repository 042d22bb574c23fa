import { z } from 'zod';
import { Alert } from '#server/contract/alert.ts';
import { ChatMessage } from '#server/contract/chat.ts';
import { configEntities } from '#server/contract/config.ts';
import { Ask, Participant, Poll } from '#server/contract/console.ts';
import { GroupingRule } from '#server/contract/grouping.ts';
import { ChangeEvent, Incident, Task, TimelineEntry } from '#server/contract/incident.ts';
import { Integration } from '#server/contract/integration.ts';
import { Page } from '#server/contract/page.ts';
import { Team, User } from '#server/contract/people.ts';
import { Escalation } from '#server/contract/policy.ts';
import { Postmortem } from '#server/contract/postmortem.ts';
import { Preference } from '#server/contract/preference.ts';
import { Id, Instant } from '#server/contract/primitives.ts';
import { Roster } from '#server/contract/schedule.ts';
import { Silence } from '#server/contract/silence.ts';
import { StatusUpdate } from '#server/contract/status-update.ts';
import { Service } from '#server/contract/service.ts';
import { SavedView } from '#server/contract/view.ts';

/** Everything a client keeps its own copy of. The order is the order of a snapshot: people first, the many last. */
export const replicatedEntities = {
  user: User,
  team: Team,
  integration: Integration,
  rule: GroupingRule,
  silence: Silence,
  view: SavedView,
  /** The person's own. */
  preference: Preference,
  service: Service,
  ...configEntities,
  /** Of each schedule, two weeks back and ahead. */
  roster: Roster,
  incident: Incident,
  task: Task,
  participant: Participant,
  ask: Ask,
  poll: Poll,
  statusUpdate: StatusUpdate,
  postmortem: Postmortem,
  timeline: TimelineEntry,
  /** The newest of each room whose timeline is replicated. */
  chat: ChatMessage,
  /** Of open incidents. */
  escalation: Escalation,
  /** Of open incidents, and those of the last 24 hours. */
  page: Page,
  change: ChangeEvent,
  alert: Alert,
} as const;
export type EntityName = keyof typeof replicatedEntities;
export type EntityOf<N extends EntityName> = z.infer<(typeof replicatedEntities)[N]>;
export const entityNames = Object.keys(replicatedEntities) as EntityName[];
export const EntityName = z.enum(entityNames as [EntityName, ...EntityName[]]);

/**
 * One change of one entity. `put` carries the whole new state and is ignored by a reader that holds the same or a
 * higher version; `delete` means gone, or no longer yours to see.
 */
export const Change = z.discriminatedUnion('op', [
  z.object({ op: z.literal('put'), entity: EntityName, id: Id, version: z.int(), body: z.unknown() }),
  z.object({ op: z.literal('delete'), entity: EntityName, id: Id, version: z.int() }),
]);
export type Change = z.infer<typeof Change>;

/**
 * A place in the change feed: `<transaction id>.<sequence>`, decimal, opaque to clients but for equality.
 * Readers only see places below the oldest running transaction, so the order has no holes.
 */
export const FeedPosition = z.string().regex(/^\d{1,20}\.\d{1,20}$/);
export type FeedPosition = z.infer<typeof FeedPosition>;

/** One message of the stream. A heartbeat is a message without changes. */
export const FeedMessage = z.object({
  /** Position of the message sent to this client before this one; a mismatch means loss and forces a snapshot. */
  previous: FeedPosition,
  position: FeedPosition,
  /** Server clock, for the offset that elapsed times are shown with. */
  serverNow: Instant,
  changes: z.array(Change),
  /** The reader has to start over from a snapshot, and why. */
  reset: z.enum(['cursor-too-old', 'audience-changed', 'too-far-behind']).nullable(),
});
export type FeedMessage = z.infer<typeof FeedMessage>;

/** A page of the snapshot. The position on the first page is where the stream goes on from. */
export const SnapshotPage = z.object({
  position: FeedPosition,
  serverNow: Instant,
  changes: z.array(Change),
  next: z.string().nullable(),
});
export type SnapshotPage = z.infer<typeof SnapshotPage>;

/** Caps of what is replicated (UX.md 5). Older or further things are ordinary queries. */
export const replicaLimits = {
  alerts: 50_000,
  alertHours: 24,
  closedIncidentDays: 30,
  timelines: 50,
  /** Messages of one room. */
  chatPerIncident: 500,
  changeHours: 24,
  /** What the copy may take on a disk. */
  bytes: 512 * 1024 * 1024,
  /** Of pages whose incident is closed. */
  pageHours: 24,
} as const;
