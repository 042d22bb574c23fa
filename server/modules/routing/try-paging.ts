// The time machine's face: a draft, a version or a deletion is tried on the last days, or on one recorded trigger.
import { AppError } from '#server/api/app-error.ts';
import type { Actor } from '#server/api/context.ts';
import type { ConfigKind } from '#server/contract/config.ts';
import type { PagingTrial, PolicyTrial, TrialChange } from '#server/contract/paging-trial.ts';
import type { SqlReader } from '#server/database/transaction.ts';
import { compileRouteCondition } from '#server/expressions/cel.ts';
import type {
  ConfigHistory,
  ConfigReader,
  PagingConfig,
  StateOf,
  StoredDocument,
} from '#server/modules/config/state.ts';
import type { decideRecipients, RecipientPerson } from '#server/modules/escalation/decide-recipients.ts';
import type { decideStep } from '#server/modules/escalation/decide-step.ts';
import type { factsBetween } from '#server/modules/oncall/facts.ts';
import type { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import type { Calendars } from '#server/modules/oncall/state.ts';
import { compareTrials, isSame, sampleOf } from '#server/modules/routing/compare-trials.ts';
import { createOnCallTable } from '#server/modules/routing/on-call-table.ts';
import { readPastIncidents } from '#server/modules/routing/past-store.ts';
import { replayPaging, type TrialWorld } from '#server/modules/routing/time-machine.ts';
import type { Clock } from '#server/ports/clock.ts';

const alertsMax = 100_000;
const dayMs = 86_400_000;

export interface TryPaging {
  tryDraft(actor: Actor, question: { changes: TrialChange[]; days: number }): Promise<PagingTrial>;
  /** Same input, other policy. */
  tryPolicy(actor: Actor, question: { incidentId: string; changes: TrialChange[] }): Promise<PolicyTrial>;
}

export interface TryPagingDeps {
  database: SqlReader;
  config: ConfigReader;
  history: ConfigHistory;
  people(): Promise<{ people: readonly RecipientPerson[]; teams: readonly { id: string; name: string }[] }>;
  calendars: Calendars;
  decisions: { step: typeof decideStep; recipients: typeof decideRecipients };
  oncall: { shiftsBetween: typeof shiftsBetween; factsBetween: typeof factsBetween };
  /** Of modules/config. */
  drafts: {
    withDocuments(
      config: PagingConfig,
      placed: readonly StoredDocument[],
      removed: readonly { kind: ConfigKind; id: string }[],
    ): PagingConfig;
    firstState<K extends ConfigKind>(kind: K): StateOf<K>;
  };
  clock: Clock;
}

export function createTryPaging(deps: TryPagingDeps): TryPaging {
  const { database, clock } = deps;
  const iso = (ms: number) => new Date(ms).toISOString();

  async function worlds(changes: readonly TrialChange[], from: string, to: string) {
    const config = await deps.config.current(database);
    const tried = await withChanges(deps, config, changes);
    const { people, teams } = await deps.people();
    const withMembers = teams.map(({ id, name }) => ({
      id,
      name,
      memberIds: people.filter((person) => person.teamIds.includes(id)).map((person) => person.id),
    }));
    const users = new Map(people.map((person) => [person.id, person]));
    const make = (of: PagingConfig): TrialWorld => ({
      config: of,
      people,
      teams: withMembers,
      onCall: createOnCallTable(deps.oncall, { config: of, calendars: deps.calendars, users }, from, to),
      decideStep: deps.decisions.step,
      decideRecipients: deps.decisions.recipients,
    });
    return { before: make(config), after: make(tried) };
  }

  return {
    async tryDraft(actor, { changes, days }) {
      const began = clock.monotonic();
      const [from, to] = [iso(clock.now() - days * dayMs), iso(clock.now())];
      const past = await readPastIncidents(database, actor, { from, to, id: null, alertsMax });
      const { before, after } = await worlds(changes, past.incidents[0]?.startedAt ?? from, to);
      const breathe = () => clock.sleep(0);
      const was = await replayPaging(before, past.incidents, to, breathe);
      const would = await replayPaging(after, past.incidents, to, breathe);
      return {
        from: past.truncated ? (past.incidents[0]?.startedAt ?? from) : from,
        to,
        incidents: past.incidents.length,
        alerts: past.alerts,
        ...compareTrials(past.incidents, was, would),
        truncated: past.truncated,
        elapsedMs: Math.round(clock.monotonic() - began),
      };
    },

    async tryPolicy(actor, { incidentId, changes }) {
      const to = iso(clock.now());
      const past = await readPastIncidents(database, actor, { from: '1970-01-01', to, id: incidentId, alertsMax });
      const [incident] = past.incidents;
      if (incident === undefined) throw new AppError('not-found', 'There is no such incident, or you may not see it.');
      const { before, after } = await worlds(changes, incident.startedAt, to);
      const was = (await replayPaging(before, past.incidents, to)).get(incidentId) ?? { pages: [], reason: '' };
      const would = (await replayPaging(after, past.incidents, to)).get(incidentId) ?? { pages: [], reason: '' };
      return { ...sampleOf(incident, was, would), same: isSame(was.pages, would.pages) };
    },
  };
}

async function withChanges(
  deps: TryPagingDeps,
  config: PagingConfig,
  changes: readonly TrialChange[],
): Promise<PagingConfig> {
  let tried = config;
  for (const change of changes) {
    const placed: StoredDocument[] = [];
    const removed: { kind: ConfigKind; id: string }[] = [];
    if (change.op === 'delete') removed.push(change);
    else if (change.op === 'version') placed.push(await versionOf(deps, change));
    else if (change.op === 'order') placed.push(...ordered(tried, change.routeIds));
    else placed.push(drafted(deps, tried, change));
    tried = deps.drafts.withDocuments(tried, placed, removed);
  }
  return tried;
}

async function versionOf(deps: TryPagingDeps, { kind, id, version }: Extract<TrialChange, { op: 'version' }>) {
  const reference = `${kind}/${id}@${version}`;
  const found = (await deps.history.documents(deps.database, [reference])).get(reference);
  if (found === undefined) throw new AppError('not-found', `There is no version ${version} of this ${kind}.`);
  return found;
}

function drafted(
  deps: TryPagingDeps,
  config: PagingConfig,
  change: Extract<TrialChange, { op: 'save' }>,
): StoredDocument {
  const { id, document } = change;
  const { kind, draft } = document;
  refuseBroken(document);
  const known = config.get(kind, id);
  return {
    $document: `${kind}/${id}@0`,
    kind,
    id,
    version: 0,
    bodyVersion: 0,
    draft,
    // A new route is tried before all others, as a saved one is placed.
    state: known?.state ?? (kind === 'route' ? { position: -1, builtIn: false } : deps.drafts.firstState(kind)),
    findings: [],
    origin: 'ui',
    updatedAt: '1970-01-01T00:00:00.000Z',
    updatedBy: null,
  };
}

function ordered(config: PagingConfig, routeIds: readonly string[]): StoredDocument[] {
  return routeIds.flatMap((id, position) => {
    const route = config.get('route', id);
    if (route === null || route.state.builtIn) return [];
    return [{ ...route, state: { ...route.state, position } } as unknown as StoredDocument];
  });
}

/** A condition that cannot be compiled matches nothing, and the answer would be about something else. */
function refuseBroken(document: Extract<TrialChange, { op: 'save' }>['document']): void {
  const expressions =
    document.kind === 'route'
      ? [document.draft.condition]
      : document.kind === 'inhibition'
        ? [document.draft.cause, document.draft.symptom]
        : [];
  for (const expression of expressions) {
    const compiled = compileRouteCondition(expression);
    if (!compiled.ok) throw new AppError('invalid', `“${expression}” cannot be tried: ${compiled.reason}`);
  }
}
