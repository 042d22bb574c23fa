// What this person prefers on this machine. Kept here, not on the server: the next display may be another. Whoever is
// signed in at another server has preferences of their own.
import { z } from 'zod';
import { create } from 'zustand';
import { keepText, personalKey } from '../personal-state.ts';

const Kept = z.object({
  density: z.enum(['compact', 'comfortable']).default('compact'),
  timeFormat: z.enum(['utc', 'local']).default('utc'),
  /** Null: as wide as each screen wants it. */
  rail: z.enum(['wide', 'narrow']).nullable().default(null),
  wall: z
    .object({ diagonalInches: z.number().min(10).max(200), distanceMetres: z.number().min(0.5).max(30) })
    .default({ diagonalInches: 55, distanceMetres: 5 }),
  /** Widths of panes that were dragged, by the name of their split. */
  panes: z.record(z.string(), z.number().positive()).default({}),
});

export type Preferences = z.infer<typeof Kept>;

/** Where 0.1.0 kept them, for the one server it knew. */
const earlierKey = 'tocsin.preferences';
let key = earlierKey;

export const usePreferences = create<Preferences & { prefer: (change: Partial<Preferences>) => void }>((set, get) => ({
  ...read(),
  prefer: (change) => {
    set(change);
    const { prefer: _prefer, ...kept } = get();
    keepText(window.localStorage, key, JSON.stringify(kept));
  },
}));

/** From here on those of whoever is signed in there. */
export function preferAt(serverUrl: string): void {
  key = personalKey('preferences', serverUrl);
  takeOver();
  usePreferences.setState(read());
  window.addEventListener('storage', followOthers);
}

/** Another window of this person wrote them: what is written here next must not take that back. */
function followOthers(event: StorageEvent): void {
  if (event.key === key) usePreferences.setState(read());
}

/** Height of a list's row. */
export function rowHeightOf(density: Preferences['density']): number {
  return density === 'compact' ? 28 : 36;
}

function takeOver(): void {
  const earlier = window.localStorage.getItem(earlierKey);
  if (earlier === null) return;
  if (window.localStorage.getItem(key) === null) keepText(window.localStorage, key, earlier);
  window.localStorage.removeItem(earlierKey);
}

function read(): Preferences {
  try {
    const parsed = Kept.safeParse(JSON.parse(window.localStorage.getItem(key) ?? '{}'));
    return parsed.success ? parsed.data : Kept.parse({});
  } catch {
    return Kept.parse({});
  }
}
