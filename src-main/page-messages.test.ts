// What is pressed in a notification or in the tray while the page hangs, loads or crashes, on a machine in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DesktopNotification } from './bridge.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';
import { calmPage, center } from './fake-page.ts';
import { runShell } from './shell.ts';

let userData = '';
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'tocsin-messages-'));
});
afterEach(() => rmSync(userData, { recursive: true, force: true }));

const page: DesktopNotification = {
  id: 'page i1',
  title: 'SEV1 checkout is down',
  body: 'INC-7. You are paged',
  tier: 'page',
  path: '/incidents/i1/answer',
  visible: false,
  answer: { incidentId: 'i1', escalateTo: 'Ben' },
};
const acknowledged = { kind: 'acknowledge', incidentId: 'i1', escalateTo: 'Ben' };
const settle = () => new Promise((resolve) => setImmediate(resolve));
const window = (fake: FakeHost) => fake.seen.windows[0]!;

/** On Windows, whose notifications have both buttons, with somebody signed in who is paged. */
async function started(): Promise<FakeHost> {
  const fake = createFakeHost({ userData, facts: { platform: 'win32', env: { TOCSIN_CENTER_URL: center } } });
  await runShell(fake.host);
  await fake.call('setSignedIn', [true]);
  await fake.call('tell', [calmPage]);
  await listen(fake);
  await fake.call('notify', [page]);
  return fake;
}
async function listen(fake: FakeHost): Promise<void> {
  for (const name of ['answer', 'command']) await fake.call('pageListens', [name, true]);
  await settle();
}
async function press(fake: FakeHost, button: 0 | 1): Promise<void> {
  fake.seen.notifications.at(-1)!.action(button);
  await settle();
}
async function pass(fake: FakeHost, seconds: number): Promise<void> {
  fake.pass(seconds * 1_000);
  await settle();
}
/** What the notifications said after the page itself. */
const said = (fake: FakeHost): string[] => fake.seen.notifications.slice(1).map(({ title }) => title);

describe('an acknowledgement pressed while the page hangs', () => {
  it('is done once, by the page that is loaded anew, and until then nobody is told that it was', async () => {
    const fake = await started();
    fake.pageNow('hangs');
    await press(fake, 0);
    await pass(fake, 6);
    expect([fake.told('answer'), said(fake)]).toEqual([[], ['Not acknowledged yet']]);
    window(fake).restart();
    fake.pageNow('runs');
    await listen(fake);
    expect(fake.told('answer')).toEqual([acknowledged]);
    window(fake).reload();
    await listen(fake);
    await pass(fake, 600);
    expect([fake.told('answer'), said(fake)]).toEqual([[acknowledged], ['Not acknowledged yet']]);
  });

  it('is done once where the page goes on by itself', async () => {
    const fake = await started();
    fake.pageNow('hangs');
    await press(fake, 0);
    fake.pageNow('runs');
    await settle();
    expect(fake.told('answer')).toEqual([acknowledged]);
    await pass(fake, 600);
    expect(said(fake)).toEqual([]);
  });

  it('is told as not done after five minutes, and then nobody does it', async () => {
    const fake = await started();
    fake.pageNow('hangs');
    await press(fake, 0);
    await pass(fake, 6);
    await pass(fake, 300);
    expect(said(fake)).toEqual(['Not acknowledged yet', 'Not acknowledged']);
    fake.pageNow('runs');
    await settle();
    await listen(fake);
    expect(fake.told('answer')).toEqual([]);
  });

  it('is not done either when the machine slept those five minutes', async () => {
    const fake = await started();
    fake.pageNow('hangs');
    await press(fake, 0);
    fake.setNow('2026-11-21T20:00:00Z');
    fake.pageNow('runs');
    await settle();
    expect([fake.told('answer'), said(fake)]).toEqual([[], ['Not acknowledged']]);
  });

  it('goes to the next page where this one took it and then stopped', async () => {
    const fake = await started();
    fake.pageNow('stops');
    await press(fake, 0);
    expect(fake.told('answer')).toEqual([acknowledged]);
    window(fake).events.crashed('oom');
    fake.pageNow('runs');
    await listen(fake);
    expect(fake.told('answer')).toEqual([acknowledged, acknowledged]);
    await pass(fake, 600);
    expect(said(fake)).toEqual([]);
  });

  it('is told as not done to somebody who is signed out meanwhile, without a word of what it was', async () => {
    const fake = await started();
    fake.pageNow('hangs');
    await press(fake, 0);
    await fake.call('setSignedIn', [false]);
    await settle();
    expect(said(fake)).toEqual(['Not acknowledged']);
    expect(JSON.stringify(fake.seen.notifications.at(-1))).not.toContain('checkout');
  });

  it('is told as unknown to somebody who is signed out while the page is at it: the server may have it already', async () => {
    const fake = await started();
    fake.pageNow('stops');
    await press(fake, 0);
    await fake.call('setSignedIn', [false]);
    await settle();
    expect(said(fake)).toEqual(['Not known whether it was acknowledged']);
    expect(JSON.stringify(fake.seen.notifications.at(-1))).not.toContain('i1/answer');
  });
});

describe('what must not be done twice', () => {
  it('is told as unknown where a page took it and stopped: a second escalation would page somebody else', async () => {
    const fake = await started();
    fake.pageNow('stops');
    await press(fake, 1);
    window(fake).reload();
    fake.pageNow('runs');
    await listen(fake);
    expect(fake.told('answer')).toHaveLength(1);
    expect(said(fake)).toEqual(['Not known whether it was escalated']);
  });

  it('waits where no page took it, in the order in which it was pressed', async () => {
    const fake = await started();
    fake.pageNow('hangs');
    await press(fake, 1);
    await press(fake, 0);
    window(fake).restart();
    fake.pageNow('runs');
    await listen(fake);
    expect(fake.told('answer')).toEqual([{ ...acknowledged, kind: 'escalate' }, acknowledged]);
  });
});

it('a command of the menu that no page ran within a minute is told as not done, by its name', async () => {
  const fake = await started();
  const command = { id: 'resolve', label: 'Resolve', group: '', keys: null, unavailable: null };
  await fake.call('setCommands', [[command]]);
  fake.pageNow('hangs');
  fake.seen.menu.find(({ label }) => label === 'Actions')?.items?.[0]?.run?.();
  await pass(fake, 61);
  expect(said(fake)).toEqual(['Not done: Resolve']);
  fake.pageNow('runs');
  await settle();
  expect(fake.told('command')).toEqual([]);
});
