// One owner in one spelling: a catalog is written by many hands, and “shop” and “Shop” are one patch of the map. Pure.
import type { Service } from '#server/contract/service.ts';
import { keyOf } from './map-graph.ts';

/** A team's own name counts, else of all spellings the first by the alphabet. */
export function inOneSpelling(services: Iterable<Service>, teams: Iterable<{ name: string }>): Service[] {
  const all = [...services];
  const spelling = new Map<string, string>();
  for (const { ownerText } of all) {
    const known = spelling.get(keyOf(ownerText));
    if (known === undefined || ownerText < known) spelling.set(keyOf(ownerText), ownerText);
  }
  for (const { name } of teams) if (spelling.has(keyOf(name))) spelling.set(keyOf(name), name);
  return all.map((service) => {
    const ownerText = spelling.get(keyOf(service.ownerText)) ?? service.ownerText;
    return ownerText === service.ownerText ? service : { ...service, ownerText };
  });
}
