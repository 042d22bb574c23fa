// Status updates through the whole server: written, approved, mailed over real SMTP, published to a page, and told how it went.
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { helloOf } from '#server/contract/client.ts';
import type { Incident, TimelineEntry } from '#server/contract/incident.ts';
import type { ActionOf, IntentResult } from '#server/contract/intent.ts';
import { defaultPagingSettings } from '#server/contract/paging-settings.ts';
import type { VersionedSettings } from '#server/contract/settings.ts';
import type { StatusUpdate, UpdatePreview } from '#server/contract/status-update.ts';
import { startTestApp, type TestApp, type TestPerson } from '#server/testkit/app.ts';
import { fakeStatuspage } from '#server/testkit/fake-statuspage.ts';
import { fromNow, newId, until } from '#server/testkit/restricted-scene.ts';

interface TakenMail {
  to: string;
  text: string;
}

async function startMail(refuses: (address: string) => boolean) {
  const taken: TakenMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => done(refuses(address) ? new Error(`no such reader ${address}`) : null),
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (part: Buffer) => (text += part.toString('utf8')));
      stream.on('end', () => {
        taken.push({ to: session.envelope.rcptTo[0]?.address ?? '', text });
        done(null, 'taken');
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { taken, port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

let app: TestApp;
let admin: TestPerson;
let mara: TestPerson;
let diego: TestPerson;
let mail: Awaited<ReturnType<typeof startMail>>;
let page: Awaited<ReturnType<typeof fakeStatuspage>>;
let refused: Set<string>;
let pageDown = false;
let [pageId, mailId, listId] = ['', '', ''];

beforeAll(async () => {
  refused = new Set();
  mail = await startMail((address) => refused.has(address));
  app = await startTestApp();
  [admin, mara, diego] = [await app.person('admin'), await app.person('responder'), await app.person('responder')];
  const settings = { ...defaultPagingSettings, allowedPrivateHosts: ['127.0.0.1'] };
  await app.call(admin.bearer, 'mutation', 'watchdog.set', settings);
  [mailId, listId] = [newId(), newId()];
  await save(mailId, 'channel', {
    name: 'Mail',
    kind: 'email',
    enabled: true,
    settings: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'Tocsin <t@example.com>' },
    secrets: {},
  });
  await save(listId, 'stakeholderList', {
    name: 'Customers',
    description: '',
    channelId: mailId,
    userIds: [],
    addresses: ['a@example.com', 'b@example.com'],
  });
}, 60_000);
beforeEach(async () => {
  refused.clear();
  pageDown = false;
  mail.taken.length = 0;
  page = await fakeStatuspage(() => (pageDown ? 400 : null));
  pageId = newId();
  await save(pageId, 'channel', {
    name: `Public page ${pageId}`,
    kind: 'statuspage',
    enabled: true,
    settings: { pageId: 'p1', apiUrl: page.url },
    secrets: { apiKey: 'key-1234' },
  });
});
afterAll(async () => {
  await app.stop();
  await mail.stop();
});

async function act(who: TestPerson, action: object, baseVersion: number | null = null): Promise<IntentResult> {
  const intent = { id: newId(), at: fromNow(0), baseVersion, dependsOn: null, action };
  const { text } = await app.call(who.bearer, 'mutation', 'intents.submit', { intents: [intent] });
  return (JSON.parse(text) as { result: { data: IntentResult[] } }).result.data[0]!;
}
async function save(documentId: string, kind: string, draft: object): Promise<void> {
  expect(await act(admin, { kind: 'config.save', documentId, document: { kind, draft } })).toMatchObject({
    outcome: 'applied',
  });
}
async function declare(restrictedTo: string[] | null = null): Promise<string> {
  const incidentId = newId();
  const action = {
    kind: 'incident.declare',
    incidentId,
    title: 'canary-title',
    severity: 'sev2',
    impact: 'Nobody can pay',
  };
  const result = await act(mara, { ...action, alertIds: [], restrictedTo });
  expect(result).toMatchObject({ outcome: 'applied' });
  return incidentId;
}
function posting(incidentId: string, change: Partial<ActionOf<'incident.post-update'>> = {}) {
  const updateId = newId();
  const action = {
    kind: 'incident.post-update',
    incidentId,
    entryId: updateId,
    text: 'We know why',
    nextInMinutes: null,
  };
  return { updateId, action: { ...action, statusPages: [pageId], lists: [listId], ...change } };
}
async function updateOf(who: TestPerson, updateId: string): Promise<StatusUpdate | undefined> {
  const client = { ...helloOf('0.0.0'), entities: ['statusUpdate'] };
  const { text } = await app.call(who.bearer, 'query', 'replica.snapshot', { cursor: null, client });
  const { data } = (JSON.parse(text) as { result: { data: { changes: { id: string; body: StatusUpdate }[] } } }).result;
  return data.changes.find((change) => change.id === updateId)?.body;
}
const settled = (updateId: string) =>
  until(
    () => updateOf(mara, updateId),
    (update) => update !== undefined && update.deliveries.every((delivery) => delivery.state !== 'waiting'),
  );
const timeline = async (incidentId: string) =>
  (await app.rest<{ items: TimelineEntry[] }>(mara.bearer, 'GET', `/api/v1/incidents/${incidentId}/timeline`)).items;

describe('an update', () => {
  test('waits for its approver, then stands on the timeline, the page and in one mail each', async () => {
    const incidentId = await declare();
    const { updateId, action } = posting(incidentId, { approverId: diego.userId });
    expect(await act(mara, action)).toMatchObject({ outcome: 'applied' });
    const { text } = await app.call(diego.bearer, 'mutation', 'updates.preview', { incidentId, updateId, text: 'x' });
    const { targets } = (JSON.parse(text) as { result: { data: UpdatePreview } }).result.data;
    expect(
      targets.map(({ kind, title, body, beyond, fault }) => [kind, title, body.split('\n')[0], beyond, fault]),
    ).toEqual([
      ['timeline', `Update 1, by ${mara.name}`, 'We know why', null, null],
      ['statuspage', 'Nobody can pay', 'We know why', null, null],
      ['list', expect.stringMatching(/^INC-\d+ update 1: Nobody can pay$/), 'We know why', null, null],
    ]);
    expect([page.incidents, mail.taken]).toEqual([[], []]);
    const decide = { kind: 'update.decide', incidentId, updateId, approve: true, reason: null, incidentVersion: null };
    expect(await act(mara, decide)).toMatchObject({ code: 'forbidden' });
    // Under the name of another incident it is not there.
    expect(await act(diego, { ...decide, incidentId: await declare() })).toMatchObject({ code: 'not-found' });
    expect(await act(diego, decide)).toMatchObject({ outcome: 'applied' });
    const update = await settled(updateId);
    expect(update?.deliveries).toMatchObject([
      { kind: 'statuspage', state: 'sent', sent: 1, repeated: 0 },
      { kind: 'list', state: 'sent', sent: 2, failed: 0 },
    ]);
    expect(page.incidents).toMatchObject([{ name: 'Nobody can pay', posts: ['We know why'], status: 'investigating' }]);
    expect(mail.taken.map(({ to }) => to).sort()).toEqual(['a@example.com', 'b@example.com']);
    for (const { text: said } of mail.taken) {
      expect(said).toMatch(/Subject: INC-\d+ update 1: Nobody can pay/);
      expect(said).toContain('We know why');
      expect(said).not.toContain('canary-title');
    }
    const entry = (await timeline(incidentId)).find(({ id }) => id === updateId);
    expect(entry).toMatchObject({ actor: mara.name, text: 'We know why', detail: expect.stringContaining(diego.name) });
    // What follows on the page is state, not words.
    expect(await act(mara, { kind: 'incident.mitigate', incidentId })).toMatchObject({ outcome: 'applied' });
    await until(
      () => Promise.resolve(page.incidents[0]?.status),
      (status) => status === 'monitoring',
    );
    expect(page.incidents[0]?.posts).toEqual(['We know why']);
  }, 60_000);

  test('is asked about again when its readers changed since the preview, and then goes to exactly those', async () => {
    const incidentId = await declare();
    const aId = newId();
    const draft = { name: `Partners ${aId}`, description: '', channelId: mailId, userIds: [] };
    await save(aId, 'stakeholderList', { ...draft, addresses: ['a@example.com'] });
    const { updateId, action } = posting(incidentId, { approverId: diego.userId, statusPages: [], lists: [aId] });
    await act(mara, action);
    const look = async () => {
      const { text } = await app.call(diego.bearer, 'mutation', 'updates.preview', { incidentId, updateId, text: 'x' });
      const { targets } = (JSON.parse(text) as { result: { data: UpdatePreview } }).result.data;
      return targets.flatMap(({ targetId: id, seal }) => (id === null || seal === null ? [] : [{ id, seal }]));
    };
    const approve = { kind: 'update.decide', incidentId, updateId, approve: true, reason: null, incidentVersion: null };
    const before = await look();
    await save(aId, 'stakeholderList', { ...draft, addresses: ['a@example.com', 'press@example.com'] });
    expect(await act(diego, { ...approve, targets: before })).toMatchObject({
      outcome: 'conflict',
      reason: expect.stringContaining(`who gets ${draft.name} (2 people now)`),
    });
    expect(await updateOf(diego, updateId)).toMatchObject({ state: 'awaiting' });
    expect(await act(diego, { ...approve, targets: await look() })).toMatchObject({ outcome: 'applied' });
    await settled(updateId);
    expect(mail.taken.map(({ to }) => to).sort()).toEqual(['a@example.com', 'press@example.com']);
  }, 60_000);

  test('that waits keeps its place on the timeline: no note takes its id, of whichever incident', async () => {
    const incidentId = await declare();
    const { updateId, action } = posting(incidentId, { approverId: diego.userId, statusPages: [], lists: [] });
    await act(mara, action);
    const note = { kind: 'incident.note', entryId: updateId, text: 'Mine', at: null };
    for (const where of [incidentId, await declare()]) {
      expect(await act(mara, { ...note, incidentId: where })).toMatchObject({ outcome: 'rejected', code: 'invalid' });
    }
    const approve = { kind: 'update.decide', incidentId, updateId, approve: true, reason: null, incidentVersion: null };
    expect(await act(diego, approve)).toMatchObject({ outcome: 'applied' });
    expect((await timeline(incidentId)).find(({ id }) => id === updateId)?.text).toBe('We know why');
  }, 60_000);

  test('that does not reach everybody says whom, on the timeline too, and is sent again to those alone', async () => {
    refused.add('b@example.com');
    pageDown = true;
    const incidentId = await declare();
    const { updateId, action } = posting(incidentId);
    await act(mara, action);
    const failed = await settled(updateId);
    expect(failed?.deliveries).toMatchObject([
      { state: 'failed', error: 'Statuspage answered 400: not now' },
      { state: 'failed', sent: 1, failed: 1, error: expect.stringContaining('no such reader a reader') },
    ]);
    const said = (await timeline(incidentId)).filter(({ kind }) => kind === 'publishing').map((entry) => entry.text);
    expect(said.toSorted()).toEqual([
      'Update 1 did not reach 1 of 2 readers of Customers',
      `Update 1 did not reach the status page Public page ${pageId}`,
    ]);
    refused.clear();
    pageDown = false;
    const retry = { kind: 'update.retry', incidentId, updateId };
    expect(await act(diego, retry)).toMatchObject({ outcome: 'applied' });
    expect((await settled(updateId))?.deliveries).toMatchObject([
      { state: 'sent', error: null },
      { state: 'sent', sent: 2, failed: 0 },
    ]);
    expect(await act(diego, retry)).toMatchObject({ outcome: 'noop' });
    expect(mail.taken.map(({ to }) => to).sort()).toEqual(['a@example.com', 'b@example.com']);
    expect(page.incidents.map(({ posts }) => posts)).toEqual([['We know why']]);
  }, 60_000);

  test('of a restricted incident is kept from outsiders until somebody says yes, also when it is restricted on the way', async () => {
    const team = await app.rest<{ id: string }>(admin.bearer, 'POST', '/api/v1/teams', {
      name: `Security ${newId()}`,
    });
    const manager = await app.person('manager', [team.id]);
    const inside = await app.person('responder', [team.id]);
    const incidentId = await declare();
    const waiting = posting(incidentId, { approverId: inside.userId });
    await act(mara, waiting.action);
    expect(await act(manager, { kind: 'incident.restrict', incidentId, restrictedTo: [team.id] })).toMatchObject({
      outcome: 'applied',
    });
    // Gone for those outside, as the incident is.
    expect(await updateOf(mara, waiting.updateId)).toBeUndefined();
    expect(await updateOf(inside, waiting.updateId)).toMatchObject({ state: 'awaiting' });
    const decide = {
      kind: 'update.decide',
      incidentId,
      updateId: waiting.updateId,
      approve: true,
      reason: null,
      incidentVersion: null,
    };
    expect(await act(mara, decide)).toMatchObject({ code: 'not-found' });
    expect(await act(inside, decide)).toMatchObject({ code: 'invalid', reason: expect.stringContaining('restricted') });
    const question = { incidentId, updateId: waiting.updateId, text: 'x' };
    expect((await app.call(mara.bearer, 'mutation', 'updates.preview', question)).status).toBe(404);
    const { text } = await app.call(inside.bearer, 'mutation', 'updates.preview', question);
    expect(text).toContain('These would read this and may not see it: 2 addresses outside.');
    expect(await act(inside, { ...decide, openly: true })).toMatchObject({ outcome: 'applied' });
    await until(
      () => updateOf(inside, waiting.updateId),
      (update) =>
        update?.deliveries.every((delivery) => delivery.state === 'sent') === true && update.deliveries.length > 0,
    );
    // Its impact is not for the page any more.
    expect(page.incidents).toMatchObject([{ name: 'We are looking into a problem', posts: ['We know why'] }]);
    expect(mail.taken[0]?.text).toMatch(/Subject: INC-\d+ update 1: severity 2/);
  }, 60_000);

  test('needs an approver from the severity that the settings name, and only where it leaves the center', async () => {
    expect((await app.call(admin.bearer, 'mutation', 'settings.set', { approverFrom: 'sev2' })).status).toBe(200);
    const incidentId = await declare();
    const { action } = posting(incidentId);
    expect(await act(mara, action)).toMatchObject({ code: 'invalid', reason: expect.stringContaining('approved') });
    const { action: inside } = posting(incidentId, { statusPages: [], lists: [] });
    expect(await act(mara, inside)).toMatchObject({ outcome: 'applied' });
    const { text } = await app.call(mara.bearer, 'query', 'settings.get');
    expect(text).toContain('"approverFrom":"sev2"');
  }, 60_000);

  test('settings that two change at once: the second hears who was first, by field, and nothing is overwritten', async () => {
    const set = async (change: object) => {
      const { status, text } = await app.call(admin.bearer, 'mutation', 'settings.set', change);
      return { status, text };
    };
    const get = async () =>
      JSON.parse((await app.call(admin.bearer, 'query', 'settings.get')).text).result.data as VersionedSettings;
    const { version: baseVersion } = await get();
    expect(await set({ organisationName: 'Acme', baseVersion })).toMatchObject({ status: 200 });
    expect(await set({ organisationName: 'Umbrella', baseVersion })).toMatchObject({
      status: 409,
      text: expect.stringMatching(/changed the name of the organisation at .* Nothing of yours was saved/),
    });
    // Another field is another matter, and the same value again is none.
    expect(await set({ approverFrom: 'sev1', organisationName: 'Acme', baseVersion })).toMatchObject({ status: 200 });
    expect(await get()).toMatchObject({ organisationName: 'Acme', approverFrom: 'sev1', version: baseVersion + 2 });
    // Clients of before send no version.
    expect(await set({ organisationName: '', approverFrom: null })).toMatchObject({ status: 200 });
  });

  test('is due by the cadence that the settings name, from the next incident on', async () => {
    const dueEvery = async (incidentId: string) =>
      (await app.rest<Incident>(mara.bearer, 'GET', `/api/v1/incidents/${incidentId}`)).updateCadenceMinutes;
    const before = await declare();
    const cadenceMinutes = { sev1: 15, sev2: 7, sev3: null, info: null };
    expect((await app.call(admin.bearer, 'mutation', 'settings.set', { cadenceMinutes })).status).toBe(200);
    expect([await dueEvery(before), await dueEvery(await declare())]).toEqual([30, 7]);
  });
});
