// What a run of the simulation ended with, held against the promises of paging, its own log, and the replay of its ledger.
import type { EscalationState } from '#server/modules/escalation/state.ts';
import type { IncidentState } from '#server/modules/incidents/state.ts';
import { replay } from '#server/modules/ledger/replay.ts';
import type { EntryDraft } from '#server/modules/ledger/trace.ts';
import type { PageState } from '#server/modules/notify/state.ts';
import { decisions } from '#server/paging/decisions.ts';
import type { MemoryLogger } from '#server/testkit/logger.ts';
import type { Fired, NotificationRow } from '#server/testkit/paging-sim/memory-paging.ts';
import type { ConfigBook } from '#server/testkit/paging-sim/paging-config.ts';
import { brokenPagingPromises, type PagingDump } from '#server/testkit/paging-sim/paging-promises.ts';
import type { MemoryDatabase } from '#server/testkit/sim/memory-database.ts';

/** What was watched while it ran; the rest of the dump is what stands in the database. */
type Seen = Pick<
  PagingDump,
  'calm' | 'cuts' | 'policies' | 'sent' | 'answered' | 'forced' | 'throughSilence' | 'unsettled'
>;

export async function judgePaging(run: {
  database: MemoryDatabase;
  book: ConfigBook;
  logger: MemoryLogger;
  seen: Seen;
}): Promise<{ broken: string[]; steps: number; pages: number }> {
  const { database, book, logger, seen } = run;
  const entries = database.committed<EntryDraft>('ledger');
  const dump: PagingDump = {
    ...seen,
    entries,
    edited: seen.policies.size > 1,
    fired: database.committed<Fired>('fired'),
    escalations: database.committed<EscalationState>('escalation'),
    incidents: database.committed<IncidentState>('incident'),
    pages: database.committed<PageState>('page'),
    notifications: database.committed<NotificationRow>('notification'),
  };
  const broken = [...brokenPagingPromises(dump)];
  const loud = logger.entries.filter((entry) => entry.level === 'error');
  broken.push(...loud.map((entry) => `logged: ${entry.message} ${JSON.stringify(entry.fields)}`));
  const again = await replay(
    entries.map((entry, sequence) => ({ ...entry, sequence })),
    decisions,
    book,
  );
  for (const different of again.different.slice(0, 3)) broken.push(`replay of ${different.kind} decided otherwise`);
  if (again.missing.length > 0) broken.push('replay misses documents');
  return { broken, steps: dump.fired.length, pages: dump.pages.length };
}
