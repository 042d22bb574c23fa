import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultPagingSettings } from '#server/contract/paging-settings.ts';
import {
  type AuditFacts,
  auditTimes,
  decideAlarm,
  faultsOf,
  queuesInWords,
  unseenChanges,
} from '#server/modules/watchdog/audit.ts';
import { createAuditor } from '#server/modules/watchdog/auditor.ts';
import { hasBattery } from '#server/modules/watchdog/host.ts';
import { noticesOf } from '#server/modules/watchdog/notices.ts';
import { createFakeClock } from '#server/testkit/clock.ts';
import { createMemoryLogger } from '#server/testkit/logger.ts';

const well = {
  steps: 0,
  unseen: 0,
  notifications: 0,
  claims: 0,
  monitors: 0,
  oldestDue: null,
  unreadMs: 0,
  deadLetters: 0,
};
const facts = (due: Partial<typeof well> | null, mainSilentMs = 0): AuditFacts => ({
  due: due === null ? null : { ...well, ...due },
  databaseError: 'refused',
  mainSilentMs,
});

describe('the auditor', () => {
  it('names what is wrong, and nothing while all is well', () => {
    expect(faultsOf(facts({}), auditTimes)).toEqual([]);
    expect(
      faultsOf(
        facts({ steps: 1, unseen: 2, notifications: 3, claims: 2, monitors: 1, unreadMs: 40_000 }, 25_000),
        auditTimes,
      ),
    ).toEqual([
      'the server has not moved for 25 s',
      'one escalation step is overdue',
      '2 changes of incidents are overdue',
      '3 notifications are overdue',
      '2 notifications that a server took to send are overdue',
      'one heartbeat check is overdue',
      'accepted alerts have waited 40 s to be processed',
    ]);
    expect(faultsOf(facts(null), auditTimes)).toEqual(['the database does not answer the auditor: refused']);
  });

  it('takes a change for overdue when paging has looked at nothing of its incident for so long', () => {
    const first = unseenChanges(
      new Map(),
      [
        { id: 'a', seen: 3 },
        { id: 'b', seen: 7 },
      ],
      1_000,
    );
    // Of b something was looked at meanwhile: it was only changed again.
    const second = unseenChanges(
      first,
      [
        { id: 'a', seen: 3 },
        { id: 'b', seen: 8 },
      ],
      16_000,
    );
    expect([...second]).toEqual([
      ['a', { seen: 3, since: 1_000 }],
      ['b', { seen: 8, since: 16_000 }],
    ]);
    expect([...unseenChanges(second, [], 31_000)]).toEqual([]);
  });

  it('calls a long queue of a channel that sends a queue', () => {
    const queues = [
      { name: 'Ops', kind: 'slack', waiting: 40 },
      { name: 'a channel that was deleted', kind: null, waiting: 1 },
    ];
    const words = queuesInWords(queues, () => 1);
    expect(words).toEqual([
      '40 messages wait for the channel Ops, which takes 1 a second',
      'One message waits for the channel a channel that was deleted',
    ]);
    const look = {
      at: '',
      overdue: 0,
      oldestDue: null,
      faults: [],
      parked: null,
      queues: words,
      deadManAt: null,
      deadManError: null,
    };
    const notices = noticesOf({ settings: defaultPagingSettings, embeddedDatabase: false, laptop: false, look });
    expect(notices.map(({ code }) => code)).toContain('queue');
    expect(notices.map(({ code }) => code)).not.toContain('stalled');
  });

  it('tells after the second look in a row, not again for a while, and when it is over', () => {
    let state = { bad: 0, toldAt: null as number | null };
    const look = (faults: string[], at: number) => {
      const decided = decideAlarm(state, faults, at, auditTimes);
      state = decided.state;
      return decided.alarm;
    };
    expect([look(['x'], 0), look([], 1), look(['x'], 2), look(['x'], 3), look(['x'], 4)]).toEqual([
      null,
      null,
      null,
      'tell',
      null,
    ]);
    expect([look(['x'], 600_004), look([], 600_005), look([], 600_006)]).toEqual(['tell', 'all-clear', null]);
  });
});

