// The composition root of paging: from an incident that was saved to a page that was sent and answered. Each area is made
// in a file of server/paging/, and takes what the ones before it made.
import { type ConfigKind, configKinds } from '#server/contract/config.ts';
import type { DatabaseAddress } from '#server/database/pool.ts';
import type { Tx } from '#server/database/transaction.ts';
import { readConfigForReplica } from '#server/modules/config/replica-store.ts';
import { configStore } from '#server/modules/config/store.ts';
import { escalationStore, readEscalationsForReplica } from '#server/modules/escalation/store.ts';
import { withEscalation } from '#server/modules/escalation/with-escalation.ts';
import type { Acting } from '#server/modules/incidents/acting.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import { createMonitors } from '#server/modules/monitors/service.ts';
import { noticeIncidents } from '#server/modules/notify/sending/channel-messages.ts';
import { readPagesForReplica } from '#server/modules/notify/read-store.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import { readRostersForReplica } from '#server/modules/oncall/roster-store.ts';
import { createAnswers, type OutsideDeps } from '#server/paging/answers.ts';
import { createConfiguration } from '#server/paging/configuration.ts';
import { createEscalation } from '#server/paging/escalation.ts';
import { createPagingGround, type GroundDeps } from '#server/paging/ground.ts';
import { createOnCallParts } from '#server/paging/on-call.ts';
import { createQuestions } from '#server/paging/questions.ts';
import { createSending } from '#server/paging/sending.ts';
import { createWatching } from '#server/paging/watching.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import type { MasterKey } from '#server/secrets/envelope.ts';

export interface PagingDeps extends GroundDeps, OutsideDeps {
  address: DatabaseAddress;
  embeddedDatabase: boolean;
  log: Pick<EventLog, 'append'>;
  ingestTopic: string;
  keys: readonly MasterKey[];
  connectedUsers(): readonly string[];
}

export type Paging = Awaited<ReturnType<typeof createPaging>>;

/** Incidents whose every save is noticed by paging, in the same transaction; made first, because all else stands on it. */
export function pagedIncidents<S extends IncidentStore>(incidents: S): S {
  const escalated = withEscalation(incidents, { escalations: escalationStore, pages: pageStore });
  return {
    ...escalated,
    async save(tx: Tx, at: string, saved: Parameters<IncidentStore['save']>[2]) {
      await escalated.save(tx, at, saved);
      await noticeIncidents(tx, at, saved);
    },
  };
}

export async function createPaging(deps: PagingDeps) {
  const ground = await createPagingGround(deps);
  const { database, reader, settings, guard, clock, random, logger } = ground;
  const onCall = createOnCallParts(ground);
  const monitors = createMonitors({
    database,
    config: reader,
    show: (tx, at, id, change) => configStore.updateState(tx, at, 'monitor', id, change, { historic: false }),
    log: deps.log,
    topic: deps.ingestTopic,
    baseUrl: deps.publicUrl,
    agrees: guard.agrees,
    clock,
    random,
    logger,
  });

  const escalation = createEscalation(ground, onCall);
  const sending = createSending(ground, {
    keys: deps.keys,
    connectedUsers: deps.connectedUsers,
    roomOpened: (tx, room) => deps.rooms().opened(tx, room),
  });
  const answers = createAnswers(ground, { ...onCall, ...sending, monitors, nextTarget: escalation.nextTarget }, deps);
  const { config, findings, handlers } = await createConfiguration(ground, {
    ...onCall,
    monitors,
    mailbox: answers.mailbox,
  });
  const { auditor, watchdog } = createWatching(ground, { ...deps, program: new URL('auditor.ts', import.meta.url) });

  return {
    registerOutside: answers.registerOutside,
    slack: sending.slack,
    updateWays: sending.updateWays,
    metrics: watchdog.metrics,
    readers: {
      ...(Object.fromEntries(configKinds.map((kind) => [kind, readConfigForReplica(kind)])) as Record<
        ConfigKind,
        ReturnType<typeof readConfigForReplica>
      >),
      roster: readRostersForReplica,
      escalation: readEscalationsForReplica,
      page: readPagesForReplica,
    },
    /** Handlers of the actions that are about paging. */
    handlers: (acting: Pick<Acting, 'lock'>) => ({ ...handlers, ...escalation.handlers(acting) }),
    services: {
      ...createQuestions(ground, { ...onCall, config }),
      channels: sending.pages,
      config,
      monitors,
      oncall: { oncall: onCall.oncall, feeds: onCall.feeds },
      pages: sending.pages,
      pagingSettings: settings,
      responders: sending.responders,
      watchdog,
    },
    /** In order; each is stopped in reverse. */
    parts: [
      { name: 'settings of paging', start: () => undefined, stop: () => settings.stop() },
      { name: 'clock guard', start: () => guard.start(), stop: () => guard.stop() },
      { name: 'calendars', start: () => onCall.calendars.start(), stop: () => onCall.calendars.stop() },
      { name: 'rosters', start: () => onCall.rosters.start(), stop: () => onCall.rosters.stop() },
      { name: 'findings', start: () => findings.start(), stop: () => findings.stop() },
      { name: 'heartbeats', start: () => monitors.start(), stop: () => monitors.stop() },
      { name: 'escalation', start: () => escalation.worker.start(), stop: () => escalation.worker.stop() },
      { name: 'sender', start: () => sending.sender.start(), stop: () => sending.sender.stop() },
      { name: 'mailbox', start: () => answers.mailbox.start(), stop: () => answers.mailbox.stop() },
      { name: 'auditor', start: () => auditor.start(), stop: () => auditor.stop() },
    ],
  };
}
