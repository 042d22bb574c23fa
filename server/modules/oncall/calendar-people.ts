// Whom an event of somebody else's calendar means. Pure.
import type { ReadEvent } from '#server/modules/oncall/ical-in.ts';

export interface CalendarPerson {
  id: string;
  login: string;
  name: string;
  emails: readonly string[];
}

/**
 * The summary, or a part of it between separators, is a login, a name or an e-mail address; else the only attendee who
 * is known. Two people of the same name are nobody.
 */
export function createMatcher(
  people: readonly CalendarPerson[],
): (event: Pick<ReadEvent, 'summary' | 'attendees'>) => string | null {
  const known = new Map<string, string | null>();
  for (const { id, login, name, emails } of people) {
    for (const word of new Set([login, name, ...emails].map(plain))) {
      if (word !== '') known.set(word, known.has(word) && known.get(word) !== id ? null : id);
    }
  }
  return ({ summary, attendees }) => {
    const parts = [summary, ...summary.split(/[,;:|()<>[\]/]|\s[-\u2013\u2014]\s/)].map((part) =>
      plain(part.replace(/^\s*@/, '')),
    );
    const named = new Set(parts.map((part) => known.get(part) ?? null).filter((id) => id !== null));
    if (named.size === 1) return [...named][0] ?? null;
    if (named.size > 1) return null;
    const present = new Set(attendees.map((address) => known.get(plain(address)) ?? null).filter((id) => id !== null));
    return present.size === 1 ? ([...present][0] ?? null) : null;
  };
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
