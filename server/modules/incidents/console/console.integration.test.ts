import { describe, expect, it } from 'vitest';
import { createConsole } from '#server/console.ts';
import { peopleStore } from '#server/modules/auth/people-store.ts';
import { readAsksForReplica } from '#server/modules/incidents/console/ask-store.ts';
import { readPollsForReplica } from '#server/modules/incidents/console/poll-store.ts';
import { readParticipantsForReplica } from '#server/modules/incidents/console/participant-store.ts';
import { incidentStore } from '#server/modules/incidents/store.ts';
import { taskStore } from '#server/modules/incidents/task-store.ts';
import { timelineStore } from '#server/modules/incidents/timeline-store.ts';
import { incidentScene, teamA } from '#server/testkit/incident-scene.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const { scene, clock, random, send, declare, read, timeline } = incidentScene();

const reader = (): { userId: string; teamIds: readonly string[] } => scene.people.mara;
const now = () => new Date(clock.now()).toISOString();
const asksSeen = async (who = reader()) =>
  (await readAsksForReplica(scene.database, who, null, 100, now())).map((row) => row.body);
const pollsSeen = async (who = reader()) =>
  (await readPollsForReplica(scene.database, who, null, 100, now())).map((row) => row.body);

const peopleSeen = async (who = reader()) =>
  (await readParticipantsForReplica(scene.database, who, null, 100, now())).map((row) => row.body);

/** Another server on the same database. */
function anotherServer() {
  const acting = { incidents: incidentStore, timeline: timelineStore, tasks: taskStore, people: peopleStore, random };
  return createConsole({ database: scene.database, acting, clock, logger: createMemoryLogger() }).timers;
}

async function ask(incidentId: string, minutes = 10): Promise<string> {
  const askId = random.uuid();
  const ownerId = scene.people.diego.userId;
  const action = { kind: 'ask.add', incidentId, askId, ownerId, text: 'Is the pool full?', minutes } as const;
  expect(await send(scene.people.mara, action)).toMatchObject({ outcome: 'applied', version: 1 });
  return askId;
}

async function poll(incidentId: string): Promise<string> {
  const pollId = random.uuid();
  const asked = [scene.people.diego.userId, scene.people.boss.userId];
  const action = { kind: 'poll.open', incidentId, pollId, question: 'Fail over?', asked, seconds: 120 } as const;
  expect(await send(scene.people.mara, action)).toMatchObject({ outcome: 'applied', version: 1 });
  return pollId;
}

describe('a timed ask', () => {
  it('is answered once when two answer at the same moment, and both texts are kept', async () => {
    const incidentId = await declare();
    const askId = await ask(incidentId);
    const answer = (text: string) => ({ kind: 'ask.answer', incidentId, askId, outcome: 'answered', text }) as const;
    const results = await Promise.all([
      send(scene.people.diego, answer('Yes.'), 1),
      send(scene.people.boss, answer('No.'), 1),
    ]);
    expect(results.map((result) => result.outcome).sort()).toEqual(['applied', 'conflict']);
    const [kept] = await asksSeen();
    const texts = (await timeline(incidentId)).map((entry) => `${entry.text} ${entry.detail ?? ''}`).join('\n');
    expect(texts).toContain('Yes.');
    expect(texts).toContain('No.');
    expect(kept).toMatchObject({ version: 2, answer: { text: results[0].outcome === 'applied' ? 'Yes.' : 'No.' } });
  });

  it('is told overdue once by two servers that look at once', async () => {
    const incidentId = await declare();
    await ask(incidentId, 10);
    const servers = [scene.app.consoleTimers, anotherServer()];
    clock.advance(9 * 60_000);
    expect(await Promise.all(servers.map((server) => server.runDue()))).toEqual([0, 0]);
    clock.advance(60_000);
    const done = await Promise.all(servers.map((server) => server.runDue()));
    expect(done[0]! + done[1]!).toBe(1);
    const late = (await timeline(incidentId)).filter((entry) => entry.source === 'system');
    expect(late.map((entry) => entry.text)).toEqual(['No answer from Diego in time: Is the pool full?']);
    expect(await asksSeen()).toMatchObject([{ version: 2, overdueAt: '2026-11-21T12:10:00.000Z' }]);
    expect(await scene.app.consoleTimers.runDue()).toBe(0);
  });

  it('is not told overdue when it is given to somebody else, and is again when they are late too', async () => {
    const incidentId = await declare();
    const askId = await ask(incidentId, 5);
    clock.advance(5 * 60_000);
    await scene.app.consoleTimers.runDue();
    const ownerId = scene.people.boss.userId;
    await send(scene.people.mara, { kind: 'ask.reassign', incidentId, askId, ownerId, minutes: 5 });
    clock.advance(4 * 60_000);
    expect(await scene.app.consoleTimers.runDue()).toBe(0);
    clock.advance(60_000);
    expect(await scene.app.consoleTimers.runDue()).toBe(1);
    expect((await timeline(incidentId)).at(-1)?.text).toBe('No answer from Sam in time: Is the pool full?');
  });

  it('is listed on the timeline of the incident that its own is merged into', async () => {
    const [incidentId, into] = [await declare(), await declare()];
    await ask(incidentId);
    await send(scene.people.mara, { kind: 'incident.merge', incidentId, into });
    expect((await timeline(into)).at(-1)?.detail).toBe('Asked there of Diego: Is the pool full?');
  });

  it('in another incident is not there, and a viewer cannot answer', async () => {
    const [incidentId, other] = [await declare(), await declare()];
    const askId = await ask(incidentId);
    const answer = { kind: 'ask.answer', incidentId: other, askId, outcome: 'done', text: null } as const;
    expect(await send(scene.people.diego, answer)).toMatchObject({ code: 'not-found' });
    expect(await send(scene.people.viewer, { ...answer, incidentId })).toMatchObject({ code: 'forbidden' });
  });
});

