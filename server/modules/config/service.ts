import { stringify } from 'yaml';
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import { type ConfigKind, configKinds, type ConfigPlan, type PlannedChange } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import { type PermissionRole, roleAtLeast } from '#server/contract/people.ts';
import type { SqlReader, Transactor, Tx } from '#server/database/transaction.ts';
import { appliedStore } from '#server/modules/config/applied-store.ts';
import { fieldDiffs } from '#server/modules/config/as-code/diff.ts';
import {
  checkConfigFile,
  type FileError,
  type ParsedFile,
  parseConfigFile,
} from '#server/modules/config/as-code/parse.ts';
import { basisOf, type PlannedFile, planFile } from '#server/modules/config/as-code/plan.ts';
import { configInFile, documentInFile } from '#server/modules/config/as-code/to-file.ts';
import { type ConfigChangeDeps, createConfigChanges } from '#server/modules/config/changes.ts';
import { readVersions } from '#server/modules/config/history-store.ts';
import { masking } from '#server/modules/config/public.ts';
import { documentName } from '#server/modules/config/references.ts';
import { nameOfUnreadable } from '#server/modules/config/stored-draft.ts';
import type { PagingConfig, StoredDocument, UnreadableDocument } from '#server/modules/config/state.ts';
import { configStore } from '#server/modules/config/store.ts';
import { withoutSecrets } from '#server/modules/config/unreadable.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface FileRequest {
  yaml: string;
  prune: boolean;
  /** Values of the variables that the file names; never kept or told. */
  secrets: Record<string, string>;
  /** The file as a value, from an importer; `yaml` then only names it for the basis. */
  imported?: unknown;
}
export interface HistoryEntry {
  version: number;
  at: string;
  by: string | null;
  byName: string | null;
  origin: StoredDocument['origin'];
  deleted: boolean;
  fields: PlannedChange['fields'];
}
export interface FindingsItem {
  kind: ConfigKind;
  id: string;
  name: string;
  findings: readonly Finding[];
}

export interface ConfigService {
  plan(actor: Actor, request: FileRequest): Promise<ConfigPlan>;
  /** All of it in one transaction, or an error that says what is wrong. A basis that no longer holds is refused. */
  apply(actor: Actor, request: FileRequest & { basis: string | null }): Promise<ConfigPlan>;
  exportYaml(): Promise<string>;
  drift(actor: Actor): Promise<{ at: string | null; by: string | null; changes: PlannedChange[]; errors: FileError[] }>;
  history(actor: Actor, kind: ConfigKind, id: string, before: number | null, limit: number): Promise<HistoryEntry[]>;
  findings(): Promise<FindingsItem[]>;
  /** What is stored and this version cannot read, with why. */
  unreadable(): Promise<Pick<UnreadableDocument, 'kind' | 'id' | 'name' | 'why'>[]>;
  /** One of them as it is stored, as YAML without secrets; null when it is gone or can be read. */
  unreadableText(kind: ConfigKind, id: string): Promise<string | null>;
  /** After a rotation of the master key: how many secrets were sealed anew. */
  rekey(): Promise<number>;
}

