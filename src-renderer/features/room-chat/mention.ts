// Mentions are plain text with a name in it, so that they can be read wherever the text goes. Pure.

export interface Mentionable {
  id: string;
  name: string;
}

export interface MentionQuery {
  /** Where the @ stands. */
  from: number;
  text: string;
}

const queryMax = 40;

/** What is being typed after an @ before the caret; null when that is no mention. */
export function queryAt(text: string, caret: number): MentionQuery | null {
  const before = text.slice(Math.max(0, caret - queryMax), caret);
  const found = /(?:^|[\s(])@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]*)?)$/u.exec(before);
  if (found === null) return null;
  const query = found[1] ?? '';
  return { from: caret - query.length - 1, text: query };
}

/** People whose name, or a word of it, begins so; those whose name does come first. */
export function candidates<P extends Mentionable>(people: readonly P[], query: string, limit = 6): P[] {
  const wanted = plain(query);
  const rank = ({ name }: Mentionable): number => {
    const known = plain(name);
    if (known.startsWith(wanted)) return 0;
    return known.split(/\s+/).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return people
    .map((person) => ({ person, rank: rank(person) }))
    .filter((one) => one.rank < 2)
    .sort((a, b) => a.rank - b.rank || (a.person.name < b.person.name ? -1 : 1))
    .slice(0, limit)
    .map((one) => one.person);
}

/** The text with the query replaced, and where the caret goes. */
export function withMention(
  text: string,
  query: MentionQuery,
  { name }: Pick<Mentionable, 'name'>,
): { text: string; caret: number } {
  const head = `${text.slice(0, query.from)}@${name} `;
  const tail = text.slice(query.from + 1 + query.text.length);
  return { text: head + tail.replace(/^ /, ''), caret: head.length };
}

export type Piece = { text: string; person: Mentionable | null };

/** The text in pieces, those that are the mention of one of these people on their own. */
export function pieces(text: string, people: readonly Mentionable[]): Piece[] {
  // Of two names that begin alike, the longer one is meant.
  const byLength = people.filter(({ name }) => name !== '').toSorted((a, b) => b.name.length - a.name.length);
  const found: Piece[] = [];
  let plainFrom = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const person = byLength.find(({ name }) => text.startsWith(name, at + 1) && !goesOn(text, at + 1 + name.length));
    if (person === undefined || (at > 0 && goesOn(text, at - 1))) continue;
    if (at > plainFrom) found.push({ text: text.slice(plainFrom, at), person: null });
    plainFrom = at + 1 + person.name.length;
    found.push({ text: text.slice(at, plainFrom), person });
  }
  if (plainFrom < text.length) found.push({ text: text.slice(plainFrom), person: null });
  return found;
}

export function mentionsIn(text: string, people: readonly Mentionable[]): string[] {
  return [...new Set(pieces(text, people).flatMap(({ person }) => person?.id ?? []))];
}

function goesOn(text: string, at: number): boolean {
  return /[\p{L}\p{N}]/u.test(text.charAt(at));
}

function plain(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
