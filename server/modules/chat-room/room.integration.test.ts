// The room on a real PostgreSQL: who may say what, who sees it, and what the feed carries.
import { describe, expect, it } from 'vitest';
import type { Action, ActionOf } from '#server/contract/intent.ts';
import { replicaLimits } from '#server/contract/replica.ts';
import { readChat, readChatForReplica } from '#server/modules/chat-room/store.ts';
import { incidentScene, teamA } from '#server/testkit/incident-scene.ts';

const { scene, clock, random, send, declare, timeline, tasksOf } = incidentScene();

async function say(incidentId: string, text: string, change: Partial<ActionOf<'chat.post'>> = {}): Promise<string> {
  const messageId = random.uuid();
  const action = {
    kind: 'chat.post',
    incidentId,
    messageId,
    text,
    mentions: [],
    replyTo: null,
    ...change,
  } satisfies Action;
  expect(await send(scene.people.mara, action)).toMatchObject({ outcome: 'applied', version: 1 });
  return messageId;
}
const page = (incidentId: string, limit = 100, before: { at: string; id: string } | null = null) =>
  readChat(scene.database, scene.people.mara, incidentId, { before, limit });
const replicaOf = async (
  reader: { userId: string; teamIds: readonly string[] },
  after: string | null = null,
  limit = 2_000,
) => (await readChatForReplica(scene.database, reader, after, limit, '')).map(({ body }) => body);

