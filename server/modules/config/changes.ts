// The one way in which documents change: from a screen, from a file, from an import.
import { AppError } from '#server/api/app-error.ts';
import type { ConfigKind, DraftOf } from '#server/contract/config.ts';
import type { Finding } from '#server/contract/config-document.ts';
import type { SqlReader, Tx } from '#server/database/transaction.ts';
import { checkGenerally } from '#server/modules/config/general-check.ts';
import { firstState, withDocuments } from '#server/modules/config/paging-config.ts';
import type {
  AfterSave,
  CheckWorld,
  ConfigCheck,
  ConfigReader,
  PagingConfig,
  StateOf,
  StoredDocument,
} from '#server/modules/config/state.ts';
import { configStore, type ConfigWrite } from '#server/modules/config/store.ts';

export type People = Pick<CheckWorld, 'users' | 'teams'>;

export interface ConfigChangeDeps {
  reader: ConfigReader;
  readPeople(sql: SqlReader | Tx): Promise<People>;
  checks: { [K in ConfigKind]: ConfigCheck<K> };
  afterSave: { [K in ConfigKind]?: AfterSave<K> };
  /** Null takes the secret away. */
  sealSecrets(tx: Tx, kind: ConfigKind, id: string, secrets: Record<string, string | null>): Promise<void>;
  /** Why this document must stay and stay on, for something that is no document itself; null when it need not. */
  heldBy?(kind: ConfigKind, id: string): string | null;
}

/** A draft to put in place, or (null) a document to take away. */
export interface WantedChange {
  kind: ConfigKind;
  id: string;
  draft: DraftOf<ConfigKind> | null;
}

/** What is to be written, worked out and checked before anything is. */
export interface PreparedChange {
  before: PagingConfig;
  after: PagingConfig;
  placed: { document: StoredDocument; draftChanged: boolean; secrets: Record<string, string | null> }[];
  removed: StoredDocument[];
  /** By `kind/id`. */
  findings: Map<string, Finding[]>;
}

const saveOrder: readonly ConfigKind[] = [
  'channel',
  'responder',
  'schedule',
  'override',
  'timeOff',
  'swap',
  'policy',
  'route',
  'inhibition',
  'monitor',
  'stakeholderList',
];

export interface ConfigChanges {
  prepare(
    given: { config: PagingConfig; people: People; at: string; by: string; origin: StoredDocument['origin'] },
    wanted: readonly WantedChange[],
    /** Every route but the built-in one, in the order of trial; left out, new ones come last. */
    routeOrder?: readonly string[],
  ): Promise<PreparedChange>;
  /** Under the lock, with what was prepared under it. An error among its findings is thrown, and nothing written. */
  write(tx: Tx, at: string, by: string, prepared: PreparedChange): Promise<PagingConfig>;
}

export function createConfigChanges(deps: ConfigChangeDeps): ConfigChanges {
  async function findingsOf(
    document: StoredDocument,
    draft: DraftOf<ConfigKind>,
    world: CheckWorld,
  ): Promise<Finding[]> {
    const general = checkGenerally(document.kind, draft, world);
    // A draft that names what is not there would only confuse its owner's check.
    if (general.some((finding) => finding.level === 'error')) return general;
    const check = deps.checks[document.kind] as ConfigCheck<ConfigKind>;
    return [...general, ...(await check(draft, world))];
  }

  function heldFindings({ kind, id }: StoredDocument): Finding[] {
    const text = deps.heldBy?.(kind, id) ?? null;
    return text === null ? [] : [{ level: 'error', code: 'held', text, from: null, to: null }];
  }

  return {
    async prepare({ config, people, at, by, origin }, wanted, routeOrder) {
      const removed = wanted
        .filter((change) => change.draft === null)
        .map(({ kind, id }) => config.get(kind, id) as StoredDocument | null)
        .filter((document) => document !== null);
      const saved = wanted
        .filter((change): change is WantedChange & { draft: DraftOf<ConfigKind> } => change.draft !== null)
        .toSorted((a, b) => saveOrder.indexOf(a.kind) - saveOrder.indexOf(b.kind))
        .map(({ kind, id, draft }) => place(config.get(kind, id), { kind, id, draft }, { at, by, origin }));
      const moved = reordered(
        config,
        withDocuments(
          config,
          saved.map(({ document }) => document),
          removed,
        ),
        routeOrder,
      );
      const placed = [
        ...saved.map((item) => ({ ...item, document: moved.get(item.document.id) ?? item.document })),
        ...[...moved.values()]
          .filter((document) => !saved.some((item) => item.document.id === document.id))
          .map((document) => ({ document, given: document.draft, secrets: {}, draftChanged: false })),
      ];
      const after = withDocuments(
        config,
        placed.map(({ document }) => document),
        removed,
      );
      const findings = new Map<string, Finding[]>();
      for (const { document, given, draftChanged } of placed) {
        if (!draftChanged) continue;
        const world = { id: document.id, config: after, at, ...people };
        const found = await findingsOf(document, given, world);
        const held = isOff(document) ? heldFindings(document) : [];
        findings.set(`${document.kind}/${document.id}`, [...found, ...held]);
      }
      for (const document of removed) {
        const held = heldFindings(document);
        if (held.length > 0) findings.set(`${document.kind}/${document.id}`, held);
      }
      return { before: config, after, placed, removed, findings };
    },

    async write(tx, at, by, { before, placed, removed, findings }) {
      const problem = problemOf(findings);
      if (problem !== null) throw new AppError('invalid', problem);
      await configStore.write(tx, at, {
        save: placed
          .filter((item) => item.draftChanged)
          .map(({ document }): ConfigWrite => {
            const found = findings.get(`${document.kind}/${document.id}`) ?? [];
            return { ...document, findings: found, by };
          }),
        remove: removed.map(({ kind, id, origin }) => ({ kind, id, origin, by })),
      });
      const states = placed.filter((item) => !item.draftChanged).map(({ document }) => document);
      await configStore.saveStates(tx, at, states);
      for (const { document, secrets } of placed) {
        if (Object.keys(secrets).length > 0) await deps.sealSecrets(tx, document.kind, document.id, secrets);
      }
      for (const document of removed) {
        const names = document.kind === 'channel' ? (document.state as StateOf<'channel'>).secretNames : [];
        const none = Object.fromEntries(names.map((name) => [name, null]));
        if (names.length > 0) await deps.sealSecrets(tx, document.kind, document.id, none);
      }
      const config = await deps.reader.current(tx);
      for (const { kind, id } of [...placed.map((item) => item.document), ...removed]) {
        const hook = deps.afterSave[kind] as AfterSave<ConfigKind> | undefined;
        await hook?.(tx, at, { before: before.get(kind, id), after: config.get(kind, id), config });
      }
      return config;
    },
  };
}

