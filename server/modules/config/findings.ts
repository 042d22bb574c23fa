// What is wrong with a document can change without it: a person leaves, a rotation runs out, a schedule that it names is edited.
import { type ConfigKind, configKinds } from '#server/contract/config.ts';
import type { SqlReader, Transactor } from '#server/database/transaction.ts';
import type { ConfigChangeDeps } from '#server/modules/config/changes.ts';
import { checkGenerally } from '#server/modules/config/general-check.ts';
import { sameJson } from '#server/modules/config/same-json.ts';
import type { CheckWorld, ConfigCheck, PagingConfig, StoredDocument } from '#server/modules/config/state.ts';
import { configStore } from '#server/modules/config/store.ts';
import { unreadableFinding } from '#server/modules/config/stored-draft.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Logger } from '#server/ports/logger.ts';

export interface FindingsRefresh {
  start(): void;
  stop(): Promise<void>;
  /** Looks again, soon, at what depends on documents of these kinds. */
  changed(kinds: readonly ConfigKind[]): void;
  /** Looks at every document of these kinds; answers how many have other findings than before. */
  refresh(kinds?: readonly ConfigKind[]): Promise<number>;
}

const everyMs = 3_600_000;
/** By then the change has committed; several in a row are looked at once. */
const soonMs = 2_000;
const batch = 25;

const dependents: Record<ConfigKind, readonly ConfigKind[]> = {
  schedule: ['schedule', 'policy', 'override', 'swap'],
  override: ['schedule', 'override'],
  timeOff: ['schedule', 'override'],
  swap: ['schedule'],
  policy: ['route', 'policy'],
  route: ['route', 'policy'],
  inhibition: ['inhibition'],
  channel: ['policy', 'route', 'responder', 'stakeholderList'],
  monitor: [],
  responder: ['policy', 'responder', 'stakeholderList'],
  stakeholderList: ['stakeholderList'],
};

export function createFindingsRefresh(
  deps: Pick<ConfigChangeDeps, 'checks' | 'reader' | 'readPeople'> & {
    database: SqlReader & Transactor;
    clock: Clock;
    logger: Pick<Logger, 'error'>;
  },
): FindingsRefresh {
  const { database, clock, logger } = deps;
  const waiting = new Set<ConfigKind>();
  let cancel = () => {};
  let cancelHourly = () => {};
  let running: Promise<unknown> = Promise.resolve();
  let stopped = false;

  async function refresh(kinds: readonly ConfigKind[] = configKinds): Promise<number> {
    const config = await deps.reader.current(database);
    const people = await deps.readPeople(database);
    const at = new Date(clock.now()).toISOString();
    let changed = await saveUnreadable(config, kinds, at);
    for (const kind of kinds) {
      const documents = config.list(kind).items as readonly StoredDocument[];
      for (let from = 0; from < documents.length && !stopped; from += batch) {
        const found: Parameters<typeof configStore.saveFindings>[2][number][] = [];
        for (const document of documents.slice(from, from + batch)) {
          const findings = await findingsOf(document, { id: document.id, config, at, ...people });
          if (findings === null || sameJson(findings, document.findings)) continue;
          found.push({ kind, id: document.id, version: document.version, findings });
        }
        if (found.length > 0)
          changed += await database.withTransaction((tx) => configStore.saveFindings(tx, at, found));
        // Checks compute; others get their turn in between.
        await clock.sleep(0);
      }
    }
    return changed;
  }

  async function saveUnreadable({ unreadable = [] }: PagingConfig, kinds: readonly ConfigKind[], at: string) {
    const found = unreadable.flatMap(({ kind, id, version, why, findings: before }) => {
      const findings = [unreadableFinding(why)];
      return kinds.includes(kind) && !sameJson(findings, before) ? [{ kind, id, version, findings }] : [];
    });
    return found.length === 0 ? 0 : database.withTransaction((tx) => configStore.saveFindings(tx, at, found));
  }

  async function findingsOf(document: StoredDocument, world: CheckWorld) {
    try {
      const general = checkGenerally(document.kind, document.draft, world);
      if (general.some((finding) => finding.level === 'error')) return general;
      const check = deps.checks[document.kind] as ConfigCheck<ConfigKind>;
      return [...general, ...(await check(document.draft, world))];
    } catch (error) {
      logger.error('a document could not be checked', { document: document.$document, error: String(error) });
      return null;
    }
  }

  const inTurn = (kinds: readonly ConfigKind[]) => {
    running = running
      .then(() => (stopped ? 0 : refresh(kinds)))
      .catch((error: unknown) => logger.error('findings could not be refreshed', { error: String(error) }));
  };

  function hourly(): void {
    cancelHourly = clock.setTimer(everyMs, () => {
      inTurn(configKinds);
      hourly();
    });
  }

  return {
    refresh,
    start() {
      hourly();
      inTurn(configKinds);
    },
    async stop() {
      stopped = true;
      cancel();
      cancelHourly();
      await running;
    },
    changed(kinds) {
      if (stopped) return;
      const idle = waiting.size === 0;
      for (const kind of kinds) for (const dependent of dependents[kind]) waiting.add(dependent);
      if (!idle || waiting.size === 0) return;
      cancel = clock.setTimer(soonMs, () => {
        const now = configKinds.filter((kind) => waiting.has(kind));
        waiting.clear();
        inTurn(now);
      });
    },
  };
}
