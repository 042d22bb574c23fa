import { expect, it } from 'vitest';
import type { Places } from '../../ui/graph/places.ts';
import { createKeptPlaces } from './kept-places.ts';

const server = 'https://tocsin.example';
const places: Places = new Map([
  ['a', { x: 0, y: 80 }],
  ['?mail', { x: -192, y: 40 }],
]);

function memory(held: Record<string, string> = {}, full = false) {
  return {
    held,
    getItem: (name: string) => held[name] ?? null,
    setItem(name: string, text: string) {
      if (full) throw new Error('no room');
      held[name] = text;
    },
  };
}

it('come back as they were, for this server alone, and only the pictures looked at last', () => {
  const storage = memory();
  const kept = createKeptPlaces(storage, server);
  for (let i = 0; i < 13; i += 1) kept.keep(`picture ${i}`, places);
  const again = createKeptPlaces(storage, server);
  expect([again.of('picture 0'), again.of('picture 1'), again.of('picture 12')]).toEqual([undefined, places, places]);
  expect(createKeptPlaces(storage, 'https://other.example').of('picture 12')).toBeUndefined();
  again.forget('picture 12');
  expect(createKeptPlaces(storage, server).of('picture 12')).toBeUndefined();
});

it('are computed anew where what is stored cannot be read, and hold for the window where nothing can be stored', () => {
  const garbled = createKeptPlaces(memory({ [`tocsin.map-places ${server}`]: '[["p",[["a",1]]]]' }), server);
  expect(garbled.of('p')).toBeUndefined();
  const full = createKeptPlaces(memory({}, true), server);
  full.keep('p', places);
  expect(full.of('p')).toEqual(places);
});
