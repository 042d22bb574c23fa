// "What happened at 03:12, and who was on call?" Pure.
import type { Why } from '#server/contract/ledger.ts';
import type { Page } from '#server/contract/page.ts';
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { StoredEntry } from '#server/modules/ledger/store.ts';
import { parse, skippedIn, textOf } from '#server/modules/ledger/why-people.ts';
import { ledgerSteps, numbered, toneOf } from '#server/modules/ledger/why-steps.ts';
import { clockTime, sentence, told } from '#server/modules/ledger/why-words.ts';

export interface OnCallThen {
  schedule: string;
  userIds: readonly string[];
  explanation: string;
}

export function whyMinute(facts: {
  from: string;
  to: string;
  userId: string | null;
  reader: string;
  pages: readonly Page[];
  entries: readonly StoredEntry[];
  onCall: readonly OnCallThen[];
  names: ReadonlyMap<string, string>;
  mode: PagingSettings['mode'];
}): Why {
  const { from, userId, pages, names } = facts;
  const nameOf = (id: string | null) => names.get(id ?? '') ?? 'somebody deleted since';
  const whom = userId === null ? 'nobody' : userId === facts.reader ? 'you' : nameOf(userId);
  const entries = facts.entries.filter((entry) => userId === null || entry.userId === null || entry.userId === userId);
  const answer = [
    pages.length > 0
      ? `In the minute from ${clockTime(from)} ${pages.length === 1 ? 'one page was' : `${pages.length} pages were`} made: ${[...new Set(pages.map((page) => nameOf(page.userId ?? page.channelId)))].join(', ')}`
      : `In the minute from ${clockTime(from)} no page was made for ${whom === 'nobody' ? 'anybody' : whom}`,
    onCallSentence(facts.onCall, userId, facts.reader, nameOf),
    whatHappened(entries, pages.length === 0, userId === null ? '' : ` for ${whom}`),
  ];
  if (facts.mode !== 'live') answer[2] = `${sentence(answer[2] ?? '')} ${modeNow[facts.mode]}`;
  return {
    answer: answer.map(sentence),
    incident: null,
    alert: null,
    page: pages.length === 1 ? (pages[0] ?? null) : null,
    steps: numbered(ledgerSteps(entries)),
    attempts: [],
    next: null,
    others: [
      ...pages.map((page) => ({
        userId: page.userId,
        name: nameOf(page.userId ?? page.channelId),
        paged: true,
        why: page.reason,
      })),
      ...skippedIn(entries).map((one) => ({
        userId: one.userId,
        name: nameOf(one.userId),
        paged: false,
        why: one.why,
      })),
    ],
    onCall: facts.onCall.map((one) => ({
      schedule: one.schedule,
      people: one.userIds.map(nameOf),
      explanation: one.explanation,
    })),
    record:
      entries.length === 0
        ? null
        : { from: entries[0]?.sequence ?? 0, to: entries.at(-1)?.sequence ?? 0, entries: entries.length },
  };
}

/** What paging did in it, and, where that made no page, what held one back. */
function whatHappened(entries: readonly StoredEntry[], nobody: boolean, forWhom: string): string {
  if (entries.length === 0)
    return 'Nothing happened in it that could page anybody: the ledger has no entry of that minute';
  const about = new Set(entries.flatMap(({ incidentId }) => incidentId ?? [])).size;
  const steps = entries.length === 1 ? 'one entry' : `${entries.length} entries`;
  const whole = `The ledger has ${steps} of that minute${about === 0 ? '' : `, about ${about === 1 ? 'one incident' : `${about} incidents`}`}`;
  const held = nobody ? entries.filter(heldBack) : [];
  const [first] = held;
  if (first === undefined) return nobody ? `${whole}; none of them made a page${forWhom}` : whole;
  const reasons = new Set(held.map(told)).size;
  return `${whole}. What kept pages back: ${told(first)}${reasons === 1 ? '' : `, and ${reasons - 1} more, below`}`;
}

/** A decision of this kind may also have begun a page, or let one go on. */
function heldBack(entry: StoredEntry): boolean {
  if (entry.kind === 'stop') return ['stop', 'rest'].includes(textOf(parse(entry.output), ['action']) ?? '');
  return (entry.kind === 'hold' || entry.kind === 'limit') && toneOf(entry) === 'held';
}

const modeNow = {
  shadow: 'The center runs in shadow mode now: pages are decided, and none is sent.',
  paused: 'Paging is paused now.',
} as const;

function onCallSentence(
  onCall: readonly OnCallThen[],
  userId: string | null,
  reader: string,
  nameOf: (id: string) => string,
): string {
  if (onCall.length === 0) return 'There is no schedule, so nobody was on call';
  const gaps = onCall.filter((one) => one.userIds.length === 0).map((one) => one.schedule);
  if (userId !== null) {
    const on = onCall.filter((one) => one.userIds.includes(userId)).map((one) => one.schedule);
    const who = userId === reader ? 'You were' : `${nameOf(userId)} was`;
    return on.length > 0 ? `${who} on call in ${on.join(', ')}` : `${who} not on call anywhere`;
  }
  if (gaps.length === onCall.length) return `Nobody was on call: ${gaps.join(', ')} had a gap`;
  const people = onCall.filter((one) => one.userIds.length > 0).slice(0, 5);
  return `On call ${people.map((one) => `in ${one.schedule} ${one.userIds.map(nameOf).join(' and ')}`).join('; ')}${gaps.length > 0 ? `; a gap in ${gaps.join(', ')}` : ''}`;
}

/** Every schedule there was, with whom it had on call; one without anybody had a gap. */
export function onCallOf(
  schedules: readonly { id: string; draft: { name: string } }[],
  items: readonly { scheduleId: string; userId: string; user: string; source: { name: string } }[],
): OnCallThen[] {
  return schedules.map(({ id, draft }) => {
    const on = items.filter((item) => item.scheduleId === id);
    return {
      schedule: draft.name,
      userIds: on.map((item) => item.userId),
      explanation:
        on.length === 0 ? 'nobody: a gap' : on.map(({ user, source }) => `${user} through “${source.name}”`).join(', '),
    };
  });
}
