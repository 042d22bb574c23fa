// The face of the ledger: entries, answers, replay.
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { ReplayReport, Why } from '#server/contract/ledger.ts';
import type { LedgerEntry } from '#server/contract/page.ts';
import type { PagingSettings } from '#server/contract/paging-settings.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import type { ConfigHistory } from '#server/modules/config/state.ts';
import {
  readAlertEvents,
  readAlertFact,
  readEscalationFact,
  readIncidentFact,
  readPageIncident,
  readPagesBetween,
  readPagesOf,
} from '#server/modules/ledger/facts-store.ts';
import { addReport, replay } from '#server/modules/ledger/replay.ts';
import {
  type EntryFilter,
  findIncident,
  readEntries,
  type StoredEntry,
  visibleAmong,
} from '#server/modules/ledger/store.ts';
import type { DecisionTable } from '#server/modules/ledger/trace.ts';
import { type OnCallThen, whyMinute } from '#server/modules/ledger/why-minute.ts';
import { skippedIn, peopleIn } from '#server/modules/ledger/why-people.ts';
import { type WhyFacts, whyNot, whyPaged } from '#server/modules/ledger/why.ts';
import type { Clock } from '#server/ports/clock.ts';

/** An incident with more entries than this is told from its newest ones. */
const entriesMax = 5_000;
const replayMax = 50_000;
const replayPage = 2_000;

export interface WhyQuestion {
  pageId?: string | undefined;
  incidentId?: string | undefined;
  alertId?: string | undefined;
  /** Null: everybody ("why nobody?"). */
  userId?: string | null | undefined;
  at?: string | undefined;
}

export interface Ledger {
  entries(
    actor: Actor,
    filter: EntryFilter,
    page: { cursor: string | null; limit: number },
  ): Promise<{ items: LedgerEntry[]; nextCursor: string | null }>;
  /** The entries of the incident of that alert, and the alert's own history. */
  ofAlert(actor: Actor, alertId: string): Promise<{ items: LedgerEntry[]; why: Why }>;
  why(actor: Actor, question: WhyQuestion): Promise<Why>;
  replay(
    actor: Actor,
    span: { incidentNumber?: number | undefined; incidentId?: string | undefined; days?: number | undefined },
  ): Promise<ReplayReport>;
}

