// What may be done with an action and when it is sent. Pure: the outbox's runner asks, these functions decide.
import {
  type Action,
  actionPolicies,
  type ActionKind,
  type Intent,
  type IntentAnswer,
  intentBatchMax,
  type IntentResult,
  offlinePolicy,
  recheckAfterMinutes,
} from '#server/contract/intent.ts';
import type { Severity } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { faceOf } from '../actions/faces.ts';

export interface OutboxItem {
  intent: Intent;
  /** Order of making; sent in this order. */
  place: number;
  /**
   * queued: goes out by itself. waiting: old, needs a person's yes. held: the center is too old to know it; goes out by
   * itself once it was updated. draft: an incident to declare, of which nobody has been told; a person declares it.
   * applied: the server has it, the replica not yet. conflict: somebody changed the same thing, a person decides.
   * rejected: the server refused. refused: never left this machine, for lack of a network. Both are shown until dismissed.
   */
  state: 'queued' | 'waiting' | 'held' | 'draft' | 'applied' | 'conflict' | 'rejected' | 'refused';
  /** Times it was sent. Once it was, the outcome may exist on the server, so the same id is sent again. */
  attempts: number;
  /** The person said yes to sending it although it is old. */
  confirmed: boolean;
  /** Device clock of its making, to tell its age without trusting the server's offset. */
  madeAt: number;
  /** `queued`: the server failed at it when it was sent last, and did nothing of it. */
  reason: string | null;
  /** `applied`: the version to wait for. */
  version: number | null;
  /** `conflict`: the entity as the server has it. */
  current: unknown;
  /** `conflict`: who made it so, and when, where the server could tell. */
  theirs?: { by: string | null; at: string | null } | undefined;
}

export type Admission = { ok: true } | { ok: false; reason: string };

/** Whether an action may enter the outbox now. `incident` is the one that it acts on, where there is one. */
export function admit(kind: ActionKind, reachable: boolean, incident?: { severity: Severity }): Admission {
  if (reachable || offlinePolicy(kind, incident) !== 'refuse') return { ok: true };
  return { ok: false, reason: refusalReason(kind) };
}

/** Why an action is not queued, in words that follow "Refused, because". */
export function refusalReason(kind: ActionKind): string {
  return faceOf({ kind }).refusal ?? t`this needs the server`;
}

/** Characters of one call, well below what the server takes; more than one long text in it is then another call. */
const batchCharacters = 256_000;

/** Actions of one lane are sent in the order they were made. */
export function laneOf(action: Action): string {
  return faceOf(action).lane(action);
}

/** What two actions would quarrel about; null for actions that only add. */
export function guardOf(action: Action): string | null {
  return faceOf(action).guard(action);
}

/** A clock that is kept right is set back by less. */
const clockJitterMs = 60_000;

/** Items whose time to be sent by themselves is over: they wait for a person's yes. */
export function expireRecheck(items: readonly OutboxItem[], now: number): OutboxItem[] {
  return items.map((item) => {
    const policy = actionPolicies[item.intent.action.kind].offline;
    const ageMs = now - item.madeAt;
    // Made in the future: the clock was set back since, and how old it is nobody knows.
    const old = ageMs > recheckAfterMinutes * 60_000 || ageMs < -clockJitterMs;
    // A refused kind is only here when it was made with a server in reach; its fate is unknown once it was sent.
    const asks = policy === 'recheck' || policy === 'refuse';
    return item.state === 'queued' && asks && old && !item.confirmed ? { ...item, state: 'waiting' } : item;
  });
}

/**
 * What goes out in the next call, in order. Two actions on the same guarded thing never share a batch, because the
 * second is based on the version that the first makes. An action waits for the one it depends on. One that the center
 * does not understand holds up what builds on it, and nothing else: an acknowledgement never waits for it. One at which
 * the server failed a moment ago holds up its lane, and where it keeps failing no more than that.
 */
export function nextBatch(
  items: readonly OutboxItem[],
  understood: (kind: ActionKind) => boolean = () => true,
  resting: (id: string) => 'in-line' | 'aside' | null = () => null,
): Intent[] {
  const batch: Intent[] = [];
  let characters = 0;
  const inBatch = new Set<string>();
  const guards = new Set<string>();
  const heldLanes = new Set<string>();
  const open = new Map(items.map((item) => [item.intent.id, item]));
  const isAside = ({ id, action }: Intent): boolean => !understood(action.kind) || resting(id) === 'aside';
  for (const item of [...items].sort((a, b) => a.place - b.place)) {
    const { intent } = item;
    const lane = laneOf(intent.action);
    const guard = guardOf(intent.action);
    if (item.state !== 'queued' || isAside(intent)) {
      // It waits for a person, or for another center, about this very thing; later actions on it wait too.
      if (isOpen(item) && guard !== null) guards.add(guard);
      continue;
    }
    if (heldLanes.has(lane)) continue;
    const dependency = intent.dependsOn === null ? undefined : open.get(intent.dependsOn);
    const dependencyMet =
      dependency === undefined || dependency.state === 'applied' || inBatch.has(dependency.intent.id);
    if (!dependencyMet || resting(intent.id) !== null || (guard !== null && guards.has(guard))) {
      const forAside = dependency !== undefined && isAside(dependency.intent);
      if (!forAside) heldLanes.add(lane);
      continue;
    }
    characters += JSON.stringify(intent).length;
    if (batch.length > 0 && characters > batchCharacters) break;
    if (guard !== null) guards.add(guard);
    inBatch.add(intent.id);
    batch.push(intent);
    if (batch.length === intentBatchMax) break;
  }
  return batch;
}

