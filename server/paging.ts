// The composition root of paging: from an incident that was saved to a page that was sent and answered.
import type { FastifyInstance } from 'fastify';
import type { Wake } from '#server/adapters/postgres/wake.ts';
import { createRateLimit } from '#server/api/rate-limit.ts';
import type { Alert } from '#server/contract/alert.ts';
import { type ConfigKind, configKinds } from '#server/contract/config.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { Database, DatabaseAddress } from '#server/database/pool.ts';
import type { Tx } from '#server/database/transaction.ts';
import { directoryStore } from '#server/modules/auth/directory-store.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { createConfigChanges, type ConfigChangeDeps } from '#server/modules/config/changes.ts';
import { createFindingsRefresh } from '#server/modules/config/findings.ts';
import { configAtInstant, configHistory } from '#server/modules/config/history-store.ts';
import { ensureBuiltInRoute } from '#server/modules/config/first-start.ts';
import { createConfigIntents } from '#server/modules/config/intents.ts';
import { firstState, withDocuments } from '#server/modules/config/paging-config.ts';
import { toPublic } from '#server/modules/config/public.ts';
import { createConfigReader } from '#server/modules/config/reader.ts';
import { readConfigForReplica } from '#server/modules/config/replica-store.ts';
import { createConfig } from '#server/modules/config/service.ts';
import { configStore } from '#server/modules/config/store.ts';
import { checkPolicy } from '#server/modules/escalation/check-policy.ts';
import { createClockGuard, createClockStore } from '#server/modules/escalation/clock-guard.ts';
import { decideRecipients } from '#server/modules/escalation/decide-recipients.ts';
import { decideStep } from '#server/modules/escalation/decide-step.ts';
import { decideStop } from '#server/modules/escalation/decide-stop.ts';
import { subjectOf } from '#server/modules/escalation/facts.ts';
import { openIncidentsNow, pagingFacts, recentSubjects } from '#server/modules/escalation/facts-store.ts';
import { createEscalateHandler, withAcknowledgement } from '#server/modules/escalation/handlers.ts';
import { createInhibitedNow } from '#server/modules/escalation/inhibited-now.ts';
import { nextTargetInWords } from '#server/modules/escalation/next-target.ts';
import {
  escalationStore,
  nextPagingDue,
  readEscalationsForReplica,
  lockEscalations,
  stepFailed,
} from '#server/modules/escalation/store.ts';
import { withEscalation } from '#server/modules/escalation/with-escalation.ts';
import { createEscalationWorker } from '#server/modules/escalation/worker.ts';
import { createFatigue } from '#server/modules/fatigue/router.ts';
import { createImporters } from '#server/modules/importers/service.ts';
import type { Acting } from '#server/modules/incidents/acting.ts';
import type { IntentHandler, Intents } from '#server/modules/incidents/intents.ts';
import type { IncidentStore } from '#server/modules/incidents/state.ts';
import { giveService, incidentStore } from '#server/modules/incidents/store.ts';
import type { Decisions } from '#server/modules/ledger/decisions.ts';
import { createLedger } from '#server/modules/ledger/service.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createTrace, type DecisionTable, type Trace } from '#server/modules/ledger/trace.ts';
import { onCallOf } from '#server/modules/ledger/why-minute.ts';
import { checkMonitor } from '#server/modules/monitors/check.ts';
import { registerHeartbeats } from '#server/modules/monitors/routes.ts';
import { createMonitors } from '#server/modules/monitors/service.ts';
import { createActFromOutside } from '#server/modules/notify/act-from-outside.ts';
import { addressOf } from '#server/modules/notify/address-of.ts';
import { carriers } from '#server/modules/notify/carriers.ts';
import { noticeIncidents } from '#server/modules/notify/channel-messages.ts';
import { createChannelCheck } from '#server/modules/notify/check-channel.ts';
import { createTell } from '#server/modules/notify/tell.ts';
import { createCompose } from '#server/modules/notify/compose.ts';
import { contactLabel } from '#server/modules/notify/contact-label.ts';
import { decideDelivery } from '#server/modules/notify/decide-delivery.ts';
import { decideLimit } from '#server/modules/notify/decide-limit.ts';
import { decidePlan } from '#server/modules/notify/decide-plan.ts';
import { createReplanHeld } from '#server/modules/notify/do-not-disturb.ts';
import { createDirect } from '#server/modules/notify/direct.ts';
import { createMailbox } from '#server/modules/notify/inbound/mailbox.ts';
import type { OpenChannel } from '#server/modules/notify/inbound/open-channel.ts';
import { createReplyStore } from '#server/modules/notify/inbound/reply-store.ts';
import { userBySlackId } from '#server/modules/notify/inbound/slack-people.ts';
import { registerSlackCallbacks } from '#server/modules/notify/inbound/slack.ts';
import { registerTwilioCallbacks } from '#server/modules/notify/inbound/twilio.ts';
import { peopleWithAddress, verifiedAddresses } from '#server/modules/notify/inbound/verified-people.ts';
import { createPageLinks } from '#server/modules/notify/links.ts';
import { registerPhonePage } from '#server/modules/notify/phone-page.ts';
import { readPagesForReplica } from '#server/modules/notify/read-store.ts';
import { createReceipts } from '#server/modules/notify/receipts.ts';
import { addressFault, channelTypes } from '#server/modules/notify/registry.ts';
import { createSender } from '#server/modules/notify/sender.ts';
import { createPages } from '#server/modules/notify/service.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import { createCalendarReader } from '#server/modules/oncall/calendar-reader.ts';
import { createCalendars } from '#server/modules/oncall/calendars.ts';
import { createOnCallChecks } from '#server/modules/oncall/checks.ts';
import { decideLookup } from '#server/modules/oncall/decide-lookup.ts';
import { factsBetween, lookupInput } from '#server/modules/oncall/facts.ts';
import { createFeeds, registerCalendarRoutes } from '#server/modules/oncall/feeds.ts';
import { readCalendar } from '#server/modules/oncall/ical-in.ts';
import { readRostersForReplica } from '#server/modules/oncall/roster-store.ts';
import { createRosters } from '#server/modules/oncall/rosters.ts';
import { createOnCall } from '#server/modules/oncall/service.ts';
import { shiftsBetween } from '#server/modules/oncall/shifts.ts';
import { createSwapIntents } from '#server/modules/oncall/swap-intents.ts';
import { createListCheck } from '#server/modules/updates/check-list.ts';
import { createResponderCheck } from '#server/modules/responders/check.ts';
import { createResponders } from '#server/modules/responders/service.ts';
import { checkRoute, createInhibitionCheck } from '#server/modules/routing/checks.ts';
import { decideHold } from '#server/modules/routing/decide-hold.ts';
import { decideRoute } from '#server/modules/routing/decide-route.ts';
import { causesOf, hasInhibitions } from '#server/modules/routing/inhibit.ts';
import { createTryPaging } from '#server/modules/routing/try-paging.ts';
import { createShadow } from '#server/modules/shadow/service.ts';
import { auditTimes } from '#server/modules/watchdog/audit.ts';
import { hasBattery } from '#server/modules/watchdog/host.ts';
import { createPagingSettings } from '#server/modules/watchdog/paging-settings.ts';
import { createWatchdog } from '#server/modules/watchdog/service.ts';
import { createAuditorThread } from '#server/modules/watchdog/thread.ts';
import type { Rooms, SlackWays } from '#server/rooms.ts';
import type { UpdateWays } from '#server/updates.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { EventLog } from '#server/ports/event-log.ts';
import type { Logger } from '#server/ports/logger.ts';
import type { Random } from '#server/ports/random.ts';
import type { Secrets } from '#server/secrets/secrets.ts';
import type { MasterKey } from '#server/secrets/envelope.ts';

