// What a file would make of the catalog, in words and as an edit. Pure.
import type { PlannedChange } from '#server/contract/config.ts';
import type { ServiceDraft } from '#server/contract/service.ts';
import type { FileError } from '#server/modules/config/as-code/documents.ts';
import { CatalogFileEntry, draftOf, inFile } from '#server/modules/services/catalog-file.ts';
import { catalogProblems, type Edit, editCatalog, type Edited } from '#server/modules/services/edit.ts';
import type { ServiceWish, WishedCatalog } from '#server/modules/services/parse.ts';
import { keyOfName, type ServiceState } from '#server/modules/services/state.ts';

export interface CatalogWorld {
  services: readonly ServiceState[];
  teams: readonly { id: string; name: string }[];
  at: string;
  by: string | null;
  /** Takes away what a file of the same kind brought and this one does not have. */
  prune: boolean;
  newId(): string;
  /** Paths at which two values differ. */
  diff(before: unknown, after: unknown): PlannedChange['fields'];
}

export interface PlannedCatalog {
  changes: PlannedChange[];
  errors: FileError[];
  edited: Edited;
}

export function planCatalog({ source, wishes }: WishedCatalog, world: CatalogWorld): PlannedCatalog {
  const known = new Map(world.services.map((service) => [keyOfName(service.draft.name), service]));
  const teamIds = new Map(world.teams.map((team) => [team.name.toLowerCase(), team.id]));
  const teamNames = new Map(world.teams.map((team) => [team.id, team.name]));
  const shown = (draft: ServiceDraft) => inFile(draft, (id) => teamNames.get(id) ?? null);
  const named = new Set(wishes.map((wish) => keyOfName(wish.name)));
  const save: Edit['save'][number][] = [];
  const pathOf = new Map<string, string>();
  const changes: PlannedChange[] = [];
  const unchanged: PlannedChange[] = [];

  for (const wish of wishes) {
    const before = known.get(keyOfName(wish.name));
    const draft = draftOf(wish.name, entryOf(wish, before, shown), (name) => teamIds.get(name.toLowerCase()) ?? null);
    const fields = world.diff(before === undefined ? {} : shown(before.draft), shown(draft));
    const renamed = before !== undefined && before.draft.name !== draft.name;
    if (renamed) fields.unshift({ path: 'name', before: before.draft.name, after: draft.name });
    const id = before?.id ?? world.newId();
    const line = { kind: 'service', name: wish.name, id: before?.id ?? null, fields, findings: [] };
    pathOf.set(id, wish.path);
    if (before !== undefined && fields.length === 0) unchanged.push({ op: 'unchanged', ...line });
    else {
      changes.push({ op: before === undefined ? 'create' : 'update', ...line, findings: findingsOf(draft) });
      save.push({ id, draft, source });
    }
  }
  const gone = world.prune
    ? world.services.filter((service) => service.source === source && !named.has(keyOfName(service.draft.name)))
    : [];
  for (const { id, draft } of gone) {
    const fields = world.diff(shown(draft), {});
    changes.push({ op: 'delete', kind: 'service', name: draft.name, id, fields, findings: [] });
  }
  const remove = new Set(gone.map((service) => service.id));
  const edited = editCatalog(world.services, { at: world.at, by: world.by, save, remove });
  const after = new Map(world.services.filter(({ id }) => !remove.has(id)).map((service) => [service.id, service]));
  for (const service of edited.saved) after.set(service.id, service);
  const errors = catalogProblems([...after.values()]).map(({ id, reason }) => ({
    path: pathOf.get(id) ?? 'services',
    reason,
  }));
  return { changes: [...changes, ...unchanged], errors, edited };

  function findingsOf({ ownerText, dependsOn }: ServiceDraft): PlannedChange['findings'] {
    const warning = (code: string, text: string) => ({ level: 'warning' as const, code, text, from: null, to: null });
    const lost = dependsOn.filter((name) => !named.has(keyOfName(name)) && !known.has(keyOfName(name)));
    const findings = [];
    if (ownerText !== '')
      findings.push(warning('no-team', `No team is called ${ownerText}; it stands as the owner's name.`));
    if (lost.length > 0) {
      findings.push(
        warning('unknown-service', `It depends on ${lost.slice(0, 5).join(', ')}, which nobody described yet.`),
      );
    }
    return findings;
  }
}

/** With what the catalog knows, where the file is silent and does not mean to take away. */
function entryOf(
  { given, whole }: ServiceWish,
  before: ServiceState | undefined,
  shown: (draft: ServiceDraft) => Record<string, unknown>,
): CatalogFileEntry {
  const base = CatalogFileEntry.parse(before === undefined || whole ? {} : shown(before.draft));
  const aliases = [...new Set([...base.aliases, ...(given.aliases ?? [])])];
  return { ...base, ...given, aliases };
}
