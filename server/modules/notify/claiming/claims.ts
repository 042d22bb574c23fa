// Takes what is due for this server: by lane, bundled by address, within the limits of each address.
import type { Tx } from '#server/database/transaction.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import type { LedgerStore } from '#server/modules/ledger/state.ts';
import type { Trace } from '#server/modules/ledger/trace.ts';
import { claimStore, type Claimed, type Lane } from '#server/modules/notify/claim-store.ts';
import { keptForImportant, limits, limitWindowMs } from '#server/modules/notify/claiming/decide-limit.ts';
import { createHoldBack, type HoldBackDeps } from '#server/modules/notify/holding/hold-back.ts';
import type { Ended, Settle } from '#server/modules/notify/settling/settle.ts';
import type { NotificationState } from '#server/modules/notify/state.ts';
import { publishPages } from '#server/modules/notify/store.ts';

/** One message on its way: the notification that gives it its id, and those told with it. */
export interface Claim {
  lead: NotificationState;
  members: NotificationState[];
  tokens: Claimed[];
  /** A desktop of this person is connected: the page is shown there, and a client will say so. */
  shownByClients: boolean;
}

export interface TakeDue {
  (tx: Tx, at: string, lanes: readonly Lane[]): Promise<{ claims: Claim[]; again: boolean }>;
}

export interface TakeDueDeps extends HoldBackDeps {
  newTrace(incidentId: string, at: string): Trace<Decisions>;
  ledger: LedgerStore;
  settle: Settle;
  serverId: string;
  leaseMs: number;
  /** How long clients have to show a page. */
  receiptWaitMs: number;
  /** People with a desktop connected to this server. */
  connectedUsers(): readonly string[];
}

