// What a page to one person or one channel becomes: which ways, when, and which were passed over and why.
import type { ContactMethodDraft, NotificationRule } from '#server/contract/responder.ts';
import type { Priority } from '#server/contract/policy.ts';
import type { DocumentList, StoredDocument } from '#server/modules/config/state.ts';
import { carriers } from '#server/modules/notify/planning/carriers.ts';
import { contactLabel } from '#server/modules/notify/planning/contact-label.ts';
import type { PlannedNotification } from '#server/modules/notify/state.ts';

export interface PlanInput {
  target: { type: 'user'; id: string; responder: StoredDocument<'responder'> | null } | { type: 'channel'; id: string };
  priority: Priority;
  channels: DocumentList<'channel'>;
  at: string;
}

export type SkipReason =
  | 'unverified'
  | 'method-disabled'
  | 'unknown-method'
  | 'no-channel'
  | 'channel-disabled'
  | 'channel-gone';

export interface SkippedMethod {
  methodId: string | null;
  label: string;
  reason: SkipReason;
  /** In words, for the ledger. */
  text: string;
}

/** How a page is to be told. `notifications` is empty only for a channel that is gone or disabled. */
export interface Plan {
  notifications: PlannedNotification[];
  skipped: SkippedMethod[];
  /** Do-not-disturb holds everything until then. The page stands all the same, and the next step goes on. */
  heldUntil: string | null;
  /** It reaches the person in their quiet hours, which pages pass. */
  quietHours: boolean;
  /** What else there is to say, in words. */
  notes: string[];
}

export function decidePlan(input: PlanInput): Plan {
  return input.target.type === 'channel' ? planChannel(input, input.target.id) : planPerson(input, input.target);
}

function planChannel({ channels, at }: PlanInput, id: string): Plan {
  const channel = channels.items.find((item) => item.id === id);
  if (channel === undefined || !channel.draft.enabled) {
    const [label, reason, text] =
      channel === undefined
        ? (['a channel', 'channel-gone', 'This channel was deleted.'] as const)
        : ([channel.draft.name, 'channel-disabled', `The channel ${channel.draft.name} is switched off.`] as const);
    return { ...nothing, skipped: [{ methodId: null, label, reason, text }] };
  }
  const { kind, name } = channel.draft;
  return {
    ...nothing,
    notifications: [{ methodId: null, channelId: id, via: kind, label: name, place: 0, dueAt: at }],
  };
}

const nothing: Plan = { notifications: [], skipped: [], heldUntil: null, quietHours: false, notes: [] };

function planPerson(
  { priority, channels, at }: PlanInput,
  { responder }: Extract<PlanInput['target'], { type: 'user' }>,
): Plan {
  if (responder === null) {
    return { ...nothing, notifications: [desktopAt(at)], notes: ['There is no profile yet: desktop at once.'] };
  }
  const { draft } = responder;
  const heldUntil = holdOf(draft.doNotDisturb, priority, at);
  const begins = heldUntil ?? at;
  const notifications: PlannedNotification[] = [];
  const skipped: SkippedMethod[] = [];
  const notes: string[] = [];
  const rules: readonly NotificationRule[] = draft.rules[priority];
  for (const [place, rule] of rules.entries()) {
    const method = draft.contactMethods.find((item) => item.id === rule.methodId);
    const way = method === undefined ? unknownMethod(rule.methodId) : wayOf(method, responder, channels);
    if ('reason' in way) {
      skipped.push(way);
      continue;
    }
    const { note, ...rest } = way;
    if (note !== null) notes.push(note);
    notifications.push({ ...rest, place, dueAt: later(begins, rule.delayMinutes * 60_000) });
  }
  if (notifications.length === 0) {
    notifications.push(desktopAt(begins));
    notes.push(
      rules.length === 0
        ? `There are no rules for ${priority} pages: desktop at once.`
        : 'None of the rules can be used: desktop at once.',
    );
  }
  const quietHours = draft.quietHours !== null && isWithin(draft.quietHours, localTime(draft.timeZone, at));
  return { notifications, skipped, heldUntil, quietHours, notes };
}

function desktopAt(at: string): PlannedNotification {
  return { methodId: null, channelId: null, via: 'desktop', label: 'desktop', place: 0, dueAt: at };
}

/** Until when pages of that priority wait; null: they do not. */
export function holdOf(
  doNotDisturb: { until: string; importantPass: boolean } | null,
  priority: Priority,
  at: string,
): string | null {
  if (doNotDisturb === null || doNotDisturb.until <= at) return null;
  return priority === 'important' && doNotDisturb.importantPass ? null : doNotDisturb.until;
}

function unknownMethod(methodId: string): SkippedMethod {
  const text = 'A rule names a contact method that is no longer there.';
  return { methodId, label: 'a method that is gone', reason: 'unknown-method', text };
}

type Way = Omit<PlannedNotification, 'place' | 'dueAt'> & { note: string | null };

function wayOf(
  method: ContactMethodDraft,
  responder: StoredDocument<'responder'>,
  channels: DocumentList<'channel'>,
): Way | SkippedMethod {
  const { id: methodId, kind, address } = method;
  const label = contactLabel(kind, address);
  if (!method.enabled) {
    return { methodId, label, reason: 'method-disabled', text: `The person switched this off: ${label}.` };
  }
  if (kind === 'desktop') return { methodId, channelId: null, via: kind, label, note: null };
  const proof = responder.state.verified[methodId];
  if (proof === undefined || proof.address !== address) {
    const text = `Its code never came back, so it is not used: ${label}.`;
    return { methodId, label, reason: 'unverified', text };
  }
  const able = channels.items.filter((item) => item.draft.enabled && carriers[kind].includes(item.draft.kind));
  const chosen = able.find((item) => item.id === method.channelId) ?? able[0];
  if (chosen === undefined) {
    return { methodId, label, reason: 'no-channel', text: `No channel that is switched on can carry it: ${label}.` };
  }
  const instead = method.channelId !== null && chosen.id !== method.channelId;
  const note = instead ? `${label}: its channel cannot be used, so ${chosen.draft.name} carries it.` : null;
  return { methodId, channelId: chosen.id, via: kind, label, note };
}

function later(at: string, ms: number): string {
  return ms === 0 ? at : new Date(Date.parse(at) + ms).toISOString();
}

function isWithin({ from, to }: { from: string; to: string }, time: string): boolean {
  return from < to ? time >= from && time < to : time >= from || time < to;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** `07:30` */
function localTime(timeZone: string, at: string): string {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    clocks.set(timeZone, clock);
  }
  return clock.format(Date.parse(at));
}
