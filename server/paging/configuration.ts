// Documents of paging: what each owner checks before one is saved, and what follows in the same transaction.
import { subjectOf } from '#server/expressions/route-subject.ts';
import { directoryStore } from '#server/modules/auth/directory-store.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { type ConfigChangeDeps, createConfigChanges } from '#server/modules/config/changes.ts';
import { createFindingsRefresh } from '#server/modules/config/findings.ts';
import { ensureBuiltInRoute } from '#server/modules/config/first-start.ts';
import { createConfigIntents } from '#server/modules/config/intents.ts';
import { toPublic } from '#server/modules/config/public.ts';
import { createConfig } from '#server/modules/config/service.ts';
import { configStore } from '#server/modules/config/store.ts';
import { checkPolicy } from '#server/modules/escalation/check-policy.ts';
import { recentSubjects } from '#server/modules/escalation/facts-store.ts';
import { ledgerStore } from '#server/modules/ledger/store.ts';
import { checkMonitor } from '#server/modules/monitors/check.ts';
import type { Monitors } from '#server/modules/monitors/service.ts';
import { carriers } from '#server/modules/notify/planning/carriers.ts';
import { createChannelCheck } from '#server/modules/notify/check-channel.ts';
import { createReplanHeld } from '#server/modules/notify/holding/do-not-disturb.ts';
import { verifiedAddresses } from '#server/modules/notify/inbound/verified-people.ts';
import { addressFault, channelTypes } from '#server/modules/notify/registry.ts';
import { createOnCallChecks } from '#server/modules/oncall/checks.ts';
import { createSwapIntents } from '#server/modules/oncall/swap-intents.ts';
import { createResponderCheck } from '#server/modules/responders/check.ts';
import { checkRoute, createInhibitionCheck } from '#server/modules/routing/checks.ts';
import { createListCheck } from '#server/modules/updates/check-list.ts';
import type { Answers } from '#server/paging/answers.ts';
import type { PagingGround } from '#server/paging/ground.ts';
import type { OnCallParts } from '#server/paging/on-call.ts';

export type Configuration = Awaited<ReturnType<typeof createConfiguration>>;

/** Those whose documents have to be followed by something. */
interface FollowingParts extends Pick<OnCallParts, 'calendars' | 'rosters'> {
  monitors: Pick<Monitors, 'afterSave'>;
  mailbox: Pick<Answers['mailbox'], 'soon'>;
}

export async function createConfiguration(
  ground: PagingGround,
  { calendars, rosters, monitors, mailbox }: FollowingParts,
) {
  const {
    database,
    wake,
    secrets,
    reader,
    readPeople,
    settings,
    outgoing,
    newTrace,
    machineClock,
    now,
    random,
    logger,
  } = ground;
  const onCallChecks = createOnCallChecks({ calendars, addressFault: (url) => outgoing.fault(url) });
  const replanHeld = createReplanHeld({ newTrace, ledger: ledgerStore });
  const configDeps: ConfigChangeDeps = {
    reader,
    readPeople,
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

  return {
    config,
    findings,
    handlers: {
      ...createConfigIntents({ ...configDeps, changed: configChanged }),
      ...createSwapIntents({
        config: { lock: configStore.lock, reader, changes, toPublic },
        readPeople,
        calendars,
      }),
    },
  };
}
