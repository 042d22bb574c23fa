// What this person prefers on this machine. Kept here, not on the server: the next display may be another.
import { z } from 'zod';
import { create } from 'zustand';

const Kept = z.object({
  density: z.enum(['compact', 'comfortable']).default('compact'),
  timeFormat: z.enum(['utc', 'local']).default('utc'),
  wall: z
    .object({ diagonalInches: z.number().min(10).max(200), distanceMetres: z.number().min(0.5).max(30) })
    .default({ diagonalInches: 55, distanceMetres: 5 }),
});

export type Preferences = z.infer<typeof Kept>;

const key = 'tocsin.preferences';

export const usePreferences = create<Preferences & { prefer: (change: Partial<Preferences>) => void }>((set, get) => ({
  ...read(),
  prefer: (change) => {
    set(change);
    const { prefer: _prefer, ...kept } = get();
    window.localStorage.setItem(key, JSON.stringify(kept));
  },
}));

/** Height of a list's row. */
export function rowHeightOf(density: Preferences['density']): number {
  return density === 'compact' ? 28 : 36;
}

function read(): Preferences {
  try {
    const parsed = Kept.safeParse(JSON.parse(window.localStorage.getItem(key) ?? '{}'));
    return parsed.success ? parsed.data : Kept.parse({});
  } catch {
    return Kept.parse({});
  }
}