/** Why what was prepared may not be written, in words; null when it may. */
export function problemOf(findings: PreparedChange['findings']): string | null {
  const errors = [...findings.values()].flat().filter((finding) => finding.level === 'error');
  return errors.length === 0 ? null : [...new Set(errors.map((finding) => finding.text))].slice(0, 5).join(' ');
}

function isOff({ draft }: StoredDocument): boolean {
  return 'enabled' in draft && !draft.enabled;
}

/** The document as it will be; the version is for reading only until it is written. */
function place(
  known: StoredDocument | null,
  { kind, id, draft }: { kind: ConfigKind; id: string; draft: DraftOf<ConfigKind> },
  { at, by, origin }: { at: string; by: string; origin: StoredDocument['origin'] },
) {
  const state: StateOf<ConfigKind> = structuredClone(known?.state ?? firstState(kind));
  const secrets = kind === 'channel' ? (draft as DraftOf<'channel'>).secrets : {};
  const kept = kind === 'channel' ? { ...(draft as DraftOf<'channel'>), secrets: {} } : draft;
  if (kind === 'channel') {
    const channel = state as StateOf<'channel'>;
    const names = new Set(channel.secretNames);
    for (const [name, value] of Object.entries(secrets)) {
      if (value === null) names.delete(name);
      else names.add(name);
    }
    channel.secretNames = [...names].sort();
  }
  if (kind === 'responder') {
    const responder = state as StateOf<'responder'>;
    const { contactMethods } = draft as DraftOf<'responder'>;
    const proven = Object.entries(responder.verified).filter(([methodId, proof]) =>
      contactMethods.some((method) => method.id === methodId && method.address === proof.address),
    );
    responder.verified = Object.fromEntries(proven);
  }
  const version = (known?.version ?? 0) + 1;
  const document: StoredDocument = {
    $document: `${kind}/${id}@${version}`,
    kind,
    id,
    version,
    bodyVersion: version,
    draft: kept,
    state,
    findings: [],
    origin,
    updatedAt: at,
    updatedBy: by,
  };
  return { document, given: draft, secrets, draftChanged: true };
}

/** Routes whose position has to change, by id, with the new one. New ones come after those there are. */
function reordered(
  before: PagingConfig,
  config: PagingConfig,
  order: readonly string[] | undefined,
): Map<string, StoredDocument> {
  const routes = config.list('route').items;
  const now = new Map(before.list('route').items.map((route, position) => [route.id, position]));
  const rank = (id: string) => {
    const wanted = order?.indexOf(id) ?? -1;
    return wanted === -1 ? (order?.length ?? 0) + (now.get(id) ?? routes.length) : wanted;
  };
  const own = routes.filter((route) => !route.state.builtIn).toSorted((a, b) => rank(a.id) - rank(b.id));
  const all = [...own, ...routes.filter((route) => route.state.builtIn)];
  return new Map(
    all.flatMap((route, position) =>
      route.state.position === position
        ? []
        : [[route.id, { ...route, state: { ...route.state, position } } as unknown as StoredDocument]],
    ),
  );
}