const phonePageCallsPerMinute = 60;
const calendarCallsPerMinute = 60;
const beatsPerMinute = 120;

export interface PagingDeps {
  database: Database;
  address: DatabaseAddress;
  embeddedDatabase: boolean;
  log: Pick<EventLog, 'append'>;
  ingestTopic: string;
  wake: Wake;
  secrets: Secrets;
  keys: readonly MasterKey[];
  /** Where others reach this center, without a trailing slash. */
  publicUrl(): string;
  /** Set once the actions of people are joined; pages are answered through them. */
  intents(): Pick<Intents, 'submit'>;
  incident(reader: { teamIds: readonly string[] }, id: string): Promise<Incident | null>;
  alertsOf(reader: { userId: string; teamIds: readonly string[] }, incidentId: string, limit: number): Promise<Alert[]>;
  timelineOf(reader: { teamIds: readonly string[] }, incidentId: string): Promise<TimelineEntry[]>;
  connectedUsers(): readonly string[];
  /** Set once rooms are joined; channels that open one, and what is written there, are told to them. */
  rooms(): Pick<Rooms, 'opened' | 'heard'>;
  clock: Clock;
  random: Random;
  logger: Logger;
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
  const { database, wake, secrets, publicUrl, random, logger } = deps;
  // What compares due times takes the guarded clock, made below; all else the machine's.
  const machineClock = deps.clock;
  const now = () => new Date(machineClock.now()).toISOString();
  const reader = createConfigReader({ logger });
  const people = directoryStore.read;

