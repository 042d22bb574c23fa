// Finds in a few thousand things by what a person types: every word has to be in there somewhere, best where a word of the
// title begins with it. A plain pass over all of them is well below the budget, so there is no index to keep true.

/** In the order in which they stand where nothing else decides. */
export const paletteSections = [
  'about',
  'commands',
  'screen',
  'recent',
  'go',
  'incidents',
  'alerts',
  'services',
  'people',
  'teams',
  'schedules',
  'setup',
  'settings',
] as const;
export type PaletteSection = (typeof paletteSections)[number];

export interface Searchable {
  /** `incident:<id>`, `command:acknowledge`: what the memory of recent ones is kept by. */
  key: string;
  section: PaletteSection;
  title: string;
  /** Found by, but shown beside the title: a code, an owner, a service. */
  detail: string;
  /** Found by, and not shown. */
  words?: string;
  /** Added to how far it is from what was typed; below nought stands before its likes. */
  handicap: number;
}

export interface FoundSection<E> {
  section: PaletteSection;
  entries: E[];
}

const perSection = 7;
/** With fewer finds than this, letters with others between them count too. */
const fewFinds = 5;

/** Makes them ready to be searched, so that the first letter is answered as fast as the others. */
export function prepareEntries(entries: Iterable<Searchable>): void {
  for (const entry of entries) preparedOf(entry);
}

/** The best of each section, the section of the best one first. */
export function searchEntries<E extends Searchable>(
  entries: Iterable<E>,
  query: string,
  recent: ReadonlyMap<string, number>,
): FoundSection<E>[] {
  const words = folded(query).trim().split(' ');
  if (words[0] === '') return [];
  const all = [...entries];
  const found = collect(all, words, recent, wordDistance);
  if (found.count < fewFinds) {
    const loose = collect(all, words, recent, looseDistance);
    if (loose.count > found.count) return ordered(loose.best);
  }
  return ordered(found.best);
}

type Best<E> = Map<PaletteSection, { entry: E; distance: number }[]>;

function collect<E extends Searchable>(
  entries: readonly E[],
  words: readonly string[],
  recent: ReadonlyMap<string, number>,
  distanceOf: (word: string, prepared: Prepared) => number,
): { best: Best<E>; count: number } {
  const best: Best<E> = new Map();
  let count = 0;
  for (const entry of entries) {
    const prepared = preparedOf(entry);
    let distance = entry.handicap + prepared.title.length / 1_000 - (recent.has(entry.key) ? 0.5 : 0);
    for (const word of words) distance += distanceOf(word, prepared);
    if (distance === Infinity) continue;
    count += 1;
    const list = best.get(entry.section) ?? [];
    if (list.length === 0) best.set(entry.section, list);
    const last = list.at(-1);
    if (list.length === perSection && last !== undefined && last.distance <= distance) continue;
    const place = list.findIndex((other) => other.distance > distance);
    list.splice(place < 0 ? list.length : place, 0, { entry, distance });
    if (list.length > perSection) list.pop();
  }
  return { best, count };
}

function ordered<E>(best: Best<E>): FoundSection<E>[] {
  const rank = (section: PaletteSection): number => Math.floor((best.get(section)?.[0]?.distance ?? 0) + 1);
  return [...best.keys()]
    .sort((a, b) => rank(a) - rank(b) || paletteSections.indexOf(a) - paletteSections.indexOf(b))
    .map((section) => ({ section, entries: (best.get(section) ?? []).map(({ entry }) => entry) }));
}

interface Prepared {
  /** Words with a space before each, so that a word's beginning is one `indexOf`. */
  title: string;
  rest: string;
}

const prepared = new WeakMap<Searchable, Prepared>();

function preparedOf(entry: Searchable): Prepared {
  const known = prepared.get(entry);
  if (known !== undefined) return known;
  const made = {
    title: ` ${folded(entry.title)}`,
    rest: ` ${folded(`${entry.detail} ${entry.words ?? ''}`)}`,
  };
  prepared.set(entry, made);
  return made;
}

/** How far a word is from what it is sought in; infinitely where it is not there. */
function wordDistance(word: string, { title, rest }: Prepared): number {
  const start = ` ${word}`;
  const at = title.indexOf(start);
  if (at === 0) return 0;
  if (at > 0) return 1;
  if (rest.includes(start)) return 1.5;
  if (title.includes(word)) return 3;
  return rest.includes(word) ? 4 : Infinity;
}

/** Its letters in their order, the fewer others between them the nearer. */
function looseDistance(word: string, all: Prepared): number {
  const near = wordDistance(word, all);
  if (near !== Infinity || word.length < 3) return near;
  let at = all.title.indexOf(` ${word[0]}`);
  if (at < 0) return Infinity;
  const from = at;
  for (const letter of word) {
    at = all.title.indexOf(letter, at + 1);
    if (at < 0) return Infinity;
  }
  return 6 + (at - from - word.length) / 10;
}

/** Without case, accents and marks between words: `INC-2041` is found as `inc 2041`, `Lucía` as `lucia`. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  // Most titles are plain; the general way costs ten times as much.
  if (!/[^ -~]/.test(lower)) return lower.replace(/[^a-z0-9]+/g, ' ').trim();
  return lower
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .replace(/[\s!-/:-@[-`{-~\u2000-\u206f]+/g, ' ')
    .trim();
}
