// What a file asks for, beside what is there: drafts with ids, people and teams to make, what to take away.
import { ConfigDraft, type ConfigKind, type DraftOf } from '#server/contract/config.ts';
import type { PermissionRole } from '#server/contract/people.ts';
import { nearestName } from '#server/modules/config/as-code/nearest.ts';
import type { FileError, FilePath, ParsedFile } from '#server/modules/config/as-code/parse.ts';
import {
  hasProfile,
  type Lookup,
  overrideDraft,
  policyDraft,
  responderDraft,
  routeDraft,
  scheduleDraft,
  stakeholderDraft,
} from '#server/modules/config/as-code/to-drafts.ts';
import type { People, WantedChange } from '#server/modules/config/changes.ts';
import { sameJson } from '#server/modules/config/same-json.ts';
import type { PagingConfig, StoredDocument } from '#server/modules/config/state.ts';

export interface Wish {
  /** Only those that differ from what is there. */
  changes: (WantedChange & { path: FilePath })[];
  routeOrder: string[] | undefined;
  users: { id: string; login: string; name: string; role: PermissionRole; path: FilePath }[];
  teams: { id: string; name: string; memberIds: string[]; isNew: boolean; path: FilePath }[];
  /** In the file and as it says already. */
  unchanged: { kind: ConfigKind; id: string }[];
  errors: FileError[];
}

export interface WishWorld {
  config: PagingConfig;
  people: People;
  at: string;
  newId(): string;
  /** Takes away what is not in a section that the file has. People stay, and overrides that are over. */
  prune: boolean;
  /** The value of a secret, by the name of its variable; null when none was given. */
  secret(variable: string): string | null;
  /** Whether a channel's secret is that value already. */
  isSecret(channelId: string, name: string, value: string): boolean;
}

const namedKinds = {
  schedules: 'schedule',
  policies: 'policy',
  channels: 'channel',
  inhibitions: 'inhibition',
  monitors: 'monitor',
  stakeholders: 'stakeholderList',
} as const;

