// The catalog for people and programs: reading it, and planning and applying files.
import { createHash } from 'node:crypto';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { CatalogPlan, ServiceDetail } from '#server/contract/service.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import { CatalogFileEntry, inFile } from '#server/modules/services/catalog-file.ts';
import { parseCatalog, type WishedCatalog, type YamlReader } from '#server/modules/services/parse.ts';
import { type CatalogWorld, planCatalog } from '#server/modules/services/plan.ts';
import { keyOfName, publicService, type ServiceState } from '#server/modules/services/state.ts';
import { readHealth, type ServiceStore } from '#server/modules/services/store.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface CatalogQuestion {
  yaml: string;
  format: 'auto' | 'catalog' | 'backstage';
  prune: boolean;
}

export interface ServiceSummary {
  id: string;
  name: string;
  kind: string;
  team: string | null;
  tier: number | null;
  health: ServiceDetail['health'];
}

export type Services = ReturnType<typeof createServices>;

export function createServices(deps: {
  database: SqlReader & Transactor;
  services: ServiceStore;
  yaml: YamlReader & { stringify(value: unknown): string; diff: CatalogWorld['diff'] };
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}) {
  const { database, services, yaml, clock, random } = deps;

  function read<R>(body: (tx: Tx) => Promise<R>): Promise<R> {
    return database.withTransaction(body, { readOnly: true });
  }

  async function plan(tx: Tx, actor: Actor, wished: WishedCatalog, prune: boolean) {
    return planCatalog(wished, {
      services: await services.all(tx),
      teams: await services.teams(tx),
      at: new Date(clock.now()).toISOString(),
      by: actor.userId,
      prune,
      newId: random.uuid,
      diff: yaml.diff,
    });
  }

  async function apply(
    actor: Actor,
    wished: WishedCatalog,
    options: { prune: boolean; stale?: (revision: number) => boolean },
  ) {
    return database.withTransaction(async (tx) => {
      const revision = await services.lock(tx);
      if (options.stale?.(revision) === true) {
        throw new AppError('conflict', 'The catalog was changed since this was planned. Plan it again, and look.');
      }
      const planned = await plan(tx, actor, wished, options.prune);
      const [problem] = planned.errors;
      if (problem !== undefined) throw new AppError('invalid', `${problem.path}: ${problem.reason}`);
      const { saved, removed } = planned.edited;
      if (saved.length + removed.length > 0) {
        const at = new Date(clock.now()).toISOString();
        await services.remove(tx, at, removed);
        await services.save(tx, at, saved);
        await services.raise(tx);
      }
      return planned.changes;
    });
  }

  /** By name, by another name, or by id. */
  function find(all: readonly ServiceState[], name: string): ServiceState {
    const key = keyOfName(name);
    const found =
      all.find((service) => keyOfName(service.draft.name) === key) ??
      all.find((service) => service.id === key || service.draft.aliases.some((alias) => keyOfName(alias) === key));
    if (found !== undefined) return found;
    throw new AppError('not-found', `The catalog has no service ${name}. GET /api/v1/services lists them.`);
  }

  const teamNames = async (tx: Tx) => new Map((await services.teams(tx)).map((team) => [team.id, team.name]));
  const known = (all: readonly ServiceState[]) =>
    new Set(all.flatMap(({ draft }) => [draft.name, ...draft.aliases].map(keyOfName)));

  async function summaries(actor: Actor) {
    const { all, teams } = await read(async (tx) => ({ all: await services.all(tx), teams: await teamNames(tx) }));
    const health = await readHealth(database, actor);
    const items = all.map(({ id, draft }): ServiceSummary => {
      const { name, kind, tier, teamId, ownerText } = draft;
      const team = (teamId === null ? null : teams.get(teamId)) ?? (ownerText || null);
      return { id, name, kind, team, tier, health: health.get(id) ?? 'ok' };
    });
    return { all, items };
  }

  return {
    async list(actor: Actor, { after, limit }: { after: string | null; limit: number }) {
      const { items } = await summaries(actor);
      const rest = after === null ? items : items.filter(({ name }) => keyOfName(name) > keyOfName(after));
      const page = rest.slice(0, limit);
      return { items: page, nextCursor: rest.length > limit ? (page.at(-1)?.name ?? null) : null };
    },

    async graph(actor: Actor) {
      const { all, items } = await summaries(actor);
      const canonical = new Map<string, string>();
      for (const { draft } of all.toReversed())
        for (const name of [...draft.aliases, draft.name]) canonical.set(keyOfName(name), draft.name);
      for (const { draft } of all) canonical.set(keyOfName(draft.name), draft.name);
      const edges = all.flatMap(({ draft }) =>
        draft.dependsOn.map((name) => ({ from: draft.name, to: canonical.get(keyOfName(name)) ?? name })),
      );
      const unknown = [...new Set(edges.map((edge) => edge.to).filter((name) => !canonical.has(keyOfName(name))))];
      return { nodes: items, edges, unknown };
    },

    async get(actor: Actor, name: string): Promise<ServiceDetail> {
      const all = await read((tx) => services.all(tx));
      const found = find(all, name);
      const names = new Set([found.draft.name, ...found.draft.aliases].map(keyOfName));
      const usedBy = all.filter(({ draft }) => draft.dependsOn.some((other) => names.has(keyOfName(other))));
      const here = known(all);
      return {
        ...publicService(found),
        runbook: found.draft.runbook,
        usedBy: usedBy.map(({ draft }) => draft.name),
        unknown: found.draft.dependsOn.filter((other) => !here.has(keyOfName(other))),
        health: (await readHealth(database, actor)).get(found.id) ?? 'ok',
      };
    },

    /** Makes it, or makes it so. */
    async save(actor: Actor, name: string, entry: CatalogFileEntry): Promise<ServiceDetail> {
      const wishes = [{ name: name.trim(), given: entry, whole: true, path: name }];
      await apply(actor, { source: 'catalog', wishes, unmapped: [] }, { prune: false });
      return this.get(actor, name);
    },

    async remove(name: string): Promise<void> {
      await database.withTransaction(async (tx) => {
        await services.lock(tx);
        await services.remove(tx, new Date(clock.now()).toISOString(), [find(await services.all(tx), name)]);
        await services.raise(tx);
      });
    },

    async planCatalog(actor: Actor, question: CatalogQuestion): Promise<CatalogPlan> {
      const parsed = parseCatalog(question.yaml, question.format, yaml);
      if (!parsed.ok) return { changes: [], errors: parsed.errors, unmapped: [], basis: '' };
      return read(async (tx) => {
        const basis = basisOf(await services.revision(tx), question);
        const { changes, errors } = await plan(tx, actor, parsed.catalog, question.prune);
        return { changes, errors, unmapped: parsed.catalog.unmapped, basis };
      });
    },

    async applyCatalog(actor: Actor, question: CatalogQuestion & { basis: string | null }): Promise<CatalogPlan> {
      const parsed = parseCatalog(question.yaml, question.format, yaml);
      if (!parsed.ok) {
        const told = parsed.errors.map(({ path, reason }) => `${path}: ${reason}`).join('\n');
        throw new AppError('invalid', `Nothing was applied.\n${told}`);
      }
      const stale = (revision: number) => question.basis !== null && basisOf(revision, question) !== question.basis;
      const changes = await apply(actor, parsed.catalog, { prune: question.prune, stale });
      return { changes, errors: [], unmapped: parsed.catalog.unmapped, basis: '' };
    },

    /** Into an empty catalog only. */
    async fill(actor: Actor, text: string): Promise<void> {
      const parsed = parseCatalog(text, 'catalog', yaml);
      if (!parsed.ok || (await read((tx) => services.all(tx))).length > 0) return;
      await apply(actor, parsed.catalog, { prune: false });
    },

    async exportCatalog(): Promise<string> {
      const { all, teams } = await read(async (tx) => ({ all: await services.all(tx), teams: await teamNames(tx) }));
      const entries = all.map(({ draft }) => [draft.name, inFile(draft, (id) => teams.get(id) ?? null)] as const);
      return yaml.stringify({ services: Object.fromEntries(entries) });
    },
  };
}

/** Names the catalog and the wish: of another catalog, another file or another choice it is another one. */
function basisOf(revision: number, { yaml, format, prune }: CatalogQuestion): string {
  return createHash('sha256')
    .update(JSON.stringify([revision, yaml, format, prune]))
    .digest('hex')
    .slice(0, 32);
}
