// What the palette lists for what was typed: commands and things, in sections. Pure; the palette draws it.
import { capital, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { keyCatalog } from '../../ui/key-catalog.ts';
import type { ActiveCommand } from '../../ui/commands.ts';
import type { MarkKind } from '../../ui/mark.tsx';
import type { IconName } from '../../ui/icon.tsx';
import type { EntityEntry } from './entries.ts';
import type { ScreenControl } from './on-screen.ts';
import { type PaletteSection, type Searchable, searchEntries } from './search.ts';

export type PaletteItem = {
  key: string;
  title: string;
  detail: string;
  icon: IconName;
  mark?: MarkKind;
  keys: string | null;
  /** Why it cannot be run now. */
  unavailable: string | null;
} & ({ kind: 'command'; run: () => void } | { kind: 'thing'; to: string });

export interface PaletteGroup {
  section: PaletteSection;
  heading: string;
  items: PaletteItem[];
}

const headings: Record<PaletteSection, string> = {
  about: t`Here`,
  commands: t`Commands`,
  screen: t`On this screen`,
  recent: t`Recent`,
  go: t`Go to`,
  incidents: t`Incidents`,
  alerts: t`Alerts`,
  services: t`Services`,
  people: t`People`,
  teams: t`Teams`,
  schedules: t`Schedules`,
  setup: t`Set up`,
  settings: t`Settings`,
};
const recentShown = 5;

interface CommandEntry extends Searchable {
  command: ActiveCommand;
}

export interface PaletteSources {
  commands: readonly ActiveCommand[];
  entries: readonly EntityEntry[];
  /** What else can be pressed on the screen below: by its name alone, for there is much of it. */
  controls: readonly ScreenControl[];
  /** Newest first. */
  recent: readonly string[];
  entryOf: (key: string) => EntityEntry | null;
}

export function paletteGroups(query: string, sources: PaletteSources): PaletteGroup[] {
  const { commands, entries, controls, recent, entryOf } = sources;
  const typed = query.trim() !== '';
  const offered = commands
    .filter(({ id }) => id !== 'palette.open' && (typed || keyCatalog[id]?.moves !== true))
    .map(entryOfCommand);
  const about = offered.find(({ command }) => (command.about ?? null) !== null)?.command.about?.title;
  const heading = (section: PaletteSection): string => (section === 'about' ? (about ?? '') : headings[section]);
  if (typed) {
    // A button that does what a command does is that command.
    const titles = new Set(offered.map(({ title }) => title.toLowerCase()));
    const others = controls.filter(({ title }) => !titles.has(title.toLowerCase()));
    const ranks = new Map(recent.map((key, index) => [key, index]));
    return searchEntries<CommandEntry | ScreenControl | EntityEntry>(
      [...offered, ...others, ...entries],
      query,
      ranks,
    ).map((found) => ({
      section: found.section,
      heading: heading(found.section),
      items: found.entries.map(itemOf),
    }));
  }
  const of = (section: PaletteSection): PaletteItem[] =>
    offered.filter((entry) => entry.section === section).map(itemOf);
  const lately = recent
    .filter((key) => !key.startsWith('command:'))
    .flatMap((key) => entryOf(key) ?? [])
    .slice(0, recentShown)
    .map(itemOf);
  // What can be done before what cannot, and of those what was done lately.
  const inOrder = (items: PaletteItem[]): PaletteItem[] => {
    const place = ({ key, unavailable }: PaletteItem): number =>
      (unavailable === null ? 0 : 1_000) + (recent.includes(key) ? recent.indexOf(key) : 100);
    return items.toSorted((a, b) => place(a) - place(b));
  };
  return [
    // What is done so often that it has a key stands before the rest.
    {
      section: 'about' as const,
      items: of('about').toSorted((a, b) => Number(a.keys === null) - Number(b.keys === null)),
    },
    { section: 'commands' as const, items: inOrder(of('commands')) },
    { section: 'recent' as const, items: lately },
    { section: 'go' as const, items: of('go') },
  ]
    .filter(({ items }) => items.length > 0)
    .map(({ section, items }) => ({ section, heading: heading(section), items }));
}

/** Something by the short id that somebody said or pasted. */
export function shortIdGroup(ref: string): PaletteGroup {
  const title = t`Open ${ref}`;
  const detail = t`by its short id`;
  return {
    section: 'go',
    heading: headings.go,
    items: [
      {
        kind: 'thing',
        key: `at:${ref}`,
        title,
        detail,
        icon: 'arrow',
        keys: null,
        unavailable: null,
        to: paths.at(ref),
      },
    ],
  };
}

const madeOf = new WeakMap<ActiveCommand, CommandEntry>();

function entryOfCommand(command: ActiveCommand): CommandEntry {
  const known = madeOf.get(command);
  if (known !== undefined) return known;
  const section: PaletteSection =
    (command.about ?? null) !== null ? 'about' : command.group === 'Go to' ? 'go' : 'commands';
  const entry: CommandEntry = {
    key: `command:${command.id}`,
    section,
    title: capital(command.label),
    detail: command.about?.title ?? '',
    // The catalogue's word for it too: `snooze` is found by what it is called under Settings.
    words: `${keyCatalog[command.id]?.label ?? ''} ${command.keywords ?? ''}`,
    handicap: (command.unavailable ?? null) === null ? -0.3 : 0.1,
    command,
  };
  madeOf.set(command, entry);
  return entry;
}

function itemOf(entry: CommandEntry | ScreenControl | EntityEntry): PaletteItem {
  if ('run' in entry) {
    const { key, title, detail, unavailable, run } = entry;
    return { kind: 'command', key, title, detail, icon: 'play', keys: null, unavailable, run };
  }
  if (!('command' in entry)) {
    const { key, title, detail, icon, mark, to } = entry;
    const shown = mark === undefined ? {} : { mark };
    return { kind: 'thing', key, title, detail, icon, ...shown, keys: null, unavailable: null, to };
  }
  const { command, key, title } = entry;
  return {
    kind: 'command',
    key,
    title,
    detail: '',
    icon: entry.section === 'go' ? 'arrow' : 'play',
    keys: command.keys,
    unavailable: command.unavailable ?? null,
    run: command.run,
  };
}
