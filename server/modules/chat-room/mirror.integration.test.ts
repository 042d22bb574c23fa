// A room and its channel in a fake Slack over real HTTP and a real PostgreSQL.
import { beforeEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '#server/adapters/system/clock.ts';
import { type ChatMessage, ChatText } from '#server/contract/chat.ts';
import type { Action } from '#server/contract/intent.ts';
import type { Tx } from '#server/database/transaction.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { createInbound } from '#server/modules/chat-room/inbound.ts';
import { createMirror } from '#server/modules/chat-room/mirror.ts';
import { mirrorStore } from '#server/modules/chat-room/mirror-store.ts';
import { createMirrorQueue } from '#server/modules/chat-room/queue.ts';
import { chatStore, readChat } from '#server/modules/chat-room/store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { slackChat, type SlackChat } from '#server/modules/notify/channels/slack/chat.ts';
import { createOutgoing } from '#server/outgoing/guarded-outgoing.ts';
import { hostileText } from '#server/testkit/fake-provider.ts';
import { fakeSlack } from '#server/testkit/fake-slack.ts';
import { incidentScene, teamA } from '#server/testkit/incident-scene.ts';
import { testId } from '#server/testkit/incidents.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const channelId = testId(70);
const room = 'CROOM';
const outgoing = createOutgoing({ allowedPrivate: () => ['127.0.0.1'], clock: createSystemClock() });

let mirrors = true;
const lockIncident = async (tx: Tx, id: string) => (await incidentStore.lockByIds(tx, [id]))[0] ?? null;
const queue = createMirrorQueue({
  store: mirrorStore,
  chat: chatStore,
  lockIncident,
  mirrors: async () => mirrors,
  wake: () => {},
});
const { scene, clock, random, send, declare } = incidentScene({ mirror: queue });
let slack: Awaited<ReturnType<typeof fakeSlack>>;
const logger = createMemoryLogger();

beforeEach(async () => {
  mirrors = true;
  await scene.database.query('TRUNCATE callback_seen');
  slack = await fakeSlack(() => clock.now());
});

function mirror(provider: SlackChat = slackChat) {
  return createMirror({
    database: scene.database,
    chat: chatStore,
    store: mirrorStore,
    lockIncident,
    catchUp: queue.catchUp,
    open: async () => ({
      context: {
        settings: { apiUrl: slack.apiUrl },
        secrets: { botToken: 'xoxb-1' },
        channelId,
        outgoing,
        publicUrl: '',
        now: clock.now(),
      },
    }),
    provider,
    wake: { on: () => () => {} },
    clock,
    random,
    logger,
  });
}

const hear = () =>
  createInbound({
    database: scene.database,
    chat: chatStore,
    store: mirrorStore,
    lockIncident,
    mirrors: async () => mirrors,
    userBySlackId: async (_tx, id) => (id === 'UMARA' ? scene.people.mara.userId : null),
    people: (tx, ids) => peopleStore.read(tx, ids),
    memberName: async (_channel, id) => slack.names.get(id) ?? null,
    clock,
    random,
  });

/** Sends until nothing is due for ten minutes. */
async function settle(one = mirror()): Promise<void> {
  for (let i = 0; i < 12; i += 1) {
    await one.runDue();
    clock.advance(60_000);
  }
}

/** Everything that Slack tells, again and again until there is nothing new; each event twice, as Slack may. */
async function listen(): Promise<void> {
  const take = hear();
  for (let i = 0; i < slack.events.length; i += 1) {
    const event = slack.events[i]!;
    await take(channelId, event);
    await take(channelId, event);
    await settle();
  }
}

async function open(): Promise<string> {
  const incidentId = await declare();
  await scene.database.withTransaction((tx) => queue.opened(tx, incidentId, { channelId, room }));
  return incidentId;
}

async function say(incidentId: string, text: string, replyTo: string | null = null): Promise<string> {
  const messageId = random.uuid();
  const action = { kind: 'chat.post', incidentId, messageId, text, mentions: [], replyTo } satisfies Action;
  expect(await send(scene.people.mara, action)).toMatchObject({ outcome: 'applied' });
  return messageId;
}

async function messagesOf(incidentId: string): Promise<ChatMessage[]> {
  const page = await readChat(scene.database, scene.people.mara, incidentId, { before: null, limit: 100 });
  return page!.items.toReversed();
}
const inSlack = () => slack.messages.map(({ text }) => text);

describe('a room and its channel in Slack', () => {
  it('say the same, both ways, and nothing twice, however often events come', async () => {
    const incidentId = await open();
    slack.names.set('UKIM', 'Kim <Ops>');
    const first = await say(incidentId, 'Rolling back pod by pod');
    await settle();
    const theirs = slack.write(room, 'UKIM', 'The acquirer says <https://a.example|green> &amp; fine');
    slack.write(room, 'UMARA', 'from my phone');
    await listen();
    await say(incidentId, 'Good.', first);
    await say(incidentId, ChatText.parse(hostileText));
    await settle();
    await listen();
    expect(slack.messages.map(({ user }) => user)).toEqual(['UBOT', 'UKIM', 'UMARA', 'UBOT', 'UBOT']);
    expect(inSlack()[0]).toBe('Mara: Rolling back pod by pod');
    expect(slack.messages[3]).toMatchObject({ text: 'Mara: Good.', thread_ts: slack.messages[0]?.ts });
    expect(JSON.stringify(slack.calls.map(({ json }) => json))).not.toMatch(/<[!@#]/);
    const here = await messagesOf(incidentId);
    expect(here.map(({ source, author, text }) => [source, author, text.slice(0, 45)])).toEqual([
      ['person', 'Mara', 'Rolling back pod by pod'],
      ['slack', 'Kim <Ops>', 'The acquirer says green (https://a.example) &'],
      ['slack', 'Mara', 'from my phone'],
      ['person', 'Mara', 'Good.'],
      ['person', 'Mara', hostileText.slice(0, 45)],
    ]);
    expect(here.map(({ authorId }) => authorId)).toEqual(
      [0, null, 0, 0, 0].map((own) => (own === 0 ? scene.people.mara.userId : null)),
    );
    expect(new Set(here.map((message) => message.mirror))).toEqual(new Set(['sent']));
    expect(theirs.ts).toBe(slack.messages[1]?.ts);
  });

  it('follow edits and deletions, each from its own side only', async () => {
    const incidentId = await open();
    const ours = await say(incidentId, 'frist');
    await settle();
    const theirs = slack.write(room, 'UKIM', 'secnod');
    await listen();
    const edit = { kind: 'chat.edit', incidentId, messageId: ours, text: 'first', mentions: [] } satisfies Action;
    expect(await send(scene.people.mara, edit)).toMatchObject({ outcome: 'applied' });
    slack.edit(room, theirs.ts, 'second');
    await settle();
    await listen();
    expect(inSlack()).toEqual(['Mara: first', 'second']);
    expect((await messagesOf(incidentId)).map(({ text }) => text)).toEqual(['first', 'second']);

    const [, fromSlack] = await messagesOf(incidentId);
    const foreign = { kind: 'chat.delete', incidentId, messageId: fromSlack!.id } satisfies Action;
    expect(await send(scene.people.mara, foreign)).toMatchObject({ outcome: 'rejected', code: 'forbidden' });
    await send(scene.people.mara, { kind: 'chat.delete', incidentId, messageId: ours });
    slack.remove(room, theirs.ts);
    await settle();
    await listen();
    expect(inSlack()).toEqual([]);
    const gone = await messagesOf(incidentId);
    expect(gone.map(({ text, deletedAt }) => [text, deletedAt !== null])).toEqual([
      ['', true],
      ['', true],
    ]);
  });

  it('keep the room as its people wrote it when somebody tampers with our messages in Slack', async () => {
    const incidentId = await open();
    await say(incidentId, 'as I said');
    await settle();
    slack.remove(room, slack.messages[0]!.ts);
    await listen();
    expect((await messagesOf(incidentId)).map(({ text, deletedAt }) => [text, deletedAt])).toEqual([
      ['as I said', null],
    ]);
  });

  it('are joined late: what was said before the channel was opened goes there first', async () => {
    const incidentId = await declare();
    await say(incidentId, 'one');
    clock.advance(1_000);
    await say(incidentId, 'two');
    clock.advance(1_000);
    await scene.database.withTransaction((tx) => queue.opened(tx, incidentId, { channelId, room }));
    await say(incidentId, 'three');
    await settle();
    expect(inSlack()).toEqual(['Mara: one', 'Mara: two', 'Mara: three']);
  });

  it('keep a restricted incident out of the channel, at whatever moment it becomes one', async () => {
    const incidentId = await open();
    const before = await say(incidentId, 'before');
    await settle();
    await say(incidentId, 'waiting');
    const restrict = { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] } satisfies Action;
    expect(await send(scene.people.boss, restrict)).toMatchObject({ outcome: 'applied' });
    await say(incidentId, 'after');
    await send(scene.people.mara, { kind: 'chat.edit', incidentId, messageId: before, text: 'secret', mentions: [] });
    await settle();
    expect(inSlack()).toEqual(['Mara: before']);
    expect((await messagesOf(incidentId)).map(({ text, mirror: state }) => [text, state])).toEqual([
      ['secret', 'sent'],
      ['waiting', 'none'],
      ['after', 'none'],
    ]);
    // Taking words back is never a leak.
    await send(scene.people.mara, { kind: 'chat.delete', incidentId, messageId: before });
    await settle();
    expect(inSlack()).toEqual([]);
  });

  it('leak nothing that is restricted while it is on its way', async () => {
    const incidentId = await open();
    await say(incidentId, 'secret');
    const restrict = { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] } satisfies Action;
    const late: SlackChat = {
      ...slackChat,
      async post(...args) {
        await send(scene.people.boss, restrict);
        return slackChat.post(...args);
      },
    };
    await settle(mirror(late));
    expect(slack.messages).toEqual([]);
  });

  it('are switched off together', async () => {
    const incidentId = await open();
    mirrors = false;
    await say(incidentId, 'only here');
    slack.write(room, 'UKIM', 'only there');
    await listen();
    expect(inSlack()).toEqual(['only there']);
    expect((await messagesOf(incidentId)).map(({ text }) => text)).toEqual(['only here']);
  });
});

describe('when sending fails', () => {
  /** The server dies between Slack's answer and our note of it. */
  const killed: SlackChat = {
    ...slackChat,
    async post(...args) {
      await slackChat.post(...args);
      throw new Error('killed');
    },
  };
  const leaseOver = () => scene.database.query(`UPDATE chat_mirror SET claimed_until = now() - interval '1 second'`);

  it('finds its message again after a kill, so that it stands there once', async () => {
    const incidentId = await open();
    const id = await say(incidentId, 'only once');
    await mirror(killed).runDue();
    await settle();
    expect(slack.messages).toHaveLength(1);
    expect((await messagesOf(incidentId))[0]?.mirror).toBe('waiting');
    await leaseOver();
    await settle();
    expect(inSlack()).toEqual(['Mara: only once']);
    expect((await messagesOf(incidentId))[0]?.mirror).toBe('sent');
    await send(scene.people.mara, { kind: 'chat.edit', incidentId, messageId: id, text: 'changed', mentions: [] });
    await settle();
    expect(inSlack()).toEqual(['Mara: changed']);
  });

  it('sends one copy too many at the most where it may not look, under the same id', async () => {
    const incidentId = await open();
    const id = await say(incidentId, 'twice at most');
    for (let kills = 0; kills < 4; kills += 1) {
      slack.failNext('conversations.history', { error: 'missing_scope' });
      await mirror(killed).runDue();
      await leaseOver();
    }
    slack.failNext('conversations.history', { error: 'missing_scope' });
    await settle();
    expect(slack.messages.map(({ metadata }) => metadata?.event_payload.message_id)).toEqual([id, id]);
    expect((await messagesOf(incidentId))[0]?.mirror).toBe('failed');
  });

  it('is not sure after a lost answer either, and looks', async () => {
    const incidentId = await open();
    await say(incidentId, 'lost answer');
    slack.failNext('chat.postMessage', 'answer lost');
    await settle();
    expect(inSlack()).toEqual(['Mara: lost answer']);
  });

  it('says so on the message when Slack will not have it, and goes on with the next', async () => {
    const incidentId = await open();
    await say(incidentId, 'refused');
    await say(incidentId, 'taken');
    slack.failNext('chat.postMessage', { error: 'msg_too_long' });
    await settle();
    expect(inSlack()).toEqual(['Mara: taken']);
    expect((await messagesOf(incidentId)).map(({ mirror: state }) => state)).toEqual(['failed', 'sent']);
  });

  it('keeps the order of a room while a message waits', async () => {
    const incidentId = await open();
    await say(incidentId, 'one');
    await say(incidentId, 'two');
    slack.failNext('chat.postMessage', { error: 'ratelimited' });
    await mirror().runDue();
    expect(inSlack()).toEqual([]);
    await settle();
    expect(inSlack()).toEqual(['Mara: one', 'Mara: two']);
  });

  it('is sent by one of two servers', async () => {
    const incidentId = await open();
    for (const text of ['one', 'two', 'three']) await say(incidentId, text);
    for (let i = 0; i < 4; i += 1) {
      await Promise.all([mirror().runDue(), mirror().runDue()]);
      clock.advance(60_000);
    }
    expect(inSlack()).toEqual(['Mara: one', 'Mara: two', 'Mara: three']);
  });
});