  // Ways out -------------------------------------------------------------------------------------------------------
  const settings = createPagingSettings({
    database,
    config: reader,
    canTell: (kind) => channelTypes.get(kind as never)?.info.can.target === true,
    clock: machineClock,
    logger,
  });
  await settings.start();
  const outgoing = createOutgoing({
    allowedPrivate: () => settings.current().allowedPrivateHosts,
    clock: machineClock,
  });

  // Decisions ------------------------------------------------------------------------------------------------------
  const decisions: Decisions = {
    route: decideRoute,
    hold: decideHold,
    step: decideStep,
    lookup: decideLookup,
    recipients: decideRecipients,
    plan: decidePlan,
    limit: decideLimit,
    delivery: decideDelivery,
    stop: decideStop,
  };
  const newTrace = (incidentId: string, at: string): Trace<Decisions> =>
    createTrace({ decisions, incidentId, at, newId: random.uuid });

  // Time: due times are compared with the database's clock, and move with it when it is set --------------------------
  const guard = createClockGuard({
    transact: database.withTransaction,
    store: createClockStore(database),
    async record(tx, at, incidentIds, byMs) {
      const words = { title: 'The clock was set', detail: `Pending timers moved by ${Math.round(byMs / 1_000)} s` };
      const entries = incidentIds.flatMap((id) => {
        const trace = newTrace(id, at);
        trace.observe('clock', { byMs }, words);
        return trace.entries;
      });
      await ledgerStore.append(tx, entries);
    },
    clock: machineClock,
    logger,
  });
  const { clock } = guard;

  // On call --------------------------------------------------------------------------------------------------------
  const calendars = createCalendars({
    database,
    reader,
    async people(sql) {
      const config = await reader.current(sql);
      return [...(await directoryStore.read(sql)).users.values()].map(({ id, login, name }) => ({
        id,
        login,
        name,
        emails: verifiedAddresses(config, ['email'], id),
      }));
    },
    outgoing,
    readText: createCalendarReader({ clock: machineClock }),
    clock: machineClock,
    logger,
    changed: () => rosters.changed(),
  });
  const rosters = createRosters({ database, reader, readPeople: people, calendars, clock: machineClock, logger });
  const oncall = createOnCall({
    database,
    reader,
    configAt: async (at) => configAtInstant(database, at),
    readPeople: people,
    calendars,
    clock: machineClock,
    random,
  });
  const feeds = createFeeds({
    database,
    reader,
    readPeople: people,
    calendars,
    baseUrl: publicUrl,
    clock: machineClock,
    random,
  });

