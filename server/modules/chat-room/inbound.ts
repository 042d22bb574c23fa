// Brings what is written in an incident's channel in Slack into its room. Who writes there has no rights here: it is text.
import type { Transactor, Tx } from '#server/database/transaction.ts';
import type { MirrorStore } from '#server/modules/chat-room/mirror-store.ts';
import { erased, mentioned } from '#server/modules/chat-room/rules.ts';
import { readSlackEvent, type SlackMessage, slackText } from '#server/modules/chat-room/slack-event.ts';
import type { ChatState, ChatStore, RoomIncident } from '#server/modules/chat-room/state.ts';
import type { Person } from '#server/modules/incidents/people.ts';
import type { SlackEvent } from '#server/modules/notify/inbound/slack.ts';
import type { Clock } from '#server/ports/clock.ts';
import type { Random } from '#server/ports/random.ts';

export interface InboundDeps {
  database: Transactor;
  chat: ChatStore;
  store: MirrorStore;
  lockIncident(tx: Tx, incidentId: string): Promise<RoomIncident | null>;
  /** Whether this channel mirrors rooms. */
  mirrors(tx: Tx, channelId: string): Promise<boolean>;
  /** The user with this verified Slack member id. */
  userBySlackId(tx: Tx, slackId: string): Promise<string | null>;
  people(tx: Tx, userIds: string[]): Promise<Person[]>;
  /** What the member calls himself in Slack; null when Slack does not say. */
  memberName(channelId: string, slackId: string): Promise<string | null>;
  clock: Pick<Clock, 'now'>;
  random: Pick<Random, 'uuid'>;
}

export function createInbound(deps: InboundDeps): (channelId: string, event: SlackEvent) => Promise<void> {
  const { database, chat, store, clock, random } = deps;

  /** People here behind the member ids of a message, and their names for its text. */
  async function peopleOf(tx: Tx, slackIds: readonly string[]): Promise<Map<string, Person>> {
    const linked = new Map<string, string>();
    for (const slackId of slackIds) {
      const userId = await deps.userBySlackId(tx, slackId);
      if (userId !== null) linked.set(slackId, userId);
    }
    const known = new Map((await deps.people(tx, [...linked.values()])).map((person) => [person.id, person]));
    return new Map([...linked].flatMap(([slackId, id]) => (known.has(id) ? [[slackId, known.get(id)!] as const] : [])));
  }

  async function words(tx: Tx, incident: RoomIncident, message: SlackMessage) {
    const people = await peopleOf(tx, [message.slackUser, ...message.mentioned]);
    const author = people.get(message.slackUser);
    const named = message.mentioned.flatMap((slackId) => people.get(slackId)?.id ?? []);
    const person = (id: string) => [...people.values()].find((one) => one.id === id) ?? null;
    return {
      author,
      text: slackText(message, (slackId) => people.get(slackId)?.name ?? null),
      // A stranger's words call nobody to the phone.
      mentions: author === undefined || author.disabled ? [] : mentioned(named, incident, { person }),
    };
  }

  async function add(tx: Tx, at: string, channelId: string, incident: RoomIncident, given: SlackMessage, name: string) {
    const { author, text, mentions } = await words(tx, incident, given);
    if (text === '') return;
    const { room, thread } = given;
    const parent = thread === null ? null : await store.messageAt(tx, { channelId, room, ts: thread });
    const message: ChatState = {
      id: random.uuid(),
      version: 1,
      incidentId: incident.id,
      at: given.at < at ? given.at : at,
      recordedAt: at,
      source: 'slack',
      authorId: author?.id ?? null,
      author: author?.name ?? name,
      text,
      mentions,
      replyTo: parent,
      editedAt: given.editedAt,
      deletedAt: null,
      entryId: null,
      taskId: null,
      mirror: 'sent',
      textVersion: 1,
    };
    await chat.save(tx, at, message, incident.restrictedTo);
    await store.arrived(tx, at, message.id, { channelId, room, ts: given.ts, thread });
  }

  async function change(tx: Tx, at: string, incident: RoomIncident, message: ChatState, given: SlackMessage) {
    // Ours that was changed there by an administrator stays as its author wrote it.
    if (message.source !== 'slack' || message.deletedAt !== null || given.editedAt === null) return;
    if (message.editedAt !== null && message.editedAt >= given.editedAt) return;
    const { text, mentions } = await words(tx, incident, given);
    if (text === '' || text === message.text) return;
    const version = message.version + 1;
    const next = { ...message, version, text, mentions, editedAt: given.editedAt, textVersion: version };
    await chat.save(tx, at, next, incident.restrictedTo);
  }

  return async (channelId, envelope) => {
    const event = readSlackEvent(envelope.event, envelope.appId);
    if (event === null) return;
    // Outside the transaction: Slack is asked over the network.
    const name =
      event.kind === 'message'
        ? ((await deps.memberName(channelId, event.message.slackUser)) ?? `Slack member ${event.message.slackUser}`)
        : '';
    await database.withTransaction(async (tx) => {
      const at = new Date(clock.now()).toISOString();
      const { room } = event;
      const incidentId = await store.incidentOf(tx, { channelId, room });
      if (incidentId === null || !(await deps.mirrors(tx, channelId))) return;
      const incident = await deps.lockIncident(tx, incidentId);
      if (incident === null || !(await store.firstTime(tx, channelId, `event ${envelope.id}`, at))) return;
      const ts = event.kind === 'message' ? event.message.ts : event.ts;
      const known = await store.messageAt(tx, { channelId, room, ts });
      const message = known === null ? null : await chat.lock(tx, known);
      if (event.kind === 'delete') {
        if (message !== null && message.source === 'slack' && message.deletedAt === null)
          await chat.save(tx, at, erased(message, at), incident.restrictedTo);
      } else if (message !== null) await change(tx, at, incident, message, event.message);
      // An edit that overtook its message brings the message.
      else await add(tx, at, channelId, incident, event.message, name);
    });
  };
}
