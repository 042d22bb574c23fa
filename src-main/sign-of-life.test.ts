// A page that stops, and a machine that sleeps, on a machine in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { calmPage as calm, center } from './fake-page.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';
import { runShell } from './shell.ts';

let userData = '';
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'tocsin-life-'));
});
afterEach(() => rmSync(userData, { recursive: true, force: true }));

async function started(): Promise<FakeHost> {
  const fake = createFakeHost({ userData, facts: { env: { TOCSIN_CENTER_URL: center } } });
  await runShell(fake.host);
  await fake.call('setSignedIn', [true]);
  await fake.call('tell', [calm]);
  return fake;
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
const window = (fake: FakeHost) => fake.seen.windows[0]!;
const reports = async (fake: FakeHost) => ((await fake.call('shellStatus')) as { crashReports: number }).crashReports;

/** Second after second, as a machine that is awake. */
async function seconds(fake: FakeHost, count: number, alive = false): Promise<void> {
  for (let passed = 0; passed < count; passed += 5) {
    fake.pass(5_000);
    if (alive) await fake.call('alive');
  }
  await settle();
}

describe('a page that says nothing any more', () => {
  it('makes the tray unknown, is asked about, and goes on where it speaks again', async () => {
    const fake = await started();
    await fake.call('alive');
    await seconds(fake, 120, true);
    expect([fake.seen.questions.length, fake.seen.tray?.look]).toEqual([0, 'calm']);
    fake.willAnswer('nobody');
    await seconds(fake, 40);
    expect(fake.seen.questions).toHaveLength(1);
    expect(fake.seen.questions[0]?.buttons).toEqual(['Wait', 'Load it anew']);
    expect(fake.seen.tray?.look).toBe('unknown');
    expect(await reports(fake)).toBe(1);
    await fake.call('alive');
    expect(fake.seen.tray?.look).toBe('calm');
    await seconds(fake, 90, true);
    expect([fake.seen.questions.length, window(fake).restarts]).toEqual([1, 0]);
  });

  it('is loaded anew when the person says so, and also when nobody answers: at night nobody does', async () => {
    const fake = await started();
    fake.willAnswer(1, 'nobody');
    await fake.call('alive');
    await seconds(fake, 40);
    expect(window(fake).restarts).toBe(1);
    // What the page of before said is true of this one when it says so too.
    await fake.call('alive');
    expect(fake.seen.tray?.look).toBe('unknown');
    await fake.call('tell', [calm]);
    expect(fake.seen.tray?.look).toBe('calm');
    await seconds(fake, 40);
    expect([fake.seen.questions.length, window(fake).restarts]).toEqual([2, 1]);
    await seconds(fake, 60);
    expect(window(fake).restarts).toBe(2);
  });

  it('is waited for when the person says so, and asked about again', async () => {
    const fake = await started();
    fake.willAnswer(0, 'nobody');
    await fake.call('alive');
    await seconds(fake, 40);
    expect(fake.seen.tray?.look).toBe('unknown');
    await seconds(fake, 25);
    expect(fake.seen.questions).toHaveLength(1);
    await seconds(fake, 20);
    expect([fake.seen.questions.length, window(fake).restarts]).toEqual([2, 0]);
  });

  it('is not one that loads, that was closed, or that slept with the machine', async () => {
    const fake = await started();
    await fake.call('alive');
    window(fake).reload();
    await seconds(fake, 120);
    await fake.call('alive');
    fake.pass(8 * 3_600_000);
    await seconds(fake, 20);
    await fake.call('alive');
    await fake.call('shellChange', [{ onClose: 'quit' }]);
    window(fake).close();
    window(fake).close();
    await seconds(fake, 120);
    expect(window(fake).state).toBe('closed');
    expect(fake.seen.questions).toEqual([]);
  });

  it('is asked about at once when the system says that it hangs, one question at a time', async () => {
    const fake = await started();
    fake.willAnswer('nobody');
    window(fake).events.hung();
    window(fake).events.hung();
    expect(fake.seen.questions).toHaveLength(1);
    expect(fake.seen.tray?.look).toBe('unknown');
    window(fake).events.answers();
    expect(fake.seen.tray?.look).toBe('calm');
  });
});

describe('a machine that sleeps', () => {
  it('leaves the tray unknown until the page has looked again, and tells the page at once when it wakes up', async () => {
    const fake = await started();
    await fake.call('pageListens', ['wake', true]);
    fake.sleep();
    expect(fake.seen.tray?.look).toBe('unknown');
    fake.wake();
    expect(fake.told('wake')).toHaveLength(1);
    expect(fake.seen.tray?.look).toBe('unknown');
    await fake.call('tell', [calm]);
    expect(fake.seen.tray?.look).toBe('calm');
  });
});

it('a link that a page follows goes out as one that it asks for: encrypted at once, else after a yes', async () => {
  const fake = await started();
  fake.follow('https://runbooks.test/');
  fake.follow('file:///etc/passwd');
  await settle();
  expect([fake.seen.openedOutside, fake.seen.questions.length]).toEqual([['https://runbooks.test/'], 0]);
  fake.willAnswer(0, 1);
  fake.follow('http://prometheus.internal:9090/graph');
  await settle();
  expect(await fake.call('openExternal', ['http://prometheus.internal:9090/alerts'])).toBe(true);
  expect(await fake.call('openExternal', ['http://grafana.internal/'])).toBe(false);
  expect(fake.seen.copied).toEqual(['http://grafana.internal/']);
  expect(fake.seen.openedOutside).toEqual([
    'https://runbooks.test/',
    'http://prometheus.internal:9090/graph',
    'http://prometheus.internal:9090/alerts',
  ]);
});