  // Heartbeats -----------------------------------------------------------------------------------------------------
  const monitors = createMonitors({
    database,
    config: reader,
    show: (tx, at, id, change) => configStore.updateState(tx, at, 'monitor', id, change, { historic: false }),
    log: deps.log,
    topic: deps.ingestTopic,
    baseUrl: publicUrl,
    clock: machineClock,
    random,
    logger,
  });

  // Configuration --------------------------------------------------------------------------------------------------
  const onCallChecks = createOnCallChecks({ calendars, addressFault: (url) => outgoing.fault(url) });
  const replanHeld = createReplanHeld({ newTrace, ledger: ledgerStore });
  const configDeps: ConfigChangeDeps = {
    reader,
    readPeople: people,
    checks: {
      ...onCallChecks,
      policy: checkPolicy,
      route: checkRoute,
      inhibition: createInhibitionCheck(async () => (await recentSubjects(database)).map(subjectOf)),
      channel: createChannelCheck({ types: channelTypes, outgoing }),
      monitor: checkMonitor,
      responder: createResponderCheck({
        carriers,
        addressFault: (kind, address) => addressFault(channelTypes, kind, address),
        outgoing,
      }),
      stakeholderList: createListCheck((config, userId) => verifiedAddresses(config, ['email'], userId)),
    },
    afterSave: {
      ...rosters.afterSave,
      async schedule(tx, at, change) {
        await rosters.afterSave.schedule(tx, at, change);
        calendars.soon();
      },
      monitor: monitors.afterSave,
      async responder(tx, at, change) {
        await rosters.afterSave.responder(tx, at, change);
        await replanHeld(tx, at, change);
      },
    },
    async sealSecrets(tx, kind, id, given) {
      await secrets.sealAll(tx, kind, id, given);
    },
    heldBy(kind, id) {
      if (kind !== 'channel' || settings.current().fallbackChannelId !== id) return null;
      return 'It is the fallback channel, told when nobody can be paged. Choose another one under Settings, Paging first.';
    },
  };
  const changes = createConfigChanges(configDeps);
  const findings = createFindingsRefresh({ ...configDeps, database, clock: machineClock, logger });
  const configChanged = (kinds: Parameters<typeof findings.changed>[0]) => {
    findings.changed(kinds);
    if (kinds.includes('channel')) mailbox.soon();
    // A policy or a silence that changed may hold or free what waits.
    wake.signal('paging');
  };
  const firstPerson = await peopleStore.oldestAdmin(database);
  await database.withTransaction((tx) =>
    ensureBuiltInRoute(tx, { reader, newId: random.uuid, at: now(), firstPerson }),
  );
  const config = createConfig({
    ...configDeps,
    database,
    openSecrets: (sql, kind, id) => secrets.open(sql, kind, id),
    resealSecrets: () => secrets.reencryptAll(database),
    people: directoryStore,
    changed: configChanged,
    clock: machineClock,
    random,
  });

  // Escalation -----------------------------------------------------------------------------------------------------
  const addTimeline = (tx: Tx, entries: TimelineEntry[]) => incidentStore.addTimeline(tx, entries);
  const worker = createEscalationWorker({
    transact: database.withTransaction,
    nextDue: () => nextPagingDue(database),
    agrees: guard.agrees,
    store: escalationStore,
    pages: pageStore,
    ledger: ledgerStore,
    incidents: { addTimeline },
    config: reader,
    facts: pagingFacts,
    settings: () => {
      const { mode, fallbackChannelId } = settings.current();
      return Promise.resolve({ mode, fallbackChannelId });
    },
    decisions,
    causesOf,
    hasInhibitions,
    lookupInput: ({ config: current, people: users }, scheduleId, at) =>
      lookupInput({ config: current, users, calendars }, scheduleId, at),
    addressOf,
    newTrace,
    tell: createTell({
      config: reader,
      pages: pageStore,
      ledger: ledgerStore,
      newTrace,
      newId: random.uuid,
      mode: () => settings.current().mode,
    }),
    setService: (incidentId, service) => database.withTransaction((tx) => giveService(tx, now(), incidentId, service)),
    wake,
    clock,
    random,
    logger,
  });

