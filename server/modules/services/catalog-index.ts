// From the services of the catalog to what the pipeline asks of it for each alert. Pure.
import type { ServiceDraft } from '#server/contract/service.ts';
import { type Bound, type CatalogIndex, keyOfName, type ServiceGraph } from '#server/modules/services/state.ts';

/** What the index is made of. */
export interface CatalogEntry {
  id: string;
  draft: Pick<ServiceDraft, 'name' | 'aliases' | 'bindings' | 'dependsOn'>;
}

interface LabelRule {
  entry: CatalogEntry;
  pairs: [string, string][];
}

export function createCatalogIndex(revision: number, entries: readonly CatalogEntry[]): CatalogIndex {
  const inOrder = [...entries].sort((a, b) => byName(a.draft.name, b.draft.name));
  const byKey = new Map<string, CatalogEntry>();
  // A name goes before an alias that says the same.
  for (const entry of inOrder) byKey.set(keyOfName(entry.draft.name), entry);
  for (const entry of inOrder)
    for (const alias of entry.draft.aliases) if (!byKey.has(keyOfName(alias))) byKey.set(keyOfName(alias), entry);
  const rules = rulesByPair(inOrder);

  return {
    revision,
    graph: graphOf(inOrder, byKey),
    bind({ service, labels }) {
      return ruled(labels, rules) ?? named(service, byKey);
    },
  };
}

/** The rule that asks for the most labels; of two that ask for as many, the service that comes first by name. */
function ruled(labels: Readonly<Record<string, string>>, rules: ReadonlyMap<string, LabelRule[]>): Bound | null {
  let best: LabelRule | null = null;
  if (rules.size === 0) return null;
  for (const [label, value] of Object.entries(labels)) {
    for (const rule of rules.get(pairKey(label, value)) ?? []) {
      if (best !== null && !goesBefore(rule, best)) continue;
      if (rule.pairs.every(([name, wanted]) => Object.hasOwn(labels, name) && labels[name] === wanted)) best = rule;
    }
  }
  if (best === null) return null;
  const pairs = best.pairs.map(([label, value]) => `${label}="${value}"`).join(', ');
  return { ...bound(best.entry), why: `Its labels are those of the service: ${pairs}.` };
}

function named(service: string | null, byKey: ReadonlyMap<string, CatalogEntry>): Bound | null {
  if (service === null || service === '') return null;
  const entry = byKey.get(keyOfName(service));
  if (entry === undefined) return null;
  const same = keyOfName(entry.draft.name) === keyOfName(service);
  return { ...bound(entry), why: same ? 'It names the service.' : `“${service}” is another name of the service.` };
}

function bound({ id, draft: { name } }: CatalogEntry): Pick<Bound, 'serviceId' | 'name'> {
  return { serviceId: id, name };
}

function goesBefore(rule: LabelRule, other: LabelRule): boolean {
  if (rule.pairs.length !== other.pairs.length) return rule.pairs.length > other.pairs.length;
  return byName(rule.entry.draft.name, other.entry.draft.name) < 0;
}

/** Each rule under one of its pairs, so that an alert looks only at rules that share a label with it. */
function rulesByPair(entries: readonly CatalogEntry[]): Map<string, LabelRule[]> {
  const rules = new Map<string, LabelRule[]>();
  const seen = new Map<string, number>();
  const all = entries.flatMap((entry) =>
    entry.draft.bindings.map((binding): LabelRule => ({ entry, pairs: Object.entries(binding) })),
  );
  for (const { pairs } of all)
    for (const pair of pairs) seen.set(pairKey(...pair), (seen.get(pairKey(...pair)) ?? 0) + 1);
  for (const rule of all) {
    // The rarest one: env="prod" stands in every rule and tells nothing.
    const rarest = rule.pairs
      .map((pair) => pairKey(...pair))
      .sort((a, b) => (seen.get(a) ?? 0) - (seen.get(b) ?? 0))[0];
    if (rarest !== undefined) rules.set(rarest, [...(rules.get(rarest) ?? []), rule]);
  }
  return rules;
}

function graphOf(entries: readonly CatalogEntry[], byKey: ReadonlyMap<string, CatalogEntry>): ServiceGraph {
  const names = new Map(entries.map(({ id, draft }) => [id, draft.name]));
  const below = new Map<string, string[]>();
  const above = new Map<string, string[]>();
  for (const { id, draft } of entries) {
    const targets = [...new Set(draft.dependsOn.flatMap((name) => byKey.get(keyOfName(name))?.id ?? []))]
      .filter((target) => target !== id)
      .sort((a, b) => byName(names.get(a) ?? '', names.get(b) ?? ''));
    below.set(id, targets);
    // Entries come in the order of their names, and so do these.
    for (const target of targets) {
      const callers = above.get(target);
      if (callers === undefined) above.set(target, [id]);
      else callers.push(id);
    }
  }
  return {
    nameOf: (id) => names.get(id) ?? null,
    below: (id) => below.get(id) ?? [],
    above: (id) => above.get(id) ?? [],
  };
}

function pairKey(label: string, value: string): string {
  return `${label}\u0000${value}`;
}

/** By code unit: the same order on every machine. */
function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