describe('a room', () => {
  it('keeps messages with their replies and mentions, and answers a repeated post once', async () => {
    const incidentId = await declare();
    const first = await say(incidentId, 'hello', { mentions: [scene.people.diego.userId, random.uuid()] });
    clock.advance(1_000);
    const second = await say(incidentId, 'hello back', { replyTo: first });
    const elsewhere = await declare();
    clock.advance(1_000);
    const third = await say(elsewhere, 'to nobody', { replyTo: first });
    expect(await page(incidentId)).toMatchObject({
      items: [
        { id: second, replyTo: first },
        { id: first, mentions: [scene.people.diego.userId], author: 'Mara', source: 'person', mirror: 'none' },
      ],
      nextCursor: null,
    });
    expect((await page(elsewhere))?.items).toMatchObject([{ id: third, replyTo: null }]);
    const again = {
      kind: 'chat.post',
      incidentId,
      messageId: first,
      text: 'x',
      mentions: [],
      replyTo: null,
    } satisfies Action;
    expect(await send(scene.people.mara, again)).toMatchObject({ outcome: 'rejected', code: 'invalid' });
  });

  it('is answered in pages, and replicated to its bound', async () => {
    const incidentId = await declare();
    await scene.database.query(
      `INSERT INTO chat_message (id, incident_id, at, recorded_at, source, author, text)
       SELECT gen_random_uuid(), $1, now() + n * interval '1 s', now(), 'person', 'Mara', 'm' || n FROM generate_series(1, $2) AS n`,
      [incidentId, replicaLimits.chatPerIncident + 20],
    );
    const newest = await page(incidentId, 2);
    expect(newest?.items.map(({ text }) => text)).toEqual(['m520', 'm519']);
    const [at = '', id = ''] = newest?.nextCursor?.split('_') ?? [];
    expect((await page(incidentId, 2, { at, id }))?.items.map(({ text }) => text)).toEqual(['m518', 'm517']);
    const half = await replicaOf(scene.people.mara, null, 300);
    const rest = await replicaOf(scene.people.mara, half.at(-1)!.id, 300);
    const texts = [...half, ...rest].map(({ text }) => Number(text.slice(1))).toSorted((a, b) => a - b);
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([500, 21, 520]);
  });

  it('lets people change their own words only, and keeps a deleted text out of the feed too', async () => {
    const incidentId = await declare();
    const messageId = await say(incidentId, 'password is hunter2');
    const edit = { kind: 'chat.edit', incidentId, messageId, text: 'x', mentions: [] } satisfies Action;
    expect(await send(scene.people.diego, edit)).toMatchObject({ outcome: 'rejected', code: 'forbidden' });
    expect(await send(scene.people.viewer, edit)).toMatchObject({ outcome: 'rejected', code: 'forbidden' });
    const other = await declare();
    expect(await send(scene.people.mara, { ...edit, incidentId: other })).toMatchObject({ code: 'not-found' });
    expect(await send(scene.people.mara, { kind: 'chat.delete', incidentId, messageId })).toMatchObject({ version: 2 });
    expect((await page(incidentId))?.items).toMatchObject([{ text: '', deletedAt: expect.any(String) }]);
    const left = await scene.database.query(`SELECT FROM feed WHERE body LIKE '%hunter2%'`);
    expect(left).toEqual([]);
  });

  it('answers an edit from an older copy of the text with a conflict that leaves no trace on the timeline', async () => {
    const incidentId = await declare();
    const messageId = await say(incidentId, 'one');
    const edit = (text: string) => ({ kind: 'chat.edit', incidentId, messageId, text, mentions: [] }) satisfies Action;
    expect(await send(scene.people.mara, edit('two'), 1)).toMatchObject({ outcome: 'applied', version: 2 });
    expect(await send(scene.people.mara, edit('three'), 1)).toMatchObject({
      outcome: 'conflict',
      entity: 'chat',
      current: { text: 'two', version: 2 },
    });
    expect(await timeline(incidentId)).toHaveLength(1);
  });

  it('gives a message to the timeline and to a task, once each', async () => {
    const incidentId = await declare();
    const messageId = await say(incidentId, 'roll back');
    const entryId = random.uuid();
    const promote = { kind: 'chat.promote', incidentId, messageId, entryId } satisfies Action;
    expect(await send(scene.people.diego, promote)).toMatchObject({ outcome: 'applied' });
    expect(await send(scene.people.diego, { ...promote, entryId: random.uuid() })).toMatchObject({ outcome: 'noop' });
    expect((await timeline(incidentId)).at(-1)).toMatchObject({ id: entryId, actor: 'Diego', text: 'Mara: roll back' });
    const add = (taskId: string) =>
      ({
        kind: 'task.add',
        incidentId,
        taskId,
        title: 'Roll back',
        ownerId: null,
        dueAt: null,
        fromMessageId: messageId,
      }) satisfies Action;
    const [taskId, twin] = [random.uuid(), random.uuid()];
    expect(await send(scene.people.diego, add(taskId))).toMatchObject({ outcome: 'applied' });
    expect(await send(scene.people.diego, add(twin))).toMatchObject({ outcome: 'applied' });
    expect(await tasksOf(incidentId)).toHaveLength(2);
    expect((await page(incidentId))?.items).toMatchObject([{ entryId, taskId }]);
  });

  it('is closed to those outside of a restricted incident, what was said before included', async () => {
    const incidentId = await declare();
    const messageId = await say(incidentId, 'secret');
    const { outsider, mara, boss } = scene.people;
    expect(await replicaOf(outsider)).toHaveLength(1);
    await send(boss, { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] });
    expect(await replicaOf(outsider)).toEqual([]);
    expect(await replicaOf(mara)).toMatchObject([{ id: messageId, version: 2 }]);
    expect(await readChat(scene.database, outsider, incidentId, { before: null, limit: 9 })).toBeNull();
    const post = {
      kind: 'chat.post',
      incidentId,
      messageId: random.uuid(),
      text: 'x',
      mentions: [],
      replyTo: null,
    } satisfies Action;
    for (const action of [
      post,
      { kind: 'chat.promote', incidentId, messageId, entryId: random.uuid() } satisfies Action,
    ])
      expect(await send(outsider, action)).toMatchObject({ outcome: 'rejected', code: 'not-found' });
    const seen = await scene.database.query<{ op: string }>(
      `SELECT op FROM feed WHERE entity = 'chat' AND (audience IS NULL OR audience && $1::uuid[])`,
      [outsider.teamIds],
    );
    expect(seen.map(({ op }) => op)).toEqual(['delete']);
  });
});