  // Sending --------------------------------------------------------------------------------------------------------
  const links = createPageLinks({
    keys: deps.keys.map((key) => key.key),
    sql: database,
    publicUrl,
    clock: machineClock,
  });
  const settleDeps = {
    newTrace,
    ledger: ledgerStore,
    incidents: { addTimeline },
    people: peopleStore,
    lockPaging: lockEscalations,
    stepExhausted: async (tx: Tx, at: string, step: Parameters<typeof stepFailed>[2]) =>
      void (await stepFailed(tx, at, step)),
    random,
  };
  const composeDeps = { types: channelTypes, config: reader, secrets, links, outgoing, publicUrl, clock, logger };
  const sender = createSender({
    ...settleDeps,
    ...composeDeps,
    database,
    wake,
    mode: () => settings.current().mode,
    stepHeld: stepFailed,
    hold: decideHold,
    inhibited: createInhibitedNow({
      config: reader,
      facts: pagingFacts,
      openIncidents: openIncidentsNow,
      hasInhibitions,
      causesOf,
    }),
    agrees: guard.agrees,
    connectedUsers: deps.connectedUsers,
    roomOpened: (tx, room) => deps.rooms().opened(tx, room),
    async noteChannel(channelId, { at, error }) {
      const note = error === null ? { lastSentAt: at, lastError: null } : { lastError: { at, message: error } };
      await database.withTransaction((tx) =>
        configStore.updateState(tx, at, 'channel', channelId, (state) => ({ ...state, ...note }), { historic: false }),
      );
    },
  });
  const compose = createCompose(composeDeps);
  const slack: SlackWays = {
    async open(tx, channelId) {
      const way = await compose.through(tx, channelId);
      // Only channels of Slack open rooms, and theirs are the settings that `mirrors` looks into.
      return 'fault' in way ? way : { context: way.context as typeof way.context & { settings: { apiUrl: string } } };
    },
    async mirrors(tx, channelId) {
      const channel = (await reader.current(tx)).get('channel', channelId);
      if (channel === null || settings.current().mode !== 'live') return false;
      const { kind, enabled, settings: of } = channel.draft;
      return kind === 'slack' && enabled && of['mirrorChat'] === true;
    },
    userBySlackId: async (tx, slackId) => userBySlackId(await reader.current(tx), slackId),
  };
  const receipts = createReceipts({ ...settleDeps, database, clock, wake });
  const direct = createDirect({ ...composeDeps, database, clock, random });
  const responders = createResponders({
    database,
    config: reader,
    people: peopleStore,
    direct,
    contactLabel,
    async markVerified(tx, at, { userId, methodId, address }) {
      await configStore.lock(tx);
      await configStore.updateState(
        tx,
        at,
        'responder',
        userId,
        (state) => ({ ...state, verified: { ...state.verified, [methodId]: { at, address } } }),
        { historic: true },
      );
    },
    connectedUsers: deps.connectedUsers,
    clock: machineClock,
    random,
  });

  // Ways back ------------------------------------------------------------------------------------------------------
  const act = createActFromOutside({
    sql: database,
    people: peopleStore,
    incident: deps.incident,
    intents: { submit: (actor, intents) => deps.intents().submit(actor, intents) },
    clock: machineClock,
  });
  const openChannel = async (id: string): Promise<OpenChannel | null> => {
    const channel = (await reader.current(database)).get('channel', id);
    if (channel === null) return null;
    const { kind, enabled, settings: of } = channel.draft;
    return { id, kind, enabled, settings: of, secrets: await secrets.open(database, 'channel', id) };
  };
  const replies = createReplyStore(database);
  const user = (id: string) => peopleStore.user(database, id);
  const mailbox = createMailbox({
    async channels() {
      const emails = (await reader.current(database)).list('channel').items.filter((one) => one.draft.kind === 'email');
      return (await Promise.all(emails.map((one) => openChannel(one.id)))).filter((one) => one !== null);
    },
    resolve: outgoing.resolve,
    links,
    verifiedAddresses: async (userId) => verifiedAddresses(await reader.current(database), ['email'], userId),
    act,
    store: replies,
    clock: machineClock,
    random,
    logger,
  });