export function createConfig(
  deps: ConfigChangeDeps & {
    database: SqlReader & Transactor;
    /** Opened to see whether a value is the one that is kept. */
    openSecrets(sql: SqlReader | Tx, kind: ConfigKind, id: string): Promise<Record<string, string>>;
    /** Seals everything with the newest master key; answers how many that were. */
    resealSecrets(): Promise<number>;
    people: {
      addUser(
        tx: Tx,
        at: string,
        user: { id: string; login: string; name: string; role: PermissionRole },
      ): Promise<boolean>;
      addTeam(tx: Tx, at: string, team: { id: string; name: string }): Promise<boolean>;
      addMembers(tx: Tx, at: string, teamId: string, userIds: readonly string[]): Promise<void>;
    };
    changed(kinds: readonly ConfigKind[]): void;
    clock: Pick<Clock, 'now'>;
    random: Pick<Random, 'uuid'>;
  },
): ConfigService {
  const { database, reader, clock, random } = deps;
  const changes = createConfigChanges(deps);
  const now = () => new Date(clock.now()).toISOString();

  async function planned(
    sql: SqlReader | Tx,
    actor: Actor,
    file: ParsedFile,
    request: FileRequest,
    at: string,
  ): Promise<PlannedFile & { config: PagingConfig }> {
    const config = await reader.current(sql);
    const people = await deps.readPeople(sql);
    const known = new Map<string, Record<string, string>>();
    if (Object.keys(request.secrets).length > 0) {
      for (const { id, draft } of config.list('channel').items) {
        if (file.value.channels?.[draft.name] !== undefined) known.set(id, await deps.openSecrets(sql, 'channel', id));
      }
    }
    const world = {
      config,
      people,
      at,
      newId: () => random.uuid(),
      prune: request.prune,
      secret: (name: string) => (Object.hasOwn(request.secrets, name) ? (request.secrets[name] ?? null) : null),
      isSecret: (id: string, name: string, value: string) => known.get(id)?.[name] === value,
      writer: actor,
      basis: basisOf(config.revision, request.yaml, request.prune),
      origin: request.imported === undefined ? ('yaml' as const) : ('import' as const),
    };
    return { ...(await planFile(file, world, changes)), config };
  }

  return {
    async plan(actor, request) {
      const parsed = readFile(request);
      if (!parsed.ok) return { changes: [], errors: parsed.errors, unmapped: [], basis: '' };
      return (await planned(database, actor, parsed.file, request, now())).plan;
    },

    async apply(actor, request) {
      const parsed = readFile(request);
      if (!parsed.ok) throw refused(parsed.errors);
      const at = now();
      const done = await database.withTransaction(async (tx) => {
        await configStore.lock(tx);
        const { plan, wish, prepared } = await planned(tx, actor, parsed.file, request, at);
        if (request.basis !== null && request.basis !== plan.basis) {
          throw new AppError(
            'conflict',
            'Something changed since this was planned. Look at the new plan and apply that.',
            {
              current: plan,
            },
          );
        }
        if (plan.errors.length > 0) throw refused(plan.errors, plan);
        for (const { id, login, name, role } of wish.users) {
          if (await deps.people.addUser(tx, at, { id, login, name, role })) continue;
          throw new AppError('conflict', `The login name ${login} was taken just now. Plan again.`, { current: plan });
        }
        for (const team of wish.teams) {
          if (team.isNew && !(await deps.people.addTeam(tx, at, { id: team.id, name: team.name }))) {
            throw new AppError('conflict', `The team ${team.name} was made just now. Plan again.`, { current: plan });
          }
          await deps.people.addMembers(tx, at, team.id, team.memberIds);
        }
        await changes.write(tx, at, actor.userId, prepared);
        if (request.imported === undefined) await appliedStore.write(tx, { yaml: request.yaml, at, by: actor.userId });
        return plan;
      });
      deps.changed(kindsIn(done));
      return done;
    },

    async exportYaml() {
      const names = { config: await reader.current(database), people: await deps.readPeople(database) };
      return toText(configInFile(names, now()));
    },

    async drift(actor) {
      const applied = await appliedStore.read(database);
      if (applied === null) return { at: null, by: null, changes: [], errors: [] };
      const parsed = parseConfigFile(applied.yaml);
      if (!parsed.ok) return { at: applied.at, by: applied.by, changes: [], errors: parsed.errors };
      // Rights are a matter of applying; a viewer may see that something drifted.
      const reader = { ...actor, role: 'admin' } as const;
      const request: FileRequest = { yaml: applied.yaml, prune: false, secrets: {} };
      const { plan } = await planned(database, reader, parsed.file, request, now());
      const drifted = plan.changes.filter((change) => change.op !== 'unchanged');
      const hides = !roleAtLeast(actor.role, 'manager');
      return {
        at: applied.at,
        by: applied.by,
        // Addresses of people are not for everybody.
        changes: drifted.map((change) =>
          hides && (change.kind === 'responder' || change.kind === 'stakeholderList')
            ? { ...change, fields: [] }
            : change,
        ),
        errors: plan.errors,
      };
    },

    async history(actor, kind, id, before, limit) {
      const own = kind === 'responder' && id === actor.userId;
      if (masking[kind] !== undefined && !own && !roleAtLeast(actor.role, 'responder')) {
        throw new AppError(
          'forbidden',
          `This needs the role responder; you are ${actor.role}. An admin can change that.`,
        );
      }
      const names = { config: await reader.current(database), people: await deps.readPeople(database) };
      const versions = await readVersions(database, { kind, id, before, limit: limit + 1 });
      return versions.slice(0, limit).map((version, i) => {
        const inFile = (row: (typeof versions)[number] | undefined) =>
          row?.body === null || row?.body === undefined
            ? {}
            : documentInFile({ ...row, draft: row.body } as unknown as StoredDocument, names);
        return {
          version: version.version,
          at: version.at,
          by: version.by,
          byName: version.by === null ? null : (names.people.users.get(version.by)?.name ?? null),
          origin: version.origin,
          deleted: version.body === null,
          fields: fieldDiffs(inFile(versions[i + 1]), inFile(version)),
        };
      });
    },

    rekey: () => deps.resealSecrets(),

    async unreadable() {
      const { unreadable = [] } = await reader.current(database);
      return unreadable.map(({ kind, id, name, why }) => ({ kind, id, name, why }));
    },

    async unreadableText(kind, id) {
      const row = await database.withTransaction((tx) => configStore.row(tx, kind, id));
      if (row === null || row.unreadable === null) return null;
      return toText(withoutSecrets({ kind, id, document: row.document.draft }) as Record<string, unknown>);
    },

    async findings() {
      const config = await reader.current(database);
      const people = await deps.readPeople(database);
      // Findings are refreshed without a new revision, so the rows are asked, not the copy.
      const rows = await configStore.withFindings(database);
      return rows.map(({ document, unreadable }) => ({
        kind: document.kind,
        id: document.id,
        name:
          unreadable === null ? documentName(document, config, people) : nameOfUnreadable(document.draft, document.id),
        findings: document.findings,
      }));
    },
  };
}

function readFile(request: FileRequest) {
  return request.imported === undefined ? parseConfigFile(request.yaml) : checkConfigFile(request.imported);
}

export function toText(file: Record<string, unknown>): string {
  return stringify(file, { lineWidth: 120, aliasDuplicateObjects: false });
}

function kindsIn(plan: ConfigPlan): ConfigKind[] {
  const touched = new Set(plan.changes.filter((change) => change.op !== 'unchanged').map((change) => change.kind));
  return configKinds.filter((kind) => touched.has(kind));
}

function refused(errors: readonly FileError[], plan?: ConfigPlan): AppError {
  const shown = errors.slice(0, 5).map(({ path, reason }) => `${path}: ${reason}`);
  const rest = errors.length > shown.length ? ` And ${errors.length - shown.length} more.` : '';
  return new AppError(
    'invalid',
    `Nothing was applied. ${shown.join(' ')}${rest}`,
    plan === undefined ? {} : { current: plan },
  );
}
