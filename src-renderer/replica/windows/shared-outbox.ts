// One outbox for all windows of a person: the writer holds and sends it, the others store what they make and hand it
// over, so that the order within an incident is one order and nothing is sent twice.
import type { OutboxItem } from '../outbox/outbox.ts';
import type { Outbox } from '../outbox/outbox-runner.ts';
import { isKnown } from './unread-items.ts';
import type { OutboxCall, Windows } from './windows.ts';
import { t } from '../../language/words.ts';

export interface SharedOutboxDeps {
  own: Outbox;
  windows: Windows;
  uuid: () => string;
  after: (ms: number, callback: () => void) => () => void;
  /** What is stored, for a window that becomes the writer. */
  stored: () => Promise<OutboxItem[]>;
}

export interface SharedOutbox extends Outbox {
  /** True for an action that another window made: that one tells its person how it went. */
  isForeign(id: string): boolean;
  /** Tells the other windows what is queued. */
  tell(): void;
  /** What this window made goes to the one that sends; what it dropped is dropped there too. */
  handOver(made: readonly OutboxItem[], dropped: readonly string[]): void;
  /** This window writes and sends from now on. */
  becomeWriter(): Promise<void>;
  close(): void;
}

const answerMs = 3_000;

export function createSharedOutbox(deps: SharedOutboxDeps): SharedOutbox {
  const { own, windows, after } = deps;
  /** Stored here, and not yet seen in what the writer holds. */
  const handedOver = new Map<string, OutboxItem>();
  const foreign = new Set<string>();
  let loaded = (): void => undefined;
  /** What is stored is held here: anything done to it sooner would be undone by that. */
  let takenUp = new Promise<void>((resolve) => (loaded = resolve));

  const stop = windows.onMessage((message) => {
    switch (message.kind) {
      case 'outbox': {
        if (windows.writes()) return;
        for (const item of message.items) handedOver.delete(item.intent.id);
        own.mirror([...message.items.filter(isKnown), ...handedOver.values()]);
        return;
      }
      case 'settled':
        if (!windows.writes()) own.answered(message.item, message.result);
        return;
      case 'take':
        // What a newer window made stays where it stored it: nobody answers, and that window takes over.
        if (!windows.writes() || !isKnown(message.item)) return;
        foreign.add(message.item.intent.id);
        void own.take(message.item).catch(() => undefined);
        return;
      case 'do':
        if (windows.writes()) void answer(message.ask, message.what);
        return;
      case 'listen':
        // A window has opened, or was held up: it gets the outbox as it is.
        tell();
        return;
      default:
        return;
    }
  });

  function tell(): void {
    if (windows.writes()) windows.post({ kind: 'outbox', items: own.items() });
  }

  async function answer(ask: string, what: OutboxCall): Promise<void> {
    const done = await run(what).catch(() => false);
    windows.post({ kind: 'done', ask, answer: done ? 'ok' : 'refused' });
  }

  async function run(what: OutboxCall): Promise<boolean> {
    await takenUp;
    // Another window took over while this one read what is stored.
    if (!windows.writes()) return ask(what);
    switch (what.call) {
      case 'edit': {
        const { action, id } = what;
        const item = own.items().find(({ intent }) => intent.id === id);
        const isDraft = item === undefined || item.state === 'draft';
        if (isDraft && action.kind === 'incident.declare') return own.draft(action, id);
        return (await own.edit(id, action)).ok;
      }
      case 'applyAgain':
        await own.applyAgain(what.id, what.as);
        return true;
      case 'confirm':
      case 'discard':
        await own[what.call](what.id);
        return true;
    }
  }

  function carryOut(what: OutboxCall): Promise<boolean> {
    return windows.writes() ? run(what) : ask(what);
  }

  /** Asks the writer; one that is silent is replaced, and then this window does it itself. */
  function ask(what: OutboxCall): Promise<boolean> {
    const id = deps.uuid();
    return new Promise((resolve) => {
      const finish = (done: boolean | Promise<boolean>): void => {
        cancel();
        stopWaiting();
        stopWatching();
        resolve(done);
      };
      const stopWaiting = windows.onMessage((message) => {
        if (message.kind === 'done' && message.ask === id) finish(message.answer === 'ok');
      });
      const stopWatching = windows.onChange((writes) => {
        if (writes) finish(run(what));
      });
      const cancel = after(answerMs, () => windows.takeOver());
      windows.post({ kind: 'do', ask: id, what });
    });
  }

  async function takeUp(): Promise<void> {
    const stored = await deps.stored();
    handedOver.clear();
    // What is shown and not stored, because the disk was full, comes after it and is stored now.
    own.load(stored.toSorted((a, b) => a.place - b.place));
    own.pump();
  }

  function handOver(made: readonly OutboxItem[], dropped: readonly string[]): void {
    if (windows.writes()) return;
    for (const item of made) {
      handedOver.set(item.intent.id, item);
      windows.post({ kind: 'take', item });
    }
    for (const id of dropped) windows.post({ kind: 'do', ask: id, what: { call: 'discard', id } });
    if (made.length === 0) return;
    after(answerMs, () => {
      if (made.some((item) => handedOver.has(item.intent.id))) windows.takeOver();
    });
  }

  return {
    ...own,
    load(items) {
      own.load(items);
      loaded();
    },
    async actNow(id) {
      await takenUp;
      return own.actNow(id);
    },
    async draft(action, id) {
      if (id === undefined) return own.draft(action);
      return carryOut({ call: 'edit', id, action });
    },
    async confirm(id) {
      await carryOut({ call: 'confirm', id });
    },
    async discard(id) {
      await carryOut({ call: 'discard', id });
    },
    async applyAgain(id, as = deps.uuid()) {
      await carryOut({ call: 'applyAgain', id, as });
    },
    async edit(id, action) {
      return (await carryOut({ call: 'edit', id, action }))
        ? { ok: true, id, settled: Promise.resolve(null) }
        : { ok: false, reason: t`it is already on its way` };
    },
    forget(ids) {
      if (windows.writes()) own.forget(ids);
    },
    isForeign: (id) => foreign.has(id),
    tell,
    handOver,
    becomeWriter() {
      const taking = takeUp();
      takenUp = taking.catch(() => undefined);
      return taking;
    },
    close: stop,
  };
}
