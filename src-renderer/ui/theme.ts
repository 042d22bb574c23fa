import { create } from 'zustand';
import { keepText } from '../personal-state.ts';

export const themes = ['system', 'dark', 'light', 'contrast'] as const;
export type Theme = (typeof themes)[number];

const key = 'tocsin.theme';

export const useTheme = create<{ theme: Theme; setTheme: (theme: Theme) => void }>((set) => ({
  theme: stored(),
  setTheme: (theme) => {
    remember(theme);
    set({ theme });
    draw(theme);
  },
}));

/** Draws the chosen theme and follows the machine while it is `system`. */
export function startTheme(): void {
  draw(useTheme.getState().theme);
  for (const query of [lightQuery(), contrastQuery()]) {
    query.addEventListener?.('change', () => draw(useTheme.getState().theme));
  }
}

/** For what is always dark, such as a wall: the dark theme, or the one of high contrast, which is dark too. */
export function drawnDark(): 'dark' | 'contrast' {
  return document.documentElement.dataset['theme'] === 'contrast' ? 'contrast' : 'dark';
}

function draw(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme === 'system' ? ofMachine() : theme;
}

function ofMachine(): 'dark' | 'light' | 'contrast' {
  if (contrastQuery().matches) return 'contrast';
  return lightQuery().matches ? 'light' : 'dark';
}

function lightQuery(): MediaQueryList {
  return window.matchMedia('(prefers-color-scheme: light)');
}

function contrastQuery(): MediaQueryList {
  return window.matchMedia('(prefers-contrast: more)');
}

function stored(): Theme {
  const text = window.localStorage.getItem(key);
  return themes.find((theme) => theme === text) ?? 'dark';
}

function remember(theme: Theme): void {
  keepText(window.localStorage, key, theme);
}
