// Messages on their way out, what became of them, and who may be reached by which means.
import type { Tx } from '#server/database/transaction.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { configStore } from '#server/modules/config/store.ts';
import { openIncidentsNow, pagingFacts } from '#server/modules/escalation/facts-store.ts';
import { createInhibitedNow } from '#server/modules/escalation/inhibited-now.ts';
import { lockEscalations, stepFailed } from '#server/modules/escalation/store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { createCompose } from '#server/modules/notify/messages/compose.ts';
import { contactLabel } from '#server/modules/notify/planning/contact-label.ts';
import { createDirect } from '#server/modules/notify/sending/direct.ts';
import { userBySlackId } from '#server/modules/notify/inbound/slack-people.ts';
import { verifiedAddresses } from '#server/modules/notify/inbound/verified-people.ts';
import { createPageLinks } from '#server/modules/notify/links/links.ts';
import { createReceipts } from '#server/modules/notify/settling/receipts.ts';
import { channelTypes } from '#server/modules/notify/registry.ts';
import { createSender } from '#server/modules/notify/sending/sender.ts';
import { createPages } from '#server/modules/notify/service.ts';
import { createResponders } from '#server/modules/responders/service.ts';
import { decideHold } from '#server/modules/routing/decide-hold.ts';
import { causesOf, hasInhibitions } from '#server/modules/routing/inhibit.ts';
import type { PagingGround } from '#server/paging/ground.ts';
import type { Rooms, SlackWays } from '#server/rooms.ts';
import type { MasterKey } from '#server/secrets/envelope.ts';
import type { UpdateWays } from '#server/updates.ts';

export interface SendingDeps {
  keys: readonly MasterKey[];
  connectedUsers(): readonly string[];
  roomOpened: Rooms['opened'];
}

export type Sending = ReturnType<typeof createSending>;

export function createSending(ground: PagingGround, { keys, connectedUsers, roomOpened }: SendingDeps) {
  const {
    database,
    wake,
    secrets,
    reader,
    settings,
    outgoing,
    newTrace,
    guard,
    clock,
    machineClock,
    publicUrl,
    random,
    logger,
  } = ground;
  const links = createPageLinks({
    keys: keys.map((key) => key.key),
    sql: database,
    publicUrl,
    clock: machineClock,
  });
  const settleDeps = {
    newTrace,
    ledger: ledgerStore,
    incidents: incidentStore,
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
    connectedUsers,
    roomOpened,
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
  const receipts = createReceipts({ ...settleDeps, database, agrees: guard.agrees, clock, wake });
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
    connectedUsers,
    clock: machineClock,
    random,
  });

  const pages = createPages({ sql: database, receipts, direct, types: channelTypes });
  const updateWays: UpdateWays = {
    config: reader.current,
    through: compose.through,
    mailOf: (current, userId) => verifiedAddresses(current, ['email'], userId),
    mode: () => settings.current().mode,
    types: channelTypes,
  };

  return { sender, links, receipts, responders, pages, slack, updateWays };
}