  async function nextTarget(incidentId: string): Promise<string | null> {
    const [state, current, { users, teams }] = await Promise.all([
      database.withTransaction((tx) => escalationStore.lock(tx, incidentId)),
      reader.current(database),
      directoryStore.read(database),
    ]);
    return nextTargetInWords(state, now(), {
      config: current,
      people: users,
      teams,
      onCall(scheduleId, at) {
        const input = lookupInput({ config: current, users, calendars }, scheduleId, at);
        return input === null ? [] : decideLookup(input).users.map(({ userId }) => userId);
      },
    });
  }

  async function registerOutside(app: FastifyInstance): Promise<void> {
    const perMinute = (limit: number) => createRateLimit({ clock: machineClock, limit, windowMs: 60_000 });
    await registerSlackCallbacks(app, {
      channel: openChannel,
      userBySlackId: async (slackId) => userBySlackId(await reader.current(database), slackId),
      act,
      heard: (channelId, event) => deps.rooms().heard(channelId, event),
      store: replies,
      outgoing,
      clock: machineClock,
      logger,
    });
    await registerTwilioCallbacks(app, {
      channel: openChannel,
      publicUrl,
      store: replies,
      peopleWithNumber: async (number) => peopleWithAddress(await reader.current(database), ['sms', 'voice'], number),
      user,
      incident: deps.incident,
      act,
      receipt: async (receipt) => void (await receipts.fromProvider(receipt)),
      clock: machineClock,
      logger,
    });
    await registerPhonePage(app, {
      links,
      act,
      user,
      timeZone: async (id) => (await reader.current(database)).get('responder', id)?.draft.timeZone ?? null,
      names: async (ids) => new Map((await peopleStore.read(database, ids)).map((one) => [one.id, one.name])),
      incident: deps.incident,
      alerts: deps.alertsOf,
      timeline: async (who, incidentId, limit) => (await deps.timelineOf(who, incidentId)).slice(-limit),
      escalatesTo: (incidentId) => nextTarget(incidentId),
      limit: perMinute(phonePageCallsPerMinute),
      clock: machineClock,
      random,
      logger,
    });
    const calendarCalls = perMinute(calendarCallsPerMinute);
    registerCalendarRoutes(app, { feeds, take: calendarCalls.take });
    await registerHeartbeats(app, {
      monitors,
      limits: { key: perMinute(beatsPerMinute), address: perMinute(beatsPerMinute) },
    });
  }

  // What is asked ---------------------------------------------------------------------------------------------------
  const tryPaging = createTryPaging({
    database,
    config: reader,
    history: configHistory,
    calendars,
    clock: machineClock,
    people: () => database.withTransaction((tx) => pagingFacts.people(tx), { readOnly: true }),
    decisions: { step: decideStep, recipients: decideRecipients },
    oncall: { shiftsBetween, factsBetween },
    drafts: { withDocuments, firstState },
  });
  const ledger = createLedger({
    database,
    decisions: decisions as unknown as DecisionTable,
    history: configHistory,
    async names(ids) {
      const { items } = (await reader.current(database)).list('channel');
      const known = new Map(items.map(({ id, draft }) => [id, draft.name]));
      for (const { id, name } of await peopleStore.read(database, ids)) known.set(id, name);
      return known;
    },
    async onCallAt(at) {
      const schedules = (await configAtInstant(database, at)).list('schedule').items;
      return onCallOf(schedules, await oncall.at(null, at));
    },
    mode: () => settings.current().mode,
    clock: machineClock,
  });
  const importers = createImporters({ config, database, readPeople: people, clock: machineClock });
  const shadow = createShadow({
    database,
    readPeople: people,
    shiftsOf: (scheduleId, from, to) => oncall.shifts(scheduleId, from, to),
    readCalendar: (text) => readCalendar(text, machineClock.now()).events,
    clock: machineClock,
    random,
  });
  const pages = createPages({ sql: database, receipts, direct, types: channelTypes });

