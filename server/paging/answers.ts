// What comes back from outside: replies, key presses, receipts, the phone page, calendars and heartbeats.
import type { FastifyInstance } from 'fastify';
import { createRateLimit } from '#server/api/rate-limit.ts';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import type { Intents } from '#server/modules/incidents/intents.ts';
import { registerHeartbeats } from '#server/modules/monitors/routes.ts';
import type { Monitors } from '#server/modules/monitors/service.ts';
import { createActFromOutside } from '#server/modules/notify/inbound/act-from-outside.ts';
import { createMailbox } from '#server/modules/notify/inbound/mailbox.ts';
import type { OpenChannel } from '#server/modules/notify/inbound/open-channel.ts';
import { createReplyStore } from '#server/modules/notify/inbound/reply-store.ts';
import { userBySlackId } from '#server/modules/notify/inbound/slack-people.ts';
import { registerSlackCallbacks } from '#server/modules/notify/inbound/slack.ts';
import { registerTwilioCallbacks } from '#server/modules/notify/inbound/twilio.ts';
import { peopleWithAddress, verifiedAddresses } from '#server/modules/notify/inbound/verified-people.ts';
import { registerPhonePage } from '#server/modules/notify/phone-page/phone-page.ts';
import { registerCalendarRoutes } from '#server/modules/oncall/feeds.ts';
import type { PagingGround } from '#server/paging/ground.ts';
import type { OnCallParts } from '#server/paging/on-call.ts';
import type { Sending } from '#server/paging/sending.ts';
import type { Rooms } from '#server/rooms.ts';

const phonePageCallsPerMinute = 60;
const calendarCallsPerMinute = 60;
const beatsPerMinute = 120;

/** What the rest of the center knows and does. */
export interface OutsideDeps {
  /** Set once the actions of people are joined; pages are answered through them. */
  intents(): Pick<Intents, 'submit'>;
  incident(reader: { teamIds: readonly string[] }, id: string): Promise<Incident | null>;
  alertsOf(reader: { userId: string; teamIds: readonly string[] }, incidentId: string, limit: number): Promise<Alert[]>;
  timelineOf(reader: { teamIds: readonly string[] }, incidentId: string): Promise<TimelineEntry[]>;
  /** Set once rooms are joined; channels that open one, and what is written there, are told to them. */
  rooms(): Pick<Rooms, 'opened' | 'heard'>;
}

interface AnsweredParts extends Pick<Sending, 'links' | 'receipts'>, Pick<OnCallParts, 'feeds'> {
  monitors: Monitors;
  nextTarget(incidentId: string): Promise<string | null>;
}

export type Answers = ReturnType<typeof createAnswers>;

export function createAnswers(ground: PagingGround, parts: AnsweredParts, outside: OutsideDeps) {
  const { database, secrets, reader, outgoing, machineClock, publicUrl, random, logger } = ground;
  const act = createActFromOutside({
    sql: database,
    people: peopleStore,
    incident: outside.incident,
    intents: { submit: (actor, intents) => outside.intents().submit(actor, intents) },
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
    links: parts.links,
    verifiedAddresses: async (userId) => verifiedAddresses(await reader.current(database), ['email'], userId),
    act,
    store: replies,
    clock: machineClock,
    random,
    logger,
  });

  async function registerOutside(app: FastifyInstance): Promise<void> {
    const perMinute = (limit: number) => createRateLimit({ clock: machineClock, limit, windowMs: 60_000 });
    await registerSlackCallbacks(app, {
      channel: openChannel,
      userBySlackId: async (slackId) => userBySlackId(await reader.current(database), slackId),
      act,
      heard: (channelId, event) => outside.rooms().heard(channelId, event),
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
      incident: outside.incident,
      act,
      receipt: async (receipt) => void (await parts.receipts.fromProvider(receipt)),
      clock: machineClock,
      logger,
    });
    await registerPhonePage(app, {
      links: parts.links,
      act,
      user,
      timeZone: async (id) => (await reader.current(database)).get('responder', id)?.draft.timeZone ?? null,
      names: async (ids) => new Map((await peopleStore.read(database, ids)).map((one) => [one.id, one.name])),
      incident: outside.incident,
      alerts: outside.alertsOf,
      timeline: async (who, incidentId, limit) => (await outside.timelineOf(who, incidentId)).slice(-limit),
      escalatesTo: parts.nextTarget,
      limit: perMinute(phonePageCallsPerMinute),
      clock: machineClock,
      random,
      logger,
    });
    const calendarCalls = perMinute(calendarCallsPerMinute);
    registerCalendarRoutes(app, { feeds: parts.feeds, take: calendarCalls.take });
    await registerHeartbeats(app, {
      monitors: parts.monitors,
      limits: { key: perMinute(beatsPerMinute), address: perMinute(beatsPerMinute) },
    });
  }

  return { mailbox, registerOutside };
}