function isOpen({ state }: OutboxItem): boolean {
  return state === 'queued' || state === 'waiting' || state === 'held' || state === 'conflict';
}

/** What the center does not understand waits, visibly, until one does; then it goes by itself. */
export function holdUnknown(items: readonly OutboxItem[], understood: (kind: ActionKind) => boolean): OutboxItem[] {
  return items.map((item) => {
    const known = understood(item.intent.action.kind);
    if (item.state === 'queued' && !known) return { ...item, state: 'held', reason: tooOld };
    return item.state === 'held' && known ? { ...item, state: 'queued', reason: null } : item;
  });
}

const tooOld = t`The center is older than this client and does not know this action yet.`;

export interface Settled {
  items: OutboxItem[];
  /** What a person should hear about. */
  news: { item: OutboxItem; result: IntentResult }[];
}

/** The outbox after the server answered. An answer for an item that is no longer here changes nothing. */
export function settle(items: readonly OutboxItem[], results: readonly IntentAnswer[]): Settled {
  let next = [...items];
  const news: Settled['news'] = [];
  for (const result of results) {
    const item = next.find((candidate) => candidate.intent.id === result.id);
    if (item === undefined) continue;
    switch (result.outcome) {
      case 'applied':
        next = replace(next, { ...item, state: 'applied', version: result.version, reason: null });
        next = rebase(next, item, result.version);
        break;
      case 'noop':
        next = next.filter((candidate) => candidate !== item);
        break;
      case 'conflict':
        next = replace(next, {
          ...item,
          state: 'conflict',
          reason: result.reason,
          current: result.current,
          theirs: { by: result.by ?? null, at: result.at ?? null },
        });
        break;
      case 'rejected':
        if (result.code === 'unknown-action') {
          next = replace(next, { ...item, state: 'held', reason: result.reason });
          break;
        }
        next = replace(next, { ...item, state: 'rejected', reason: result.reason });
        next = rejectDependents(next, item.intent.id);
        break;
      case 'failed':
        next = replace(next, { ...item, attempts: item.attempts - 1, reason: result.reason });
        continue;
    }
    news.push({ item, result });
  }
  return { items: next, news };
}

/** After a lost answer: the same intents stay, the count says that their outcome may already exist. */
export function markSent(items: readonly OutboxItem[], ids: ReadonlySet<string>): OutboxItem[] {
  return items.map((item) => (ids.has(item.intent.id) ? { ...item, attempts: item.attempts + 1, reason: null } : item));
}

/** The server said that it did not come to these: the last sending of them counts as none. */
export function markUntried(items: readonly OutboxItem[], ids: ReadonlySet<string>): OutboxItem[] {
  return items.map((item) => (ids.has(item.intent.id) ? { ...item, attempts: item.attempts - 1 } : item));
}

/** A person applies his own again after a conflict: a new action with a new id, based on what the server has now. */
export function reapplied(item: OutboxItem, id: string, at: string, now: number): OutboxItem {
  const version = versionOf(item.current);
  return {
    ...item,
    intent: { ...item.intent, id, at, baseVersion: version ?? item.intent.baseVersion },
    state: 'queued',
    attempts: 0,
    confirmed: true,
    madeAt: now,
    reason: null,
    current: null,
    theirs: undefined,
  };
}

export function without(items: readonly OutboxItem[], gone: ReadonlySet<OutboxItem>): OutboxItem[] {
  return items.filter((item) => !gone.has(item));
}

export function versionOf(entity: unknown): number | null {
  if (typeof entity !== 'object' || entity === null || !('version' in entity)) return null;
  return typeof entity.version === 'number' ? entity.version : null;
}

function replace(items: OutboxItem[], changed: OutboxItem): OutboxItem[] {
  return items.map((item) => (item.intent.id === changed.intent.id ? changed : item));
}

function rejectDependents(items: OutboxItem[], id: string): OutboxItem[] {
  let next = items;
  for (const item of items) {
    const unsent = item.state === 'queued' || item.state === 'waiting' || item.state === 'held';
    if (item.intent.dependsOn !== id || !unsent) continue;
    next = replace(next, { ...item, state: 'rejected', reason: t`It depends on an action that the server refused.` });
    next = rejectDependents(next, item.intent.id);
  }
  return next;
}

/** A later action of mine on the same thing builds on what I just did, not on what I saw before. */
function rebase(items: OutboxItem[], done: OutboxItem, version: number | null): OutboxItem[] {
  const guard = guardOf(done.intent.action);
  if (guard === null || version === null) return items;
  return items.map((item) =>
    item.state === 'queued' && item.place > done.place && guardOf(item.intent.action) === guard
      ? { ...item, intent: { ...item.intent, baseVersion: Math.max(item.intent.baseVersion ?? 0, version) } }
      : item,
  );
}