describe('an objection poll', () => {
  it('closes once when two servers look at once, with the dissent and who was silent', async () => {
    const incidentId = await declare();
    const pollId = await poll(incidentId);
    const reason = 'us-1 has no card keys.';
    await send(scene.people.diego, { kind: 'poll.answer', incidentId, pollId, objects: true, reason });
    clock.advance(120_000);
    const done = await Promise.all([scene.app.consoleTimers.runDue(), anotherServer().runDue()]);
    expect(done[0]! + done[1]!).toBe(1);
    expect(await pollsSeen()).toMatchObject([{ outcome: 'objected', votes: [{ objects: true, reason }] }]);
    expect((await timeline(incidentId)).filter((entry) => entry.kind === 'poll').map((entry) => entry.text)).toEqual([
      'Mara asked for objections: Fail over?',
      'Diego objected: Fail over?',
      '1 objection: Fail over?',
    ]);
  });

  it('counts both of two who speak at the same moment, and closes with the last', async () => {
    const incidentId = await declare();
    const pollId = await poll(incidentId);
    const agree = { kind: 'poll.answer', incidentId, pollId, objects: false, reason: null } as const;
    const results = await Promise.all([send(scene.people.diego, agree, 1), send(scene.people.boss, agree, 1)]);
    expect(results.map((result) => result.outcome)).toEqual(['applied', 'applied']);
    const [closed] = await pollsSeen();
    expect(closed).toMatchObject({ outcome: 'carried', version: 3 });
    expect(closed?.votes).toHaveLength(2);
  });
});