export function createTakeDue(deps: TakeDueDeps): TakeDue {
  const { newTrace, ledger, settle, serverId, leaseMs, receiptWaitMs, connectedUsers } = deps;
  const holdBack = createHoldBack(deps);

  return async (tx, at, lanes) => {
    const due = await holdBack(tx, at, await claimStore.candidates(tx, at, lanes));
    if (due.length === 0) return { claims: [], again: false };
    const single = due.filter((one) => !isBundled(one));
    const groups = await groupByAddress(tx, at, due.filter(isBundled));
    const present = await presentDesktops(tx, single);
    const traces: Trace<Decisions>[] = [];
    const messages: { lead: NotificationState; members: NotificationState[] }[] = single.map((lead) => {
      return { lead, members: [] };
    });
    const held: Ended[] = [];
    for (const group of groups) {
      const decided = limit(at, group);
      messages.push(...decided.messages);
      held.push(...decided.held);
      traces.push(...decided.traces);
    }
    const claims = await claim(tx, at, messages, present);
    await ledger.append(
      tx,
      traces.flatMap((trace) => trace.entries),
    );
    const { again } = await settle(tx, at, held);
    return { claims, again };
  };

  async function groupByAddress(tx: Tx, at: string, due: NotificationState[]): Promise<Group[]> {
    if (due.length === 0) return [];
    const ours = await claimStore.lockAddresses(
      tx,
      due.map((one) => one.address),
    );
    const leads = due.filter((one) => ours.has(one.address));
    if (leads.length === 0) return [];
    const known = new Set(leads.map((lead) => lead.id));
    const found = await claimStore.companions(tx, at, [...ours], [...known]);
    const companions = await holdBack(
      tx,
      at,
      found.filter((one) => !known.has(one.id)),
    );
    // What a limit holds goes along with an important page that it lets through, and waits on otherwise.
    const urgent = new Set([...leads, ...companions].filter((one) => isUrgent(one) && one.dueAt <= at).map(keyOf));
    const joining = companions.filter((one) => one.dueAt <= at || one.bundledInto !== null || urgent.has(keyOf(one)));
    const all = new Map([...leads, ...joining].map((one) => [one.id, one]));
    // What was bundled with a message of a person whose message is not at hand now waits for it.
    const free = [...all.values()].filter((one) => one.bundledInto === null);
    const since = new Date(Date.parse(at) - limitWindowMs).toISOString();
    const counted = free.filter((one) => limits[one.via] !== undefined).map((one) => one.address);
    const sent =
      counted.length === 0
        ? new Map<string, string[]>()
        : await claimStore.sentSince(tx, at, since, [...new Set(counted)]);
    return [...Map.groupBy(free, keyOf)].map(([key, items]) => {
      return {
        due: items.toSorted(byUrgency),
        members: [...all.values()].filter((one) => one.bundledInto !== null && keyOf(one) === key),
        sent: sent.get(key) ?? [],
      };
    });
  }

  function limit(at: string, group: Group) {
    const messages: { lead: NotificationState; members: NotificationState[] }[] = [];
    const held: Ended[] = [];
    const traces: Trace<Decisions>[] = [];
    const sent = [...group.sent];
    let rest = group.due;
    while (rest.length > 0) {
      const [first] = rest;
      const trace = newTrace(first!.incidentId, at);
      const limited = trace.decide(
        'limit',
        {
          at,
          via: first!.via,
          // Of other incidents too, which not every reader of this one's ledger may see: ids of messages, no more.
          due: rest.map(({ id, dueAt, attempts, priority }) => ({ id, dueAt, attempts, priority })),
          sent,
        },
        (output) => {
          const many = output.action === 'send' ? output.bundled.length + 1 : rest.length;
          const title =
            output.action === 'wait'
              ? `${first!.label}: waits until ${output.until}`
              : many > 1
                ? `${first!.label}: ${many} pages in one message`
                : `${first!.label}: goes at once`;
          const window = limits[first!.via];
          const kept = rest.some((one) => one.priority === 'important') ? 0 : (keptForImportant[first!.via] ?? 0);
          const keptWords =
            kept === 0 ? '' : ` The last ${kept === 1 ? 'one is' : `${kept} are`} kept for important pages.`;
          const detail =
            window === undefined
              ? ''
              : `${output.sentInWindow} of ${window} messages in the last 15 minutes were used.${keptWords}`;
          return { title, detail };
        },
        { pageId: first!.pageId, ...(first!.userId === null ? {} : { userId: first!.userId }) },
      );
      if (limited.action === 'wait') {
        traces.push(trace);
        for (const one of rest) if (one.dueAt <= at) held.push(heldUntil(one, limited.until));
        return { messages, held, traces };
      }
      const told = new Set(limited.bundled);
      const lead = rest.find((one) => one.id === limited.lead)!;
      const members = [
        ...rest.filter((one) => told.has(one.id)),
        ...group.members.filter((member) => member.bundledInto === lead.id),
      ];
      if (limits[lead.via] !== undefined || members.length > 0) traces.push(trace);
      messages.push({ lead, members });
      sent.push(at);
      rest = rest.filter((one) => one.id !== lead.id && !told.has(one.id));
    }
    return { messages, held, traces };
  }

  async function presentDesktops(tx: Tx, due: readonly NotificationState[]): Promise<Set<string>> {
    const users = due.flatMap((one) => (one.via === 'desktop' && one.userId !== null ? [one.userId] : []));
    if (users.length === 0) return new Set();
    return new Set([...(await claimStore.present(tx, users)), ...connectedUsers()]);
  }

  async function claim(
    tx: Tx,
    at: string,
    messages: readonly { lead: NotificationState; members: NotificationState[] }[],
    present: ReadonlySet<string>,
  ): Promise<Claim[]> {
    const isShown = (one: NotificationState) => one.via === 'desktop' && present.has(one.userId ?? '');
    const asked = messages.flatMap(({ lead, members }) => [
      { id: lead.id, bundledInto: null, leaseMs: isShown(lead) ? receiptWaitMs : leaseMs },
      ...members.map((member) => ({ id: member.id, bundledInto: lead.id, leaseMs })),
    ]);
    const pageIds = messages.flatMap(({ lead, members }) => [lead, ...members].map((one) => one.pageId));
    const [claimed] = await Promise.all([
      claimStore.claim(tx, at, serverId, asked),
      publishPages(tx, at, [...new Set(pageIds)]),
    ]);
    const tokens = new Map(claimed.map(({ id, token }) => [id, token]));
    return messages.flatMap(({ lead, members }): Claim[] => {
      if (!tokens.has(lead.id)) return [];
      const mine = members.filter((member) => tokens.has(member.id));
      return [
        {
          lead,
          members: mine,
          tokens: [lead, ...mine].map((one) => ({ id: one.id, token: tokens.get(one.id)! })),
          shownByClients: isShown(lead),
        },
      ];
    });
  }
}

interface Group {
  due: NotificationState[];
  members: NotificationState[];
  sent: string[];
}

/** Messages to people are told together; a channel gets one for each incident, and a desktop shows each page. */
function isBundled(one: NotificationState): boolean {
  return one.userId !== null && one.via !== 'desktop';
}

function isUrgent(one: NotificationState): boolean {
  return one.priority === 'important';
}

/** Important ones first, then what is due the longest. */
function byUrgency(a: NotificationState, b: NotificationState): number {
  if (a.priority !== b.priority) return isUrgent(a) ? -1 : 1;
  if (a.dueAt !== b.dueAt) return a.dueAt < b.dueAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function keyOf(one: NotificationState): string {
  return `${one.via} ${one.address}`;
}

function heldUntil(one: NotificationState, until: string): Ended {
  return {
    notificationId: one.id,
    guard: 'waiting',
    outcome: { result: 'held', until },
    seen: null,
    reason: `this address has had as many messages as it gets in 15 minutes; it goes out with the next one`,
    response: '',
    ref: null,
    elapsedMs: null,
  };
}
