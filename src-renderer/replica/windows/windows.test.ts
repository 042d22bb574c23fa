import { describe, expect, it } from 'vitest';
import { createDesk, deskIncident, textsOf } from '../../testkit/desk.ts';

describe('two windows of one person', () => {
  it('share one writer and one stream, and both show what the center says', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    expect([first.windows.writes(), second.windows.writes()]).toEqual([true, false]);
    expect(desk.streams()).toBe(1);
    desk.server.touch(deskIncident);
    await desk.timers.advance(2_000);
    const now = desk.server.row('incident', deskIncident);
    expect(first.replica.view.visible('incident', deskIncident)).toEqual(now);
    expect(second.replica.view.visible('incident', deskIncident)).toEqual(now);
    expect(second.replica.store.getState().connection.reachable).toBe(true);
  });

  it('send in the order in which the actions were made, each once, and each window hears of its own', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(3_000);
    expect(second.replica.store.getState().connection.reachable).toBe(false);
    const expected: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      const text = `note ${index}`;
      expected.push(text);
      await (index % 2 === 0 ? first : second).note(text);
      await desk.timers.advance(10);
    }
    expect(first.replica.outbox.items()).toHaveLength(6);
    expect(second.replica.outbox.items()).toHaveLength(6);
    desk.setOnline(true);
    first.replica.stream.kick();
    await desk.timers.advance(20_000);
    expect(textsOf(desk.sent)).toEqual(expected);
    expect(first.replica.outbox.items()).toEqual([]);
    expect(second.replica.outbox.items()).toEqual([]);
    const heard = (window: typeof first) =>
      window.news.flatMap((each) =>
        each.kind === 'settled' && each.item.intent.action.kind === 'incident.note'
          ? [each.item.intent.action.text]
          : [],
      );
    expect(heard(first)).toEqual(['note 0', 'note 2', 'note 4']);
    expect(heard(second)).toEqual(['note 1', 'note 3', 'note 5']);
  });

  it('go on when the writer dies: the other sends what was left, and nothing twice', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(2_000);
    await first.note('of the first');
    await second.note('of the second');
    await desk.timers.advance(10);
    first.kill();
    desk.setOnline(true);
    await desk.timers.advance(40_000);
    expect(second.windows.writes()).toBe(true);
    expect(textsOf(desk.sent)).toEqual(['of the first', 'of the second']);
    expect(second.replica.outbox.items()).toEqual([]);
    const stored = await desk.storage.load(() => undefined);
    expect(stored.outbox).toEqual([]);
    expect(stored.rows.find(({ row }) => row.id === deskIncident)?.row).toEqual(
      desk.server.row('incident', deskIncident),
    );
  });

  it('do not wait for a writer that is frozen: the window that acts takes its place', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    first.freeze();
    await second.note('acknowledging matters now');
    await desk.timers.advance(20_000);
    expect(second.windows.writes()).toBe(true);
    expect(textsOf(desk.sent)).toEqual(['acknowledging matters now']);
  });

  it('let a reader discard and confirm what the writer holds', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(3_000);
    const kept = await first.note('kept');
    const dropped = await first.note('dropped');
    await desk.timers.advance(10);
    const gone = second.replica.outbox.discard(dropped.ok ? dropped.id : '');
    await desk.timers.advance(10);
    await gone;
    await desk.timers.advance(10);
    expect(first.replica.outbox.items().map((item) => item.intent.id)).toEqual([kept.ok ? kept.id : '']);
    expect(second.replica.outbox.items().map((item) => item.intent.id)).toEqual([kept.ok ? kept.id : '']);
  });

  it('do not send what a reader discarded while the writer was frozen', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(3_000);
    const dropped = await first.note('dropped');
    await desk.timers.advance(10);
    first.freeze();
    const gone = second.replica.outbox.discard(dropped.ok ? dropped.id : '');
    await desk.timers.advance(5_000);
    await gone;
    desk.setOnline(true);
    second.replica.stream.kick();
    await desk.timers.advance(20_000);
    expect([second.windows.writes(), second.replica.outbox.items(), textsOf(desk.sent)]).toEqual([true, [], []]);
    expect((await desk.storage.loadOutbox()).outbox).toEqual([]);
  });

  it('show what is now where the disk has long been full, and not what was stored then', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    desk.fill();
    desk.server.touch(deskIncident);
    // Longer than the messages are kept that would lead on from what is stored.
    await desk.timers.advance(200_000);
    const second = desk.open();
    await desk.timers.advance(5_000);
    expect([first.windows.writes(), second.windows.writes()]).toEqual([true, false]);
    expect(second.replica.view.visible('incident', deskIncident)).toEqual(desk.server.row('incident', deskIncident));
    expect(second.replica.store.getState().connection.reachable).toBe(true);
  });

  it('hand over what they made themselves, whatever the writer does meanwhile', async () => {
    const desk = createDesk();
    const first = desk.open();
    await desk.timers.advance(1_000);
    const second = desk.open();
    await desk.timers.advance(1_000);
    desk.setOnline(false);
    await desk.timers.advance(3_000);
    await first.note('there before');
    await desk.timers.advance(10);
    // While the second one stores its own, the first makes another: it must not become the second's.
    const slow = second.note('of the second');
    const own = first.note('of the first');
    await Promise.all([slow, own]);
    await desk.timers.advance(10);
    desk.setOnline(true);
    first.replica.stream.kick();
    await desk.timers.advance(20_000);
    const heard = (window: typeof first) => window.news.filter(({ kind }) => kind === 'settled').length;
    expect([heard(first), heard(second)]).toEqual([2, 1]);
    expect(textsOf(desk.sent).toSorted()).toEqual(['of the first', 'of the second', 'there before']);
  });

  it('of two versions: what only the newer one understands the older one leaves to it', async () => {
    const desk = createDesk();
    const older = desk.open();
    await desk.timers.advance(1_000);
    await older.note('known');
    const [known] = older.replica.outbox.items();
    if (known === undefined) throw new Error('nothing is queued');
    const action = { kind: 'incident.foretell', incidentId: deskIncident } as never;
    const unknown = { ...known, intent: { ...known.intent, id: 'of a newer window', action } };
    desk.say({ kind: 'take', item: unknown });
    await desk.timers.advance(1_000);
    expect(older.replica.outbox.items().map(({ intent }) => intent.id)).not.toContain('of a newer window');
    desk.server.touch(deskIncident);
    await desk.timers.advance(2_000);
    expect(older.replica.view.visible('incident', deskIncident)).toEqual(desk.server.row('incident', deskIncident));
  });
});