  // Watching ourselves ---------------------------------------------------------------------------------------------
  const auditor = createAuditorThread({
    program: new URL('auditor.ts', import.meta.url),
    serverId: random.uuid(),
    address: deps.address,
    times: auditTimes,
    async facts() {
      const current = settings.current();
      const id = current.fallbackChannelId;
      const channel = id === null ? null : (await reader.current(database)).get('channel', id);
      return {
        settings: current,
        publicUrl: publicUrl(),
        fallback:
          channel === null
            ? null
            : {
                channelId: channel.id,
                kind: channel.draft.kind,
                settings: channel.draft.settings,
                secrets: await secrets.open(database, 'channel', channel.id),
              },
      };
    },
    clock: machineClock,
    logger,
  });
  settings.onChange(() => {
    auditor.refresh();
    wake.signal('notify');
  });
  const watchdog = createWatchdog({
    database,
    settings,
    thread: auditor,
    embeddedDatabase: deps.embeddedDatabase,
    battery: hasBattery,
    platform: process.platform,
    clock: machineClock,
  });

  const updateWays: UpdateWays = {
    config: reader.current,
    through: compose.through,
    mailOf: (current, userId) => verifiedAddresses(current, ['email'], userId),
    mode: () => settings.current().mode,
    types: channelTypes,
  };

  return {
    registerOutside,
    slack,
    updateWays,
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
    handlers(acting: Pick<Acting, 'lock'>) {
      const handling = {
        store: escalationStore,
        pages: pageStore,
        ledger: ledgerStore,
        incidents: incidentStore,
        acting,
        newTrace,
      };
      return {
        ...createConfigIntents({ ...configDeps, changed: configChanged }),
        ...createSwapIntents({
          config: { lock: configStore.lock, reader, changes, toPublic },
          readPeople: people,
          calendars,
        }),
        'escalation.escalate': createEscalateHandler({
          ...handling,
          config: reader,
          facts: pagingFacts,
        }),
        withAcknowledgement: (acknowledge: IntentHandler<'incident.acknowledge'>) =>
          withAcknowledgement(acknowledge, handling),
      };
    },
    services: {
      channels: pages,
      config,
      fatigue: createFatigue({ database, clock: machineClock }),
      importers,
      ledger,
      monitors,
      oncall: { oncall, feeds },
      pages,
      pagingSettings: settings,
      responders,
      shadow,
      tryPaging,
      watchdog,
    },
    /** In order; each is stopped in reverse. */
    parts: [
      { name: 'settings of paging', start: () => undefined, stop: () => settings.stop() },
      { name: 'clock guard', start: () => guard.start(), stop: () => guard.stop() },
      { name: 'calendars', start: () => calendars.start(), stop: () => calendars.stop() },
      { name: 'rosters', start: () => rosters.start(), stop: () => rosters.stop() },
      { name: 'findings', start: () => findings.start(), stop: () => findings.stop() },
      { name: 'heartbeats', start: () => monitors.start(), stop: () => monitors.stop() },
      { name: 'escalation', start: () => worker.start(), stop: () => worker.stop() },
      { name: 'sender', start: () => sender.start(), stop: () => sender.stop() },
      { name: 'mailbox', start: () => mailbox.start(), stop: () => mailbox.stop() },
      { name: 'auditor', start: () => auditor.start(), stop: () => auditor.stop() },
    ],
  };
}
