// Limits, modes, desktops and receipts; retries, crashes and acknowledgements are in sender.integration.test.ts.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '#server/database/pool.ts';
import { createClockStore } from '#server/modules/escalation/clock-guard.ts';
import { pageStore } from '#server/modules/notify/store.ts';
import { createFakeClock, type FakeClock } from '#server/testkit/clock.ts';
import { createSeededRandom } from '#server/testkit/random.ts';
import { makeDatabase } from '#server/testkit/postgres.ts';
import { accepted, createSendingScene, refused, type SendingScene } from '#server/testkit/sending-scene.ts';

const start = Date.parse('2026-11-21T12:00:00.000Z');
let database: Database;
let drop: () => Promise<void>;
let clock: FakeClock;
let scene: SendingScene;
beforeEach(async () => {
  ({ database, drop } = await makeDatabase({ max: 12 }));
  clock = createFakeClock(start);
  scene = createSendingScene({ database, clock, random: createSeededRandom(7, clock) });
});
afterEach(() => drop());

const seconds = () => (clock.now() - start) / 1_000;

/** Runs the sender once a second of fake time. */
async function runFor(sender: { runDue(): Promise<number> }, forSeconds: number): Promise<void> {
  for (let i = 0; i <= forSeconds; i += 1) {
    await sender.runDue();
    if (i < forSeconds) clock.advance(1_000);
  }
}

