import { type ConfigKind, configEntities, type DraftOf } from '#server/contract/config.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { Tx } from '#server/database/transaction.ts';
import {
  type ConfigChangeDeps,
  createConfigChanges,
  type People,
  problemOf,
  type WantedChange,
} from '#server/modules/config/changes.ts';
import { swapProblem } from '#server/modules/config/general-check.ts';
import { type Writer, writeRefusal } from '#server/modules/config/permission.ts';
import { toPublic } from '#server/modules/config/public.ts';
import { documentName, kindWords, partsOf, referrersOf } from '#server/modules/config/references.ts';
import { sameJson } from '#server/modules/config/same-json.ts';
import type { PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { configStore } from '#server/modules/config/store.ts';
import { deleteUnreadable } from '#server/modules/config/unreadable.ts';
import type { IntentHandlers, IntentOutcome } from '#server/modules/incidents/intents.ts';

export function createConfigIntents(
  deps: ConfigChangeDeps & {
    /** Documents of these kinds changed, or soon will have: what others say about them may be out of date. */
    changed(kinds: readonly ConfigKind[]): void;
  },
): IntentHandlers<'config.save' | 'config.delete' | 'route.order'> {
  const changes = createConfigChanges(deps);

  /** Everything is read under the lock, so that two people cannot each save half of a contradiction. */
  async function begin(tx: Tx) {
    await configStore.lock(tx);
    return { config: await deps.reader.current(tx), people: await deps.readPeople(tx) };
  }

  /** One that this version cannot read: nobody can say whom it is about, so it is an administrator's to delete. */
  async function removeUnread(
    tx: Tx,
    at: string,
    actor: Writer,
    { kind, id, config, people }: { kind: ConfigKind; id: string; config: PagingConfig; people: People },
  ): Promise<IntentOutcome> {
    if (config.unreadable?.some((document) => document.kind === kind && document.id === id) !== true)
      return { outcome: 'noop', by: null, at: null, reason: 'It is gone already.' };
    if (!roleAtLeast(actor.role, 'admin')) {
      const reason = `Only an administrator deletes what cannot be read; you are ${actor.role}.`;
      return { outcome: 'rejected', code: 'forbidden', reason };
    }
    const wanted = partsOf(config, kind, id).map((part): WantedChange => ({
      kind: part.kind,
      id: part.id,
      draft: null,
    }));
    const given = { config, people, at, by: actor.userId, origin: 'ui' } as const;
    const prepared = await changes.prepare(given, wanted);
    const problem = problemOf(prepared.findings);
    if (problem !== null) return invalid(problem);
    const refusal = await deleteUnreadable(tx, at, actor.userId, deps, { kind, id, config });
    if (refusal !== null) return invalid(refusal);
    if (wanted.length > 0) await changes.write(tx, at, actor.userId, prepared);
    deps.changed([kind]);
    return { outcome: 'applied', version: null };
  }

  return {
    async 'config.save'(tx, { actor, intent, at }) {
      const { documentId: id, document } = intent.action;
      const { kind, draft } = document;
      const { config, people } = await begin(tx);
      const before = config.get(kind, id) as StoredDocument | null;
      const refusal = writeRefusal(actor, kind, id, before?.draft ?? null, draft);
      if (refusal !== null) return { outcome: 'rejected', code: 'forbidden', reason: refusal };
      const conflict = await conflictWith(tx, before, kind, intent.baseVersion);
      if (conflict !== null) return conflict;
      const unasked = kind === 'swap' ? swapProblem(draft, config.get('swap', id)?.draft ?? null) : null;
      if (unasked !== null) return invalid(unasked);
      if (kind === 'responder' && !people.users.has(id)) return invalid('There is no such person (any more).');
      if (before !== null && sameJson(withoutSecrets(before.draft), draft)) {
        return { outcome: 'noop', by: null, at: before.updatedAt, reason: 'It is saved like that already.' };
      }
      const given = { config, people, at, by: actor.userId, origin: 'ui' } as const;
      const prepared = await changes.prepare(given, [{ kind, id, draft }]);
      const problem = problemOf(prepared.findings);
      if (problem !== null) return invalid(problem);
      await changes.write(tx, at, actor.userId, prepared);
      deps.changed([kind]);
      return { outcome: 'applied', version: (await configStore.row(tx, kind, id))?.rowVersion ?? null };
    },

    async 'config.delete'(tx, { actor, intent, at }) {
      const { documentKind: kind, documentId: id } = intent.action;
      const { config, people } = await begin(tx);
      const before = config.get(kind, id) as StoredDocument | null;
      if (before === null) return removeUnread(tx, at, actor, { kind, id, config, people });
      const refusal = writeRefusal(actor, kind, id, before.draft, null);
      if (refusal !== null) return { outcome: 'rejected', code: 'forbidden', reason: refusal };
      const conflict = await conflictWith(tx, before, kind, intent.baseVersion);
      if (conflict !== null) return conflict;
      const name = documentName(before, config, people);
      if (kind === 'route' && config.get('route', id)?.state.builtIn === true) {
        return invalid('The catch-all cannot be deleted: it takes what no other route took.');
      }
      const referrers = referrersOf(config, kind, id, (document) => documentName(document, config, people));
      if (referrers.length > 0) {
        return invalid(`${name} is still used by ${listed(referrers)}. Take it out there first.`);
      }
      const wanted: WantedChange[] = [before, ...partsOf(config, kind, id)].map((document) => ({
        kind: document.kind,
        id: document.id,
        draft: null,
      }));
      const given = { config, people, at, by: actor.userId, origin: 'ui' } as const;
      const prepared = await changes.prepare(given, wanted);
      const problem = problemOf(prepared.findings);
      if (problem !== null) return invalid(problem);
      await changes.write(tx, at, actor.userId, prepared);
      deps.changed([kind]);
      return { outcome: 'applied', version: null };
    },

    async 'route.order'(tx, { actor, intent, at }) {
      const { routeIds } = intent.action;
      const { config, people } = await begin(tx);
      const own = config.list('route').items.filter((route) => !route.state.builtIn);
      const named = new Set(routeIds);
      if (named.size !== routeIds.length || own.length !== named.size || own.some((route) => !named.has(route.id))) {
        return {
          outcome: 'conflict',
          reason: 'The order has to name every route but the catch-all, once. Routes were added or deleted since.',
          entity: 'route',
          current: config.list('route').items.map((route) => toPublic(route, route.version)),
        };
      }
      const given = { config, people, at, by: actor.userId, origin: 'ui' } as const;
      const prepared = await changes.prepare(given, [], routeIds);
      if (prepared.placed.length === 0) {
        return { outcome: 'noop', by: null, at: null, reason: 'That is their order already.' };
      }
      await changes.write(tx, at, actor.userId, prepared);
      deps.changed(['route']);
      return { outcome: 'applied', version: null };
    },
  };
}

async function conflictWith(
  tx: Tx,
  before: StoredDocument | null,
  kind: ConfigKind,
  baseVersion: number | null,
): Promise<IntentOutcome | null> {
  if (baseVersion === null) return null;
  if (before === null) {
    if (baseVersion === 0) return null;
    const reason = 'Somebody deleted it since. Save it as a new one if it is still needed.';
    return { outcome: 'conflict', reason, entity: kind, current: null };
  }
  if (before.bodyVersion <= baseVersion) return null;
  const row = await configStore.row(tx, kind, before.id);
  const current = configEntities[kind].parse(toPublic(before, row?.rowVersion ?? before.version));
  const what = kind === 'responder' ? 'profile' : kindWords[kind];
  return { outcome: 'conflict', reason: `Somebody changed this ${what} since.`, entity: kind, current };
}

function withoutSecrets(draft: DraftOf<ConfigKind>): object {
  return 'secrets' in draft ? { ...draft, secrets: {} } : draft;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

function invalid(reason: string): IntentOutcome {
  return { outcome: 'rejected', code: 'invalid', reason };
}
