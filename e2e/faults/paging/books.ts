// What the books say, read by a connection of its own: steps, pages and ledger against what the witness saw.
import type { Center } from './center.ts';
import type { Verdict } from './witness.ts';

export interface Books {
  incidents: number;
  /** More steps fired than the policy has for one run. */
  stepsTwice: number;
  /** Pages beyond one for each of the incident's targets. */
  pagesTwice: number;
  pagesWithoutLedger: number;
  /** Notifications that are neither sent, nor delivered, nor cancelled. */
  unfinished: number;
  late: number;
  /** Alerts that were put aside because three attempts at them ended with a crash (R6); nobody is paged for them. */
  parked: number;
}

/** `targets`: pages that each incident should have had. */
export async function readBooks(center: Pick<Center, 'sql'>, targets: number, steps = 1): Promise<Books> {
  const { rows } = await center.sql.query<Books>(
    `WITH fired AS (SELECT incident_id, run, count(*) AS n FROM escalation_step GROUP BY 1, 2),
       paged AS (SELECT incident_id, count(*) AS n FROM page GROUP BY 1)
     SELECT (SELECT count(*) FROM incident)::int AS incidents,
       (SELECT coalesce(sum(greatest(0, n - $2)), 0) FROM fired)::int AS "stepsTwice",
       (SELECT coalesce(sum(greatest(0, n - $1)), 0) FROM paged)::int AS "pagesTwice",
       (SELECT count(*) FROM page p WHERE NOT EXISTS (SELECT FROM ledger l WHERE l.page_id = p.id))::int
         AS "pagesWithoutLedger",
       (SELECT count(*) FROM notification WHERE status IN ('pending', 'sending', 'failed'))::int AS unfinished,
       (SELECT count(*) FROM page WHERE late)::int AS late, (SELECT count(*) FROM dead_letter)::int AS parked`,
    [targets, steps],
  );
  return rows[0]!;
}

/** In words, what breaks a promise. A crash or a standstill may repeat what was just leaving: each once, under its own id. */
export function violationsOf(facts: {
  verdict: Verdict;
  crashes: number;
  deaths: readonly string[];
  books?: Books;
}): string[] {
  const { verdict, crashes, deaths, books } = facts;
  const { missed, repeated, mostRepeats, doubled } = verdict;
  const found = [...deaths];
  const say = (count: number, words: string) => {
    if (count > 0) found.push(`${count} ${words}`);
  };
  say(missed.length, `pages were missed: ${missed.slice(0, 5).join(', ')}`);
  say(doubled.length, `pages were told by two different messages: ${doubled.slice(0, 5).join(', ')}`);
  if (mostRepeats > crashes || (crashes === 0 && repeated.length > 0))
    found.push(`${repeated.length} messages were repeated, one ${mostRepeats} times, after ${crashes} crashes`);
  if (books === undefined) return found;
  say(books.stepsTwice, 'steps fired twice');
  say(books.pagesTwice, 'pages more than the policy has targets');
  say(books.pagesWithoutLedger, 'pages have no entry in the ledger');
  say(books.unfinished, 'notifications were left unfinished');
  say(books.parked, 'alerts were parked as dead letters');
  return found;
}
