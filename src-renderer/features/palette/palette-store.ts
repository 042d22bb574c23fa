// Whether the palette is open, and what was chosen lately. Kept apart from the palette itself, which is fetched later.
import { z } from 'zod';
import { create } from 'zustand';
import { keepText } from '../../personal-state.ts';

interface PaletteStore {
  open: boolean;
  query: string;
  ask: (query: string) => void;
  toggle: () => void;
  close: () => void;
}

export const usePalette = create<PaletteStore>((set) => ({
  open: false,
  query: '',
  ask: (query) => set({ query }),
  toggle: () => set((state) => ({ open: !state.open, query: '' })),
  close: () => set({ open: false }),
}));

const recentMax = 12;

/** Names of things and commands, newest first; their titles are never kept. One person's, for one server. */
export interface RecentPlace {
  serverUrl: string;
  userId: string;
}

const Kept = z.array(z.string().max(200)).max(100);

export function recentKeys(place: RecentPlace): string[] {
  try {
    const parsed = Kept.safeParse(JSON.parse(window.localStorage.getItem(storageKey(place)) ?? '[]'));
    return parsed.success ? parsed.data : [];
  } catch {
    return [];
  }
}

export function remember(place: RecentPlace, key: string): void {
  keepText(window.localStorage, storageKey(place), JSON.stringify(withRecent(recentKeys(place), key)));
}

export function withRecent(before: readonly string[], key: string): string[] {
  return [key, ...before.filter((other) => other !== key)].slice(0, recentMax);
}

function storageKey({ serverUrl, userId }: RecentPlace): string {
  return `tocsin.recent ${serverUrl} ${userId}`;
}
