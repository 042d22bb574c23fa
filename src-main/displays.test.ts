// Walls over the displays of a machine in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFakeHost, fakeDisplay, type FakeHost } from './fake-host.ts';
import type { FakeWindow } from './fake-window.ts';
import { runShell } from './shell.ts';

let userData = '';
beforeEach(() => {
  userData = mkdtempSync(join(tmpdir(), 'tocsin-walls-'));
});
afterEach(() => rmSync(userData, { recursive: true, force: true }));

const laptop = fakeDisplay('1', { name: 'Laptop', primary: true });
const left = fakeDisplay('2', { name: 'Left', x: 1_920, width: 3_840, height: 2_160 });
const right = fakeDisplay('3', { name: 'Right', x: 5_760 });
const usual = { diagonalInches: 55, distanceMetres: 5 };

async function started(displays = [laptop, left, right]): Promise<FakeHost> {
  const fake = createFakeHost({ userData, displays });
  await runShell(fake.host);
  return fake;
}

/** Walls that stand now: where, and what for. */
const walls = (fake: FakeHost) =>
  standing(fake).map(({ url, options }) => [options.x, new URL(url).hash.replace(/^#\/wall\?role=(\w+)&.*$/, '$1')]);
const standing = (fake: FakeHost): FakeWindow[] =>
  fake.seen.windows.filter(({ url, state }) => url.includes('#/wall') && state === 'open');

async function assign(fake: FakeHost, id: string, role: 'facts' | 'map' | 'timeline' | null): Promise<unknown> {
  return fake.call('wallsAssign', [id, role === null ? null : { ...usual, role }]);
}

describe('walls', () => {
  it('open over the whole display that was given a role, and close when it is taken back', async () => {
    const fake = await started();
    expect(walls(fake)).toEqual([]);
    await assign(fake, '2', 'facts');
    await assign(fake, '3', 'map');
    expect(walls(fake)).toEqual([
      [1_920, 'facts'],
      [5_760, 'map'],
    ]);
    expect(standing(fake)[0]?.options).toMatchObject({ width: 3_840, height: 2_160, fills: true });
    expect(standing(fake)[0]?.url).toContain('display=2&inches=55&metres=5');
    await assign(fake, '3', 'timeline');
    expect(walls(fake)).toEqual([
      [1_920, 'facts'],
      [5_760, 'timeline'],
    ]);
    await assign(fake, '2', null);
    expect(walls(fake)).toEqual([[5_760, 'timeline']]);
    expect(fake.seen.questions).toEqual([]);
  });

  it('come back after a restart, also where the system counts its displays anew', async () => {
    const before = await started();
    await assign(before, '2', 'facts');
    await assign(before, '3', 'map');
    const again = await started([laptop, { ...left, id: '77' }, { ...right, id: '78' }]);
    expect(walls(again)).toEqual([
      [1_920, 'facts'],
      [5_760, 'map'],
    ]);
  });

  it('stand anew within 2 s of a display coming, going or moving, once for a burst', async () => {
    const fake = await started();
    await assign(fake, '2', 'facts');
    await assign(fake, '3', 'map');
    await fake.call('pageListens', ['walls', true]);
    fake.setDisplays([laptop]);
    fake.setDisplays([laptop, right]);
    expect(walls(fake)).toHaveLength(2);
    fake.pass(1_000);
    expect(walls(fake)).toEqual([[5_760, 'map']]);
    expect(fake.told('walls')).toMatchObject([{ away: [{ name: 'Left', role: 'facts' }] }]);
    fake.setDisplays([laptop, { ...right, x: 1_920 }, { ...left, x: 3_840 }]);
    fake.pass(1_000);
    expect(walls(fake)).toEqual([
      [1_920, 'map'],
      [3_840, 'facts'],
    ]);
  });

  it('keep the facts in sight when the last display of the wall is gone and something is open', async () => {
    const fake = await started();
    await assign(fake, '2', 'map');
    const [wall] = standing(fake);
    await fake.call('keepAwake', [true], { id: wall!.id });
    expect(fake.seen.awake).toBe(1);
    fake.setDisplays([laptop]);
    fake.pass(1_000);
    expect(walls(fake)).toEqual([[0, 'facts']]);
    expect(standing(fake)[0]?.options).toMatchObject({ fills: false });
    expect(fake.seen.awake).toBe(0);
    fake.setDisplays([laptop, left]);
    fake.pass(1_000);
    expect(walls(fake)).toEqual([[1_920, 'map']]);
  });

  it('leave a laptop alone when its wall was unplugged and nothing is open', async () => {
    const fake = await started();
    await assign(fake, '2', 'facts');
    fake.setDisplays([laptop]);
    fake.pass(1_000);
    expect(walls(fake)).toEqual([]);
  });

  it('that a person closed stay closed until the display changes or is asked for again', async () => {
    const fake = await started();
    await assign(fake, '2', 'facts');
    standing(fake)[0]!.close();
    expect(fake.seen.questions).toEqual([]);
    fake.setDisplays([laptop, left]);
    fake.pass(1_000);
    expect(walls(fake)).toEqual([]);
    await assign(fake, '2', 'facts');
    expect(walls(fake)).toEqual([[1_920, 'facts']]);
  });

  it('that crash come back alone: what somebody types in the main window stays', async () => {
    const fake = await started();
    await assign(fake, '2', 'facts');
    const [wall] = standing(fake);
    wall!.events.crashed('oom');
    expect(wall!.reloads).toBe(1);
    expect(fake.seen.windows[0]!.reloads).toBe(0);
  });

  it('may only show: they sign nobody out, open nothing, and give no display away', async () => {
    const fake = await started();
    await assign(fake, '2', 'facts');
    const wall = { id: standing(fake)[0]!.id };
    await expect(fake.call('sessionSignOut', ['https://a.test'], wall)).rejects.toThrow('a wall window only shows');
    await expect(fake.call('openExternal', ['https://a.test'], wall)).rejects.toThrow('only shows');
    await expect(fake.call('wallsAssign', ['2', null], wall)).rejects.toThrow('only shows');
    await expect(fake.call('setSignedIn', [false], wall)).rejects.toThrow('only shows');
    expect(await fake.call('host', [], wall)).toMatchObject({ platform: 'linux' });
  });
});

describe('the presenter', () => {
  it('has one window, which only shows and drives', async () => {
    const fake = await started();
    await fake.call('openPresenter');
    await fake.call('openPresenter');
    const windows = fake.seen.windows.filter(({ url }) => url.includes('#/presenter'));
    expect(windows).toHaveLength(1);
    await expect(fake.call('openExternal', ['https://a.test'], { id: windows[0]!.id })).rejects.toThrow('only shows');
    windows[0]!.close();
    expect(windows[0]!.state).toBe('closed');
  });
});
