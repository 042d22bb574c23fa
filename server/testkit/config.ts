// The configuration on a real PostgreSQL, joined as the composition root joins it; checks and hooks can be given.
import type { Actor } from '#server/api/context.ts';
import { type ConfigDraft, type ConfigKind, configKinds } from '#server/contract/config.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import type { Database } from '#server/database/pool.ts';
import { directoryStore } from '#server/modules/auth/directory-store.ts';
import { ensureBuiltInRoute } from '#server/modules/config/first-start.ts';
import { createConfigIntents } from '#server/modules/config/intents.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { createConfig } from '#server/modules/config/service.ts';
import type { AfterSave, ConfigCheck } from '#server/modules/config/state.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';
import { anActor, anIntent } from '#server/testkit/people.ts';

export type ConfigWorld = Awaited<ReturnType<typeof createConfigWorld>>;

export async function createConfigWorld(given: {
  database: Database;
  clock: Pick<Clock, 'now'>;
  random: Random;
  checks?: { [K in ConfigKind]?: ConfigCheck<K> };
  afterSave?: { [K in ConfigKind]?: AfterSave<K> };
  resealSecrets?(): Promise<number>;
  heldBy?(kind: ConfigKind, id: string): string | null;
}) {
  const { database, clock, random } = given;
  const fine: ConfigCheck<ConfigKind> = () => [];
  const checks = {
    ...(Object.fromEntries(configKinds.map((kind) => [kind, fine])) as unknown as {
      [K in ConfigKind]: ConfigCheck<K>;
    }),
    ...given.checks,
  };
  const secrets = new Map<string, Record<string, string>>();
  const changed: ConfigKind[] = [];
  const deps = {
    reader: createConfigReader(),
    readPeople: directoryStore.read,
    checks,
    afterSave: given.afterSave ?? {},
    ...(given.heldBy === undefined ? {} : { heldBy: given.heldBy }),
    changed: (kinds: readonly ConfigKind[]) => void changed.push(...kinds),
    async sealSecrets(_tx: unknown, kind: ConfigKind, id: string, values: Record<string, string | null>) {
      const kept = { ...secrets.get(`${kind}/${id}`) };
      for (const [name, value] of Object.entries(values)) {
        if (value === null) delete kept[name];
        else kept[name] = value;
      }
      secrets.set(`${kind}/${id}`, kept);
    },
  };
  const service = createConfig({
    ...deps,
    database,
    resealSecrets: given.resealSecrets ?? (() => Promise.resolve(0)),
    openSecrets: async (_sql, kind, id) => secrets.get(`${kind}/${id}`) ?? {},
    people: directoryStore,
    clock,
    random,
  });
  const intents = createConfigIntents(deps);
  const at = () => new Date(clock.now()).toISOString();
  await database.withTransaction((tx) =>
    ensureBuiltInRoute(tx, { reader: deps.reader, newId: random.uuid, at: at(), firstPerson: null }),
  );

  return {
    ...deps,
    service,
    intents,
    secrets,
    changedKinds: changed,
    current: () => deps.reader.current(database),
    async person(login: string, role: PermissionRole): Promise<Actor> {
      const userId = random.uuid();
      await database.withTransaction((tx) =>
        directoryStore.addUser(tx, at(), { id: userId, login, name: login, role }),
      );
      return anActor({ userId, name: login, role });
    },
    save(document: ConfigDraft, by: { id: string; actor?: Actor; baseVersion?: number | null }) {
      const action = { kind: 'config.save', documentId: by.id, document } as const;
      const given = {
        at: at(),
        random,
        ...(by.actor === undefined ? {} : { actor: by.actor }),
        baseVersion: by.baseVersion ?? null,
      };
      return database.withTransaction((tx) => intents['config.save'](tx, anIntent(action, given)));
    },
    remove(kind: ConfigKind, id: string, actor?: Actor) {
      const action = { kind: 'config.delete', documentKind: kind, documentId: id } as const;
      const given = { at: at(), random, ...(actor === undefined ? {} : { actor }) };
      return database.withTransaction((tx) => intents['config.delete'](tx, anIntent(action, given)));
    },
    order(routeIds: string[]) {
      const action = { kind: 'route.order', routeIds } as const;
      return database.withTransaction((tx) => intents['route.order'](tx, anIntent(action, { at: at(), random })));
    },
  };
}