describe('limits', () => {
  test(
    'the first page is never delayed; what is due together goes as one message; beyond five texts it waits',
    { timeout: 180_000 },
    async () => {
      const sent: { at: number; summary: string }[] = [];
      const channelId = scene.channel('twilio', (message) => {
        sent.push({ at: seconds(), summary: message.summary });
        return accepted;
      });
      const userId = await scene.person('Ada');
      const way = { via: 'sms' as const, channelId, address: '+491511234567' };
      const sender = scene.sender();
      for (let i = 0; i < 6; i += 1) {
        const incident = await scene.incident({ title: `Trouble ${i}`, alertCount: 2, services: [`s${i}`] });
        await scene.page(incident.id, { userId }, [way]);
        await runFor(sender, 1);
      }
      // One a second, until five have gone.
      expect(sent.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4]);
      for (let i = 6; i < 12; i += 1) {
        const incident = await scene.incident({ title: `Trouble ${i}`, alertCount: 2, services: [`s${i % 3}`] });
        await scene.page(incident.id, { userId }, [way]);
      }
      await runFor(sender, 890);
      expect(sent).toHaveLength(5);
      await runFor(sender, 8);
      expect(sent).toHaveLength(6);
      expect(sent[5]!.at).toBe(900);
      expect(sent[5]!.summary).toMatch(/^14 alerts on 4 services, worst SEV2 INC-6 Trouble 5$/);
      const rows = await database.query<{ status: string; n: number }>(
        `SELECT status, count(*) AS n FROM notification GROUP BY status`,
      );
      expect(rows).toEqual([{ status: 'delivered', n: 12 }]);
      expect(
        (await scene.ledger('limit')).filter((entry) => entry.title.includes('waits until')).length,
      ).toBeGreaterThan(0);
    },
  );

  test('of two servers, the limit of an address holds for both together', async () => {
    let calls = 0;
    const channelId = scene.channel('twilio', () => {
      calls += 1;
      return accepted;
    });
    const userId = await scene.person('Ada');
    const senders = [scene.sender(), scene.sender()];
    for (let i = 0; i < 5; i += 1) {
      await scene.page((await scene.incident()).id, { userId }, [
        { via: 'voice', channelId, address: '+491511234567' },
      ]);
      await Promise.all(senders.map((sender) => sender.runDue()));
    }
    expect(calls).toBe(3);
  });

  test('a channel gets a message for each incident, and its kind sets the pace', async () => {
    const sent: number[] = [];
    const send = () => {
      sent.push(seconds());
      return accepted;
    };
    const channelId = scene.channel('slack', send, { pace: { perSecond: 2, burst: 2 } });
    for (let i = 0; i < 6; i += 1) await scene.page((await scene.incident()).id, { channelId }, [{ via: 'slack' }]);
    await runFor(scene.sender(), 3);
    expect(sent).toEqual([0, 0, 1, 1, 2, 2]);
  });

  test('a provider that hangs delays nobody else', async () => {
    const sent: string[] = [];
    let release = () => {};
    const hang = new Promise<void>((resolve) => (release = resolve));
    const slow = scene.channel('slack', async () => {
      await hang;
      return accepted;
    });
    const quick = scene.channel('webhook', (message) => {
      sent.push(message.id);
      return accepted;
    });
    for (let i = 0; i < 40; i += 1)
      await scene.page((await scene.incident()).id, { channelId: slow }, [{ via: 'slack' }]);
    const { ids } = await scene.page((await scene.incident()).id, { channelId: quick }, [{ via: 'webhook' }]);
    const sender = scene.sender();
    sender.start();
    await until(() => sent.length === 1);
    expect(sent).toEqual(ids);
    release();
    await sender.stop();
  });

  test('who waits in the queue of a channel that takes no more is told the next way within 60 s', async () => {
    const sent: string[] = [];
    const slow = scene.channel('slack', () => accepted, { pace: { perSecond: 0.001, burst: 1 } });
    const quick = scene.channel('webhook', (message) => {
      sent.push(message.id);
      return accepted;
    });
    const pages = [];
    for (const name of ['Ada', 'Grace']) {
      const userId = await scene.person(name);
      pages.push(
        await scene.page((await scene.incident()).id, { userId }, [
          { via: 'slack', channelId: slow, address: name },
          { via: 'webhook', channelId: quick, address: `https://${name}.test/`, after: 600_000 },
        ]),
      );
    }
    const sender = scene.sender();
    await runFor(sender, 57);
    expect(sent).toEqual([]);
    await runFor(sender, 3);
    const [told, waiting] = await Promise.all(pages.map(({ ids }) => scene.notification(ids[0]!)));
    const late = told?.status === 'pending' ? pages[0]! : pages[1]!;
    expect(sent).toEqual([late.ids[1]]);
    expect([told?.status, waiting?.status].toSorted()).toEqual(['delivered', 'pending']);
    // Decided once, and written down once.
    await runFor(sender, 5);
    const moves = (await scene.ledger('delivery')).filter((entry) => entry.detail.startsWith('Due again'));
    expect(moves).toHaveLength(1);
  });

  test('what was left behind by its bundle, because its page was held at that moment, goes by itself', async () => {
    const told: { id: string; numbers: number[] }[] = [];
    let up = false;
    const channelId = scene.channel('twilio', (message) => {
      told.push({ id: message.id, numbers: message.incidents.map((incident) => incident.number) });
      return up ? accepted : refused();
    });
    const userId = await scene.person('Ada');
    const way = { via: 'sms' as const, channelId, address: '+491511234567' };
    const [a, b] = [await scene.incident(), await scene.incident()];
    const first = await scene.page(a.id, { userId }, [way]);
    const held = await scene.page(b.id, { userId }, [way]);
    const sender = scene.sender();
    await sender.runDue();
    up = true;
    clock.advance(15_000);
    await database.withTransaction(async (tx) => {
      await tx.query('SELECT FROM page WHERE id = $1 FOR UPDATE', [held.pageId]);
      await sender.runDue();
    });
    await runFor(sender, 1);
    const [id, ownId] = [first.ids[0]!, held.ids[0]!];
    expect(told).toEqual([
      { id, numbers: [a.number, b.number] },
      { id, numbers: [a.number] },
      { id: ownId, numbers: [b.number] },
    ]);
  });

  test('a bundle whose first page is acknowledged before a retry tells the others as one message, under its own id (R4)', async () => {
    const told: { id: string; numbers: number[] }[] = [];
    let up = false;
    const channelId = scene.channel('twilio', (message) => {
      told.push({ id: message.id, numbers: message.incidents.map((incident) => incident.number) });
      return up ? { ...accepted, arrived: false, ref: 'SM1' } : refused();
    });
    const userId = await scene.person('Ada');
    const way = { via: 'sms' as const, channelId, address: '+491511234567' };
    const [a, b, c] = [await scene.incident(), await scene.incident(), await scene.incident()];
    const { ids } = await scene.page(a.id, { userId }, [way]);
    await scene.page(b.id, { userId }, [way]);
    const last = await scene.page(c.id, { userId }, [way]);
    const sender = scene.sender();
    await sender.runDue();
    await scene.acknowledge(a.id);
    await runFor(sender, 16);
    await scene.acknowledge(b.id);
    up = true;
    await runFor(sender, 50);
    const id = ids[0]!;
    expect(told).toEqual([
      { id, numbers: [a.number, b.number, c.number] },
      { id, numbers: [b.number, c.number] },
      { id, numbers: [c.number] },
    ]);
    const arrived = {
      channelId,
      messageId: id,
      ref: 'SM1',
      result: 'delivered' as const,
      reason: 'the carrier said so',
    };
    expect(await scene.receipts().fromProvider(arrived)).toBe(true);
    expect(await scene.notification(last.ids[0]!)).toMatchObject({ status: 'delivered', bundledInto: null });
  });

  test('what remains of a bundle is placed when nobody holds any of it, so that it keeps its id as one message', async () => {
    const told: { id: string; numbers: number[] }[] = [];
    const channelId = scene.channel('twilio', (message) => {
      told.push({ id: message.id, numbers: message.incidents.map((incident) => incident.number) });
      return refused();
    });
    const userId = await scene.person('Ada');
    const way = { via: 'sms' as const, channelId, address: '+491511234567' };
    const [a, b, c] = [await scene.incident(), await scene.incident(), await scene.incident()];
    const { ids } = await scene.page(a.id, { userId }, [way]);
    for (const incident of [b, c]) await scene.page(incident.id, { userId }, [way]);
    const sender = scene.sender();
    await sender.runDue();
    await scene.acknowledge(a.id);
    await database.withTransaction(async (tx) => {
      await pageStore.end(tx, new Date(clock.now()).toISOString(), [b.id], {
        status: 'acknowledged',
        by: 'Bob',
        userIds: null,
      });
      clock.advance(15_000);
      await sender.runDue();
    });
    await runFor(sender, 1);
    const id = ids[0]!;
    expect(told).toEqual([
      { id, numbers: [a.number, b.number, c.number] },
      { id, numbers: [c.number] },
    ]);
  });
});

