// What an edit makes of the whole catalog, or why it cannot be. Pure.
import { type ServiceDraft, servicesMax } from '#server/contract/service.ts';
import { keyOfName, type ServiceState } from '#server/modules/services/state.ts';

/** The catalog after an edit, and what of it changed. */
export interface Edited {
  saved: ServiceState[];
  removed: ServiceState[];
}

export interface Edit {
  at: string;
  by: string | null;
  /** A service that is not there yet gets `version`, or 1. */
  save: readonly { id: string; draft: ServiceDraft; source: ServiceState['source']; version?: number }[];
  remove: ReadonlySet<string>;
}

/** Services that name one that is renamed follow it. */
export function editCatalog(services: readonly ServiceState[], edit: Edit): Edited {
  const before = new Map(services.map((service) => [service.id, service]));
  const renamed = new Map<string, string>();
  for (const { id, draft } of edit.save) {
    const old = before.get(id)?.draft.name;
    if (old !== undefined && keyOfName(old) !== keyOfName(draft.name)) renamed.set(keyOfName(old), draft.name);
  }
  const saved = new Map<string, ServiceState>();
  for (const { id, draft, source, version: first = 1 } of edit.save) {
    const known = before.get(id);
    const version = known === undefined ? first : known.version + 1;
    const { at: updatedAt, by: updatedBy } = edit;
    saved.set(id, {
      id,
      version,
      draftVersion: version,
      draft: tidy(draft),
      pin: known?.pin ?? null,
      source,
      updatedBy,
      updatedAt,
    });
  }
  for (const service of renamed.size === 0 ? [] : services) {
    const { draft, version } = saved.get(service.id) ?? service;
    const dependsOn = draft.dependsOn.map((name) => renamed.get(keyOfName(name)) ?? name);
    if (edit.remove.has(service.id) || dependsOn.every((name, i) => name === draft.dependsOn[i])) continue;
    const next = saved.get(service.id) ?? { ...service, version: version + 1, draftVersion: version + 1 };
    saved.set(service.id, { ...next, draft: { ...draft, dependsOn } });
  }
  return { saved: [...saved.values()], removed: services.filter((service) => edit.remove.has(service.id)) };
}

/** What is wrong with the catalog as it would be, by the id of the service it is about. */
export function catalogProblems(services: readonly ServiceState[]): { id: string; reason: string }[] {
  const problems: { id: string; reason: string }[] = [];
  if (services.length > servicesMax) {
    const reason = `The catalog would hold ${services.length} services; it takes ${servicesMax}. Leave some out.`;
    problems.push({ id: services.at(-1)?.id ?? '', reason });
  }
  const owners = new Map<string, ServiceState>();
  for (const service of services) {
    const other = owners.get(keyOfName(service.draft.name));
    if (other === undefined) owners.set(keyOfName(service.draft.name), service);
    else
      problems.push({ id: service.id, reason: `Another service is called ${other.draft.name}. Give it another name.` });
  }
  for (const service of services) {
    const own = keyOfName(service.draft.name);
    for (const alias of service.draft.aliases) {
      const other = owners.get(keyOfName(alias));
      if (other === undefined) owners.set(keyOfName(alias), service);
      else if (other !== service) {
        const reason = `The alias ${alias} stands for ${other.draft.name} already. A name can mean one service only.`;
        problems.push({ id: service.id, reason });
      }
    }
    if (service.draft.dependsOn.some((name) => keyOfName(name) === own)) {
      problems.push({ id: service.id, reason: `${service.draft.name} cannot depend on itself. Take that out.` });
    }
  }
  return problems;
}

/** Each name once. */
function tidy(draft: ServiceDraft): ServiceDraft {
  const once = (names: string[]) => [...new Map(names.map((name) => [keyOfName(name), name])).values()];
  const aliases = once(draft.aliases).filter((alias) => keyOfName(alias) !== keyOfName(draft.name));
  return { ...draft, aliases, dependsOn: once(draft.dependsOn) };
}
