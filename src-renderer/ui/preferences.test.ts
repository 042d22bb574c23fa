import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { personalKey } from '../personal-state.ts';
import { preferAt, usePreferences } from './preferences.ts';

const server = 'https://tocsin.example';
const key = personalKey('preferences', server);
let kept: Map<string, string>;
let listeners: Set<(event: { key: string }) => void>;

beforeEach(() => {
  kept = new Map();
  listeners = new Set();
  vi.stubGlobal('window', {
    localStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => kept.set(name, value),
      removeItem: (name: string) => kept.delete(name),
    },
    addEventListener: (_type: string, listener: (event: { key: string }) => void) => listeners.add(listener),
  });
});
afterEach(() => vi.unstubAllGlobals());

it('what another window prefers is not taken back by what this one prefers next', () => {
  preferAt(server);
  preferAt(server);
  expect(listeners.size).toBe(1);
  kept.set(key, JSON.stringify({ density: 'comfortable', panes: { list: 402 } }));
  for (const listener of listeners) listener({ key });
  usePreferences.getState().prefer({ timeFormat: 'local' });
  expect(JSON.parse(kept.get(key) ?? '')).toMatchObject({
    density: 'comfortable',
    timeFormat: 'local',
    panes: { list: 402 },
  });
});