test('what was bundled goes on at once, however many are acknowledged together', async () => {
  const channelId = scene.channel('twilio', () => refused());
  const [first, other] = [await scene.incident(), await scene.incident()];
  for (let n = 0; n < 30; n += 1) {
    const userId = await scene.person(`Person ${n}`);
    const way = { via: 'sms' as const, channelId, address: `+4915112345${100 + n}` };
    for (const incident of [first, other]) await scene.page(incident.id, { userId }, [way]);
  }
  const bundled = () =>
    database.query("SELECT FROM notification WHERE status = 'pending' AND bundled_into IS NOT NULL");
  const sender = scene.sender();
  await runFor(sender, 3);
  expect(await bundled()).toHaveLength(30);
  await scene.acknowledge(first.id);
  await sender.runDue();
  expect(await bundled()).toEqual([]);
});

describe('mode', () => {
  test('paused: nothing leaves, it stays due and says why; live again, it goes', async () => {
    let sent = 0;
    const channelId = scene.channel('webhook', () => {
      sent += 1;
      return accepted;
    });
    const { ids } = await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
    scene.state.mode = 'paused';
    const sender = scene.sender();
    await runFor(sender, 2);
    expect(sent).toBe(0);
    expect(await scene.notification(ids[0]!)).toMatchObject({
      status: 'pending',
      lastError: 'Paging is paused; this goes out when it goes on.',
    });
    scene.state.mode = 'live';
    await sender.runDue();
    expect(sent).toBe(1);
  });

  test('nothing is taken for due while another server has moved due times for a clock that this one has yet to see (R3)', async () => {
    let sent = 0;
    const channelId = scene.channel('webhook', () => {
      sent += 1;
      return accepted;
    });
    const { ids } = await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
    scene.state.agrees = false;
    const sender = scene.sender();
    await runFor(sender, 2);
    expect(sent).toBe(0);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'pending', attempts: 0 });
    scene.state.agrees = true;
    await sender.runDue();
    expect(sent).toBe(1);
  });

  test('nor is a lease taken for over: when the database’s clock was set ahead, all of them look so', async () => {
    const userId = await scene.person('Ada');
    scene.state.connected = [userId];
    const { ids } = await scene.page((await scene.incident()).id, { userId }, [{ via: 'desktop' }]);
    const sender = scene.sender();
    await sender.runDue();
    await database.query(`UPDATE notification SET claimed_until = now() - interval '1 hour'`);
    scene.state.agrees = false;
    await sender.runDue();
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'sending', lastError: null });
    scene.state.agrees = true;
    await sender.runDue();
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'pending', lastError: expect.any(String) });
  });

  test('nor is a next try written by it, after a send or a receipt: it would come an hour late', async () => {
    const hour = 3_600_000;
    const provider = scene.channel('twilio', () => {
      scene.state.agrees = false;
      return { ...accepted, arrived: false, ref: 'SM1' };
    });
    const broken = scene.channel('webhook', () => {
      scene.state.agrees = false;
      return refused();
    });
    const userId = await scene.person('Ada');
    /** What waits for the clock; it is set back, the other server moves what is pending, and then this one sees it. */
    const setBackDuring = async (done: Promise<unknown>) => {
      const before = scene.state.inVain;
      await until(() => {
        // Not before it waits for the clock: what it claimed would be too old to be sent.
        if (scene.state.inVain > before) clock.advance(250);
        return scene.state.inVain > before + 1;
      });
      const at = new Date(clock.now() - hour).toISOString();
      await database.withTransaction((tx) => createClockStore(database).move(tx, at, -hour, -hour));
      clock.step(-hour);
      scene.state.agrees = true;
      let over = false;
      void done.finally(() => (over = true));
      await until(() => {
        clock.advance(250);
        return over;
      });
      await done;
    };
    const sent = await scene.page((await scene.incident()).id, { channelId: broken }, [{ via: 'webhook' }]);
    await setBackDuring(scene.sender().runDue());
    const dueIn = async (id: string) => Date.parse((await scene.notification(id)).dueAt) - clock.now();
    expect(await dueIn(sent.ids[0]!)).toBeLessThan(20_000);

    const way = { via: 'sms' as const, channelId: provider, address: '+491511234567' };
    const text = await scene.page((await scene.incident()).id, { userId }, [way]);
    await setBackDuring(scene.sender().runDue());
    scene.state.agrees = false;
    const word = { channelId: provider, messageId: null, ref: 'SM1', reason: 'undelivered', result: 'failed' } as const;
    await setBackDuring(scene.receipts().fromProvider(word));
    expect(await scene.notification(text.ids[0]!)).toMatchObject({ status: 'pending' });
    expect(await dueIn(text.ids[0]!)).toBeLessThan(20_000);
  });

  test('shadow: what is due is written down as such and never sent', async () => {
    let sent = 0;
    const channelId = scene.channel('webhook', () => {
      sent += 1;
      return accepted;
    });
    const { ids } = await scene.page((await scene.incident()).id, { channelId }, [{ via: 'webhook' }]);
    scene.state.mode = 'shadow';
    await runFor(scene.sender(), 2);
    scene.state.mode = 'live';
    await runFor(scene.sender(), 2);
    expect(sent).toBe(0);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'shadow' });
  });
});