export function createLedger(deps: {
  database: SqlReader;
  decisions: DecisionTable;
  history: ConfigHistory;
  /** Names of users and channels. */
  names(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Who was on call on every schedule at that instant. */
  onCallAt(at: string): Promise<OnCallThen[]>;
  mode(): PagingSettings['mode'];
  clock: Clock;
}): Ledger {
  const { database, decisions, history, clock } = deps;
  const now = () => new Date(clock.now()).toISOString();

  async function entries(actor: Actor, filter: EntryFilter, page: { cursor: string | null; limit: number }) {
    if (filter.incidentId !== undefined && (await findIncident(database, actor, { id: filter.incidentId })) === null)
      throw notFound('incident');
    if (filter.pageId !== undefined && (await readPageIncident(database, actor, filter.pageId)) === null)
      throw notFound('page');
    const after = page.cursor === null ? 0 : Number(page.cursor);
    const rows = await readEntries(database, actor, filter, { after, limit: page.limit + 1 });
    const items = rows.slice(0, page.limit);
    const last = items.at(-1);
    return {
      items: await published(actor, items),
      nextCursor: rows.length > page.limit && last !== undefined ? String(last.sequence) : null,
    };
  }

  /** A cause that was restricted since it held this incident is left out: the record itself keeps it, for the replay. */
  async function published(actor: Actor, recorded: readonly StoredEntry[]): Promise<LedgerEntry[]> {
    const read = recorded.map((entry): LedgerEntry => {
      return { ...entry, input: JSON.parse(entry.input), output: JSON.parse(entry.output) };
    });
    const holds = read.filter((entry) => entry.kind === 'hold' && causesIn(entry.input).length > 0);
    const ids = holds.flatMap((entry) => causesIn(entry.input).map((cause) => cause.incidentId));
    const visible = await visibleAmong(database, actor, [...new Set(ids)]);
    for (const entry of holds) {
      const causes = causesIn(entry.input).filter((cause) => visible.has(cause.incidentId));
      entry.input = { ...(entry.input as object), causes };
    }
    return read;
  }

  async function factsOf(actor: Actor, incidentId: string | null, alertId: string | null): Promise<WhyFacts> {
    const alert = alertId === null ? null : await readAlertFact(database, actor, alertId);
    if (alertId !== null && alert === null) throw notFound('alert');
    const id = incidentId ?? alert?.incidentId ?? null;
    const incident = id === null ? null : await readIncidentFact(database, actor, id);
    if (incidentId !== null && incident === null) throw notFound('incident');
    const [alertEvents, escalation, pages, recorded] = await Promise.all([
      alertId === null ? [] : readAlertEvents(database, alertId),
      incident === null ? null : readEscalationFact(database, incident.id),
      incident === null ? [] : readPagesOf(database, actor, incident.id),
      incident === null ? [] : readEntries(database, actor, { incidentId: incident.id }, { newest: entriesMax }),
    ]);
    const ids = [
      ...pages.flatMap((page) => [page.userId, page.channelId]),
      ...recorded.map((entry) => entry.userId),
      ...[...skippedIn(recorded), ...peopleIn(recorded)].map((one) => one.userId),
    ].filter((one) => one !== null);
    return {
      incident,
      alert,
      alertEvents,
      escalation,
      pages,
      entries: recorded,
      names: await deps.names([...new Set(ids)]),
      mode: deps.mode(),
      now: now(),
    };
  }

  async function why(actor: Actor, question: WhyQuestion): Promise<Why> {
    const { pageId, userId = null } = question;
    if (pageId !== undefined) {
      const incidentId = await readPageIncident(database, actor, pageId);
      if (incidentId === null) throw notFound('page');
      const facts = await factsOf(actor, incidentId, null);
      const page = facts.pages.find((one) => one.id === pageId);
      if (page === undefined) throw notFound('page');
      return whyPaged(await named(facts, page.userId), page, actor.userId);
    }
    if (question.incidentId === undefined && question.alertId === undefined)
      return minute(actor, question.at ?? now(), userId);
    const facts = await named(await factsOf(actor, question.incidentId ?? null, question.alertId ?? null), userId);
    const page = facts.pages.findLast((one) => userId === null || one.userId === userId);
    // "Why was nobody?" of an incident that did page somebody is answered by that page.
    return page === undefined ? whyNot(facts, userId, actor.userId) : whyPaged(facts, page, actor.userId);
  }

  async function named(facts: WhyFacts, userId: string | null): Promise<WhyFacts> {
    if (userId === null || facts.names.has(userId)) return facts;
    return { ...facts, names: new Map([...facts.names, ...(await deps.names([userId]))]) };
  }

  async function minute(actor: Actor, at: string, userId: string | null): Promise<Why> {
    const from = new Date(Math.floor(Date.parse(at) / 60_000) * 60_000).toISOString();
    const to = new Date(Date.parse(from) + 60_000).toISOString();
    const [pages, recorded, onCall] = await Promise.all([
      readPagesBetween(database, actor, { from, to, userId }),
      readEntries(database, actor, { from, to }, { newest: entriesMax }),
      deps.onCallAt(at),
    ]);
    const ids = [
      userId,
      ...pages.flatMap((page) => [page.userId, page.channelId]),
      ...onCall.flatMap((one) => one.userIds),
      ...skippedIn(recorded).map((one) => one.userId),
    ].filter((one) => one !== null);
    const names = await deps.names([...new Set(ids)]);
    return whyMinute({
      from,
      to,
      userId,
      reader: actor.userId,
      pages,
      entries: recorded,
      onCall,
      names,
      mode: deps.mode(),
    });
  }

  return {
    entries,
    why,

    async ofAlert(actor, alertId) {
      const facts = await factsOf(actor, null, alertId);
      return { items: await published(actor, facts.entries), why: await why(actor, { alertId }) };
    },

    async replay(actor, span) {
      const filter: EntryFilter = {};
      if (span.incidentId !== undefined || span.incidentNumber !== undefined) {
        const by = span.incidentId !== undefined ? { id: span.incidentId } : { number: span.incidentNumber ?? 0 };
        const incidentId = await findIncident(database, actor, by);
        if (incidentId === null) throw notFound('incident');
        filter.incidentId = incidentId;
      } else filter.from = new Date(clock.now() - (span.days ?? 1) * 86_400_000).toISOString();

      const total: ReplayReport = {
        entries: 0,
        same: 0,
        observations: 0,
        documents: 0,
        different: [],
        missing: [],
        truncated: false,
      };
      for (let after = 0; ;) {
        const rows = await readEntries(database, actor, filter, { after, limit: replayPage });
        const part = await replay(
          rows,
          decisions,
          {
            documents: (refs) => history.documents(database, refs),
            lists: (refs) => history.lists(database, refs),
          },
          () => clock.sleep(0),
        );
        addReport(total, part);
        after = rows.at(-1)?.sequence ?? after;
        if (rows.length < replayPage) return total;
        if (total.entries >= replayMax) return { ...total, truncated: true };
      }
    },
  };
}

function causesIn(input: unknown): { incidentId: string }[] {
  return (input as { causes?: { incidentId: string }[] }).causes ?? [];
}

function notFound(what: string): AppError {
  return new AppError('not-found', `There is no such ${what}, or you may not see it.`);
}
