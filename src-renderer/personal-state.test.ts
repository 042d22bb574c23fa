import { expect, it } from 'vitest';
import { forgetPersonal, personalKey } from './personal-state.ts';

function storageOf(entries: Record<string, string>): Storage {
  const kept = new Map(Object.entries(entries));
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  };
}

it('forgets what one server’s person left, all of it, and nothing of another server', () => {
  const one = 'https://ops.test';
  const other = 'https://ops.test:8443';
  const storage = storageOf({
    [personalKey('preferences', one)]: '{}',
    [personalKey('wall-names', one)]: 'shown',
    [personalKey('preferences', other)]: '{}',
    [`tocsin.me ${one}`]: '{}',
    [`tocsin.recent ${one} 0198`]: '[]',
    [`tocsin.recent ${other} 0198`]: '[]',
    'tocsin.preferences': '{}',
    'tocsin.theme': 'light',
    unrelated: 'x',
  });
  forgetPersonal(storage, one);
  const left = Array.from({ length: storage.length }, (_, index) => storage.key(index));
  expect(left).toEqual([
    'tocsin.preferences https://ops.test:8443',
    'tocsin.recent https://ops.test:8443 0198',
    'tocsin.theme',
    'unrelated',
  ]);
});