describe('desktop', () => {
  test('a client shows it and says so', async () => {
    const userId = await scene.person('Ada');
    scene.state.connected = [userId];
    const { ids } = await scene.page((await scene.incident()).id, { userId }, [{ via: 'desktop' }]);
    await scene.sender().runDue();
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'sending' });
    await expect(
      scene
        .receipts()
        .fromClient(await scene.person('Mallory'), { notificationId: ids[0]!, result: 'shown', reason: '' }),
    ).rejects.toThrow('for you');
    await scene.receipts().fromClient(userId, { notificationId: ids[0]!, result: 'shown', reason: '' });
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'delivered' });
  });

  test('without a client it fails at once, is tried again, and the next way goes within 60 s', async () => {
    const sent: number[] = [];
    const mail = scene.channel('email', () => {
      sent.push(seconds());
      return accepted;
    });
    const userId = await scene.person('Ada');
    const { ids } = await scene.page((await scene.incident()).id, { userId }, [
      { via: 'desktop' },
      { via: 'email', channelId: mail, address: 'a@b.c', after: 300_000 },
    ]);
    const sender = scene.sender();
    await runFor(sender, 2);
    expect(await scene.notification(ids[0]!)).toMatchObject({
      status: 'pending',
      lastError: 'no desktop is connected',
    });
    // Connected to another server meanwhile.
    const other = scene.sender({ connectedUsers: () => [userId] });
    await other.runDue();
    await runFor(sender, 14);
    expect(await scene.notification(ids[0]!)).toMatchObject({ status: 'sending', attempts: 2 });
    await runFor(sender, 44);
    expect(sent).toEqual([58]);
  });

  test('a client that says nothing counts as a failed try', async () => {
    const userId = await scene.person('Ada');
    scene.state.connected = [userId];
    const { ids } = await scene.page((await scene.incident()).id, { userId }, [{ via: 'desktop' }]);
    const sender = scene.sender({ receiptWaitMs: 50 });
    await sender.runDue();
    await until(async () => {
      await sender.runDue();
      return (await scene.notification(ids[0]!)).status === 'pending';
    });
    expect(await scene.notification(ids[0]!)).toMatchObject({ lastError: 'no desktop showed it within a minute' });
  });
});