describe('who is in the incident', () => {
  it('are those who took something up or were given it, until they are released', async () => {
    const incidentId = await declare();
    await ask(incidentId);
    await send(scene.people.boss, { kind: 'incident.acknowledge', incidentId });
    const { mara, diego, boss } = scene.people;
    const here = async () =>
      (await peopleSeen()).filter((each) => each.releasedAt === null).map((each) => [each.userId, each.via]);
    expect((await here()).toSorted()).toEqual(
      [
        [mara.userId, 'declare'],
        [diego.userId, 'ask'],
        [boss.userId, 'acknowledge'],
      ].toSorted(),
    );
    const release = { kind: 'incident.release', incidentId, userId: diego.userId, note: null } as const;
    expect(await send(mara, release)).toMatchObject({ code: 'forbidden' });
    await send(mara, { kind: 'incident.take-role', incidentId, role: 'commander' });
    expect(await send(mara, release)).toMatchObject({
      code: 'invalid',
      reason: 'Diego still holds the ask “Is the pool full?”. Hand that over or finish it first.',
    });
    const [open] = await asksSeen();
    await send(diego, { kind: 'ask.answer', incidentId, askId: open!.id, outcome: 'done', text: null });
    expect(await send(mara, release)).toMatchObject({ outcome: 'applied', version: 2 });
    expect((await timeline(incidentId)).at(-1)?.text).toBe('Mara released Diego');
    expect(await here()).toHaveLength(2);
    expect(await send(diego, { kind: 'incident.join', incidentId, participantId: random.uuid() })).toMatchObject({
      outcome: 'applied',
      version: 3,
    });
    expect(await here()).toHaveLength(3);
  });

  it('are never released with a task that they were given at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const incidentId = await declare();
      const { diego, boss } = scene.people;
      await send(diego, { kind: 'incident.join', incidentId, participantId: random.uuid() });
      const task = { incidentId, taskId: random.uuid(), title: 'Roll back', ownerId: diego.userId, dueAt: null };
      const [released] = await Promise.all([
        send(boss, { kind: 'incident.release', incidentId, userId: diego.userId, note: null }),
        send(boss, { kind: 'task.add', ...task }),
      ]);
      expect(['applied', 'rejected']).toContain(released.outcome);
      const inIt = (await peopleSeen()).find((each) => each.incidentId === incidentId && each.userId === diego.userId);
      expect(inIt?.releasedAt).toBeNull();
    }
  });
});

describe('handing over with a briefing', () => {
  it('shows it to the taker, keeps it on the timeline, and refers to it when accepted', async () => {
    const incidentId = await declare();
    const { mara, diego } = scene.people;
    const role = 'commander';
    await send(mara, { kind: 'incident.take-role', incidentId, role });
    const offer = { kind: 'incident.offer-role', incidentId, role, to: diego.userId } as const;
    await send(mara, { ...offer, briefing: 'The pool is full.' });
    expect((await read(incidentId)).roles[0]?.offer).toMatchObject({ briefing: 'The pool is full.' });
    expect(await send(mara, { ...offer, briefing: 'The pool is full.' })).toMatchObject({ outcome: 'noop' });
    expect(await send(mara, { ...offer, briefing: 'The pool is empty again.' })).toMatchObject({ outcome: 'applied' });
    await send(diego, { kind: 'incident.accept-role', incidentId, role });
    const entries = (await timeline(incidentId)).filter((entry) => entry.kind === 'role');
    expect(entries.map(({ text, detail }) => [text, detail])).toEqual([
      ['Mara took command', null],
      ['Mara offered commander to Diego', 'The pool is full.'],
      ['Mara offered commander to Diego', 'The pool is empty again.'],
      ['Diego accepted commander from Mara', expect.stringMatching(/^With the briefing of /)],
    ]);
    const said = await scene.database.query<{ author: string; text: string }>(
      'SELECT author, text FROM chat_message WHERE incident_id = $1',
      [incidentId],
    );
    expect(said).toEqual([{ author: 'Diego', text: 'I have taken over as commander from Mara.' }]);
  });
});

describe('restricting the incident', () => {
  it('takes asks and polls from who may not see it any more, also from what they missed', async () => {
    const incidentId = await declare();
    const askId = await ask(incidentId);
    const pollId = await poll(incidentId);
    const { outsider } = scene.people;
    expect([await asksSeen(outsider), await pollsSeen(outsider)].map((rows) => rows.length)).toEqual([1, 1]);
    await send(scene.people.boss, { kind: 'incident.restrict', incidentId, restrictedTo: [teamA] });
    expect([await asksSeen(outsider), await pollsSeen(outsider)]).toEqual([[], []]);
    expect(await peopleSeen(outsider)).toEqual([]);
    expect(await asksSeen()).toMatchObject([{ version: 2 }]);
    const rows = await scene.database.query<{ op: string; audience: string[] | null }>(
      'SELECT op, audience FROM feed WHERE id = ANY($1) ORDER BY xid, seq',
      [[askId, pollId]],
    );
    expect(rows.filter((row) => row.op === 'put').every((row) => row.audience?.[0] === teamA)).toBe(true);
    expect(rows.filter((row) => row.op === 'delete').map((row) => row.audience)).toEqual([null, null]);
    const answer = { kind: 'ask.answer', incidentId, askId, outcome: 'done', text: null } as const;
    expect(await send(scene.people.outsider, answer)).toMatchObject({ code: 'not-found' });
  });
});