/** The auditor on a clock of the test; `due` and `silent` are what it sees at each moment. */
async function watched(
  see: (sinceMs: number) => { overdueSinceMs: number | null; silentMs: number; deadLetters?: number },
  seconds: number,
  fallback = true,
) {
  const clock = createFakeClock(Date.UTC(2026, 10, 21));
  const began = clock.monotonic();
  const since = () => clock.monotonic() - began;
  const told: { summary: string; afterMs: number }[] = [];
  const pings: number[] = [];
  const auditor = createAuditor({
    serverId: 'a',
    database: {
      async query(query) {
        if (typeof query === 'string' || query.name !== 'watchdog-due') return [];
        const { overdueSinceMs, deadLetters = 0 } = see(since());
        const overdue = overdueSinceMs !== null && since() - overdueSinceMs > auditTimes.overdueMs;
        return [{ ...well, queues: [], changed: [], steps: overdue ? 1 : 0, deadLetters }] as never;
      },
    },
    times: auditTimes,
    mainSilentMs: () => see(since()).silentMs,
    perSecond: () => 1,
    tell: async ({ summary }) => void told.push({ summary, afterMs: since() }),
    ping: async () => void pings.push(since()),
    looked: () => {},
    clock,
    logger: createMemoryLogger(),
  });
  auditor.orders({ mode: 'live', deadMan: { url: 'https://watch.example', intervalSeconds: 10 }, fallback });
  auditor.start();
  for (let i = 0; i < seconds; i += 1) {
    clock.advance(1_000);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
  await auditor.stop();
  return { told, pings };
}

describe('a silent stall', () => {
  it.each([0, 1, 7_000, 14_999])(
    'of paging is told within 90 s, whenever it begins (%i ms after a look)',
    async (offset) => {
      const stallAt = 60_000 + offset;
      const { told, pings } = await watched(
        (at) => ({ overdueSinceMs: at >= stallAt ? stallAt : null, silentMs: 0 }),
        300,
      );
      expect(told[0]?.summary).toBe('Paging has stalled: one escalation step is overdue');
      expect((told[0]?.afterMs ?? Infinity) - stallAt).toBeLessThanOrEqual(90_000);
      expect(told).toHaveLength(1);
      expect(pings.at(-1)).toBeLessThan(stallAt + 60_000);
      expect(pings.length).toBeGreaterThan(4);
    },
  );

  it('of the main thread is told within 90 s', async () => {
    const { told } = await watched((at) => ({ overdueSinceMs: null, silentMs: at > 60_000 ? at - 60_000 : 0 }), 200);
    expect(told[0]?.summary).toMatch(/has not moved/);
    expect((told[0]?.afterMs ?? Infinity) - 60_000).toBeLessThanOrEqual(90_000);
  });

  it('that is none, as after a wake-up that is caught up with at once, tells nobody', async () => {
    const { told } = await watched(
      (at) => ({ overdueSinceMs: at >= 60_000 && at < 70_000 ? 0 : null, silentMs: 0 }),
      200,
    );
    expect(told).toEqual([]);
  });
});

describe('a dead letter', () => {
  const parkedAt = 60_000;
  const parked = (at: number) => ({ overdueSinceMs: null, silentMs: 0, deadLetters: at >= parkedAt ? 2 : 0 });

  it('is told apart from a stall, which is told within 90 s all the same', async () => {
    const stallAt = 120_000;
    const { told, pings } = await watched(
      (at) => ({ ...parked(at), overdueSinceMs: at >= stallAt ? stallAt : null }),
      300,
    );
    expect(told.map(({ summary }) => summary)).toEqual([
      expect.stringContaining('2 accepted records could not be processed'),
      'Paging has stalled: one escalation step is overdue',
    ]);
    expect((told[0]?.afterMs ?? Infinity) - parkedAt).toBeLessThanOrEqual(90_000);
    expect((told[1]?.afterMs ?? Infinity) - stallAt).toBeLessThanOrEqual(90_000);
    // The fallback has told it: the heartbeat still says that paging moves, until it does not.
    expect(pings.some((at) => at > parkedAt + 40_000)).toBe(true);
  });

  it('keeps the dead man’s heartbeat back where no fallback channel could tell it', async () => {
    const { told, pings } = await watched(parked, 200, false);
    expect(told).toEqual([]);
    expect(pings.at(-1)).toBeLessThan(parkedAt + 20_000);
  });
});

describe('the host', () => {
  it('is a laptop when a battery powers it, and not for the battery of a mouse', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'power-'));
    const supply = async (name: string, fields: Record<string, string>) => {
      await mkdir(join(folder, name));
      for (const [file, text] of Object.entries(fields)) await writeFile(join(folder, name, file), `${text}\n`);
    };
    await supply('AC', { type: 'Mains' });
    await supply('hidpp_battery_0', { type: 'Battery', scope: 'Device' });
    expect(await hasBattery('linux', { powerSupplies: folder })).toBe(false);
    await supply('BAT0', { type: 'Battery', scope: 'System' });
    expect(await hasBattery('linux', { powerSupplies: folder })).toBe(true);
    expect(await hasBattery('linux', { powerSupplies: join(folder, 'none') })).toBe(false);
    await rm(folder, { recursive: true });
    expect(
      await hasBattery('darwin', { run: async () => "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t100%" }),
    ).toBe(true);
    expect(await hasBattery('darwin', { run: async () => "Now drawing from 'AC Power'" })).toBe(false);
    expect(await hasBattery('win32', { run: async () => '1\r\n' })).toBe(true);
    expect(await hasBattery('win32', { run: () => Promise.reject(new Error('no powershell')) })).toBe(false);
  });

  it('says, for as long as it is true, what somebody who relies on it has to know', () => {
    const codes = (change: Partial<Parameters<typeof noticesOf>[0]>) =>
      noticesOf({ settings: defaultPagingSettings, embeddedDatabase: true, laptop: true, look: null, ...change }).map(
        (one) => `${one.level} ${one.code}`,
      );
    expect(codes({})).toEqual(['warning sleeps', 'warning no-dead-man', 'info no-fallback']);
    expect(codes({ laptop: false })).toContain('info one-machine');
    const look = {
      at: '',
      overdue: 1,
      oldestDue: null,
      faults: ['x'],
      parked: null,
      queues: [],
      deadManAt: null,
      deadManError: null,
    };
    expect(codes({ look, settings: { ...defaultPagingSettings, mode: 'paused' } })).toEqual(
      expect.arrayContaining(['error stalled', 'error paused']),
    );
  });
});