describe('what a provider says later', () => {
  test('that it arrived, or did not: then it is tried again, for all that was told with it', async () => {
    let up = true;
    const channelId = scene.channel('twilio', () =>
      up ? { ...accepted, arrived: false, ref: 'SM1' } : { ...accepted, arrived: false, ref: 'SM2' },
    );
    const userId = await scene.person('Ada');
    const way = { via: 'sms' as const, channelId, address: '+491511234567' };
    const one = await scene.page((await scene.incident()).id, { userId }, [way]);
    const two = await scene.page((await scene.incident()).id, { userId }, [way]);
    const sender = scene.sender();
    await sender.runDue();
    const statuses = async () => [
      (await scene.notification(one.ids[0]!)).status,
      (await scene.notification(two.ids[0]!)).status,
    ];
    expect(await statuses()).toEqual(['sent', 'sent']);
    const receipts = scene.receipts();
    const word = { channelId, messageId: null, ref: 'SM1', reason: 'undelivered, error 30003' };
    expect(await receipts.fromProvider({ ...word, ref: 'SM9', result: 'failed' })).toBe(false);
    expect(await receipts.fromProvider({ ...word, result: 'failed' })).toBe(true);
    expect(await statuses()).toEqual(['pending', 'pending']);
    up = false;
    await runFor(sender, 15);
    expect(await statuses()).toEqual(['sent', 'sent']);
    expect(await receipts.fromProvider({ ...word, ref: '', messageId: one.ids[0]!, result: 'delivered' })).toBe(true);
    expect(await statuses()).toEqual(['delivered', 'delivered']);
    expect((await scene.ledger('receipt')).map((entry) => entry.title)).toEqual([
      'Sms to somebody: it did not arrive',
      'Sms to somebody: it did not arrive',
      'Sms to somebody: it arrived',
      'Sms to somebody: it arrived',
    ]);
  });
});

test('what a provider echoes of a message about incidents of several audiences is in no ledger', async () => {
  const channelId = scene.channel('twilio', (message) => ({ ...accepted, response: message.text }));
  const userId = await scene.person('Ada');
  const way = { via: 'sms' as const, channelId, address: '+491511234599' };
  const hidden = await scene.incident({
    title: 'Hidden trouble',
    restrictedTo: ['00000000-0000-4000-8000-0000000000ab'],
  });
  const shown = await scene.incident({ title: 'Open trouble' });
  for (const incident of [hidden, shown]) await scene.page(incident.id, { userId }, [way]);
  await runFor(scene.sender(), 2);
  const attempts = await scene.ledger('attempt');
  expect(attempts).toHaveLength(2);
  expect(JSON.stringify(attempts)).not.toContain('trouble');
});

test('a restricted incident is told to outsiders without what it says', async () => {
  const texts: string[] = [];
  const channelId = scene.channel('webhook', (message) => {
    texts.push(JSON.stringify(message));
    return accepted;
  });
  const incident = await scene.incident({
    title: 'Payroll leak',
    impact: 'secret',
    restrictedTo: ['00000000-0000-4000-8000-0000000000aa'],
  });
  await scene.page(incident.id, { channelId }, [{ via: 'webhook' }]);
  await scene.sender().runDue();
  expect(texts[0]).toContain('A restricted incident');
  expect(texts[0]).not.toMatch(/Payroll|secret"/);
});

/** Until it is so. */
async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(done, { interval: 5 }).toBe(true);
}