export function wishOf(file: ParsedFile, world: WishWorld): Wish {
  const { value, at } = file;
  const { config, people } = world;
  const wish: Wish = { changes: [], routeOrder: undefined, users: [], teams: [], unchanged: [], errors: [] };
  const fail = (path: FilePath, reason: string) => wish.errors.push({ path: at(path), reason });

  const logins = new Map([...people.users.values()].map((user) => [user.login, user.id]));
  for (const [login, person] of Object.entries(value.people ?? {})) {
    if (logins.has(login)) continue;
    const id = world.newId();
    logins.set(login, id);
    wish.users.push({
      id,
      login,
      name: person.name ?? login,
      role: person.role ?? 'responder',
      path: ['people', login],
    });
  }
  const teams = new Map([...people.teams.values()].map((team) => [team.name, team.id]));
  const ids = new Map<string, string>();
  const key = (kind: ConfigKind, name: string) => `${kind}/${name}`;
  for (const kind of Object.values(namedKinds)) {
    for (const document of config.list(kind).items) ids.set(key(kind, document.draft.name), document.id);
  }
  for (const document of config.list('route').items) ids.set(key('route', document.draft.name), document.id);
  const idFor = (kind: ConfigKind, name: string) => {
    const known = ids.get(key(kind, name)) ?? world.newId();
    ids.set(key(kind, name), known);
    return known;
  };

  const found = (map: Map<string, string>, what: string, name: string, path: FilePath) => {
    const id = map.get(name);
    if (id !== undefined) return id;
    const meant = nearestName(name, map.keys());
    fail(path, `There is no ${what} ${name}.${meant === null ? '' : ` Did you mean ${meant}?`}`);
    return world.newId();
  };
  const find: Lookup = {
    user: (login, path) => found(logins, 'person with the login name', login, path),
    team: (name, path) => found(teams, 'team', name, path),
    document: (kind, name, path) => {
      const prefix = `${kind}/`;
      const ofKind = new Map(
        [...ids].filter(([id]) => id.startsWith(prefix)).map(([id, x]) => [id.slice(prefix.length), x]),
      );
      return found(ofKind, kind, name, path);
    },
    newId: world.newId,
    fail,
  };

  for (const [name, team] of Object.entries(value.teams ?? {})) {
    const isNew = !teams.has(name);
    const id = teams.get(name) ?? world.newId();
    teams.set(name, id);
    const members = team.members.map((login, i) => find.user(login, ['teams', name, 'members', i]));
    const memberIds = members.filter((userId) => people.users.get(userId)?.teamIds.includes(id) !== true);
    if (isNew || memberIds.length > 0) wish.teams.push({ id, name, memberIds, isNew, path: ['teams', name] });
  }
  // Ids first: a policy may name a schedule that stands below it.
  for (const [section, kind] of Object.entries(namedKinds)) {
    for (const name of Object.keys(value[section as keyof typeof namedKinds] ?? {})) idFor(kind, name);
  }

  const want = <K extends ConfigKind>(kind: K, id: string, draft: DraftOf<K>, path: FilePath) => {
    const checked = ConfigDraft.safeParse({ kind, draft });
    if (!checked.success) {
      for (const issue of checked.error.issues.slice(0, 5)) {
        const rest = issue.path.slice(1) as (string | number)[];
        fail(path, `${rest.join('.')}: ${issue.message}`);
      }
      return;
    }
    const before = config.get(kind, id);
    if (before !== null && sameJson(before.draft, checked.data.draft)) wish.unchanged.push({ kind, id });
    else wish.changes.push({ kind, id, draft: checked.data.draft, path });
  };
  const draftBefore = <K extends ConfigKind>(kind: K, id: string) => config.get(kind, id)?.draft ?? null;

  for (const [name, given] of Object.entries(value.channels ?? {})) {
    const id = idFor('channel', name);
    const before = config.get('channel', id);
    const secrets: Record<string, string | null> = {};
    for (const [secretName, secret] of Object.entries(given.secrets)) {
      const path = ['channels', name, 'secrets', secretName];
      const isSet = before?.state.secretNames.includes(secretName) === true;
      if (secret === null) {
        if (isSet) secrets[secretName] = null;
      } else if (secret.env === undefined) {
        if (!isSet) fail(path, 'Nothing is kept under this name yet. Give it once as {env: NAME}.');
      } else {
        const value = world.secret(secret.env);
        if (value === null) {
          if (!isSet) fail(path, `The variable ${secret.env} has no value. Set it where you run the command.`);
        } else if (!isSet || !world.isSecret(id, secretName, value)) secrets[secretName] = value;
      }
    }
    const { kind, enabled, settings } = given;
    want('channel', id, { name, kind, enabled, settings, secrets }, ['channels', name]);
  }
  for (const [name, given] of Object.entries(value.schedules ?? {})) {
    const id = idFor('schedule', name);
    want('schedule', id, scheduleDraft(name, given, draftBefore('schedule', id), ['schedules', name], find), [
      'schedules',
      name,
    ]);
  }
  for (const [name, given] of Object.entries(value.policies ?? {})) {
    const id = idFor('policy', name);
    want('policy', id, policyDraft(name, given, draftBefore('policy', id), ['policies', name], find), [
      'policies',
      name,
    ]);
  }
  for (const [name, given] of Object.entries(value.inhibitions ?? {})) {
    want('inhibition', idFor('inhibition', name), { name, ...given }, ['inhibitions', name]);
  }
  for (const [name, given] of Object.entries(value.monitors ?? {})) {
    want('monitor', idFor('monitor', name), { name, ...given }, ['monitors', name]);
  }
  for (const [name, given] of Object.entries(value.stakeholders ?? {})) {
    const path = ['stakeholders', name];
    want('stakeholderList', idFor('stakeholderList', name), stakeholderDraft(name, given, path, find), path);
  }
  for (const [login, person] of Object.entries(value.people ?? {})) {
    const id = logins.get(login);
    if (id === undefined || !hasProfile(person)) continue;
    const path = ['people', login];
    want('responder', id, responderDraft(person, draftBefore('responder', id), path, find), path);
  }
  routesOf();
  matched(
    'override',
    value.overrides?.map((given, i) => overrideDraft(given, ['overrides', i], find)),
    'overrides',
  );
  const away = value.timeOff?.map(({ user, startsAt, endsAt, reason }, i) => ({
    userId: find.user(user, ['timeOff', i, 'user']),
    startsAt,
    endsAt,
    reason,
  }));
  matched('timeOff', away, 'timeOff');
  if (world.prune) pruned();
  return wish;

  function routesOf(): void {
    const builtIn = config.list('route').items.find((route) => route.state.builtIn);
    if (value.catchAll !== undefined && builtIn !== undefined) {
      const name = value.catchAll.name ?? builtIn.draft.name;
      const given = { ...value.catchAll, name, enabled: true, condition: builtIn.draft.condition };
      want('route', builtIn.id, routeDraft(given, ['catchAll'], find), ['catchAll']);
    }
    if (value.routes === undefined) return;
    const seen = new Set<string>();
    wish.routeOrder = [];
    for (const [i, given] of value.routes.entries()) {
      const path = ['routes', i];
      const id = idFor('route', given.name);
      if (seen.has(given.name)) fail(path, `There are two routes named ${given.name}. Give one of them another name.`);
      else if (id === builtIn?.id) fail(path, 'This is the catch-all. It stands under catchAll, not among the routes.');
      else {
        want('route', id, routeDraft(given, path, find), path);
        wish.routeOrder.push(id);
      }
      seen.add(given.name);
    }
  }

  /** They have no names: one is there already when all of it is the same. */
  function matched<K extends 'override' | 'timeOff'>(kind: K, drafts: DraftOf<K>[] | undefined, section: string): void {
    if (drafts === undefined) return;
    const spare = [...config.list(kind).items];
    for (const [i, draft] of drafts.entries()) {
      const place = spare.findIndex((document) => sameJson(document.draft, draft));
      const known = place === -1 ? undefined : spare.splice(place, 1)[0];
      want(kind, known?.id ?? world.newId(), draft, [section, i]);
    }
    if (!world.prune) return;
    for (const { id, draft } of spare) {
      if (draft.endsAt > world.at) wish.changes.push({ kind, id, draft: null, path: [section] });
    }
  }

  function pruned(): void {
    const sections = { ...namedKinds, routes: 'route' } as const;
    for (const [section, kind] of Object.entries(sections)) {
      if (value[section as keyof typeof sections] === undefined) continue;
      const items = config.list(kind).items as readonly StoredDocument[];
      const wanted = new Set(
        [...wish.changes, ...wish.unchanged].filter((item) => item.kind === kind).map((item) => item.id),
      );
      for (const document of items) {
        const isBuiltIn = kind === 'route' && (document.state as { builtIn?: boolean }).builtIn === true;
        if (wanted.has(document.id) || isBuiltIn) continue;
        wish.changes.push({ kind, id: document.id, draft: null, path: [section] });
      }
    }
  }
}
