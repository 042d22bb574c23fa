// One outbox for all windows of a person: the writer holds and sends it, the others store what they make and hand it
// over, so that the order within an incident is one order and nothing is sent twice.
import type { OutboxItem } from './outbox.ts';
import type { Outbox } from './outbox-runner.ts';
import type { OutboxCall, Windows } from './windows.ts';

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

  const stop = windows.onMessage((message) => {
    switch (message.kind) {
      case 'outbox': {
        if (windows.writes()) return;
        for (const item of message.items) handedOver.delete(item.intent.id);
        own.mirror([...message.items, ...handedOver.values()]);
        return;
      }
      case 'settled':
        if (!windows.writes()) own.answered(message.item, message.result);
        return;
      case 'take':
        if (!windows.writes()) return;
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
    if (what.call === 'edit') return (await own.edit(what.id, what.action)).ok;
    await own[what.call](what.id);
    return true;
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

  /** What an operation made here goes to the writer; what it replaced is dropped there too. */
  async function handOver<T>(operation: () => Promise<T>): Promise<T> {
    if (windows.writes()) return operation();
    const before = new Map(own.items().map((item) => [item.intent.id, item]));
    const result = await operation();
    const made = own.items().filter((item) => !before.has(item.intent.id));
    const left = new Set(own.items().map((item) => item.intent.id));
    for (const item of made) {
      handedOver.set(item.intent.id, item);
      windows.post({ kind: 'take', item });
    }
    for (const id of before.keys())
      if (!left.has(id)) windows.post({ kind: 'do', ask: id, what: { call: 'discard', id } });
    if (made.length > 0) {
      after(answerMs, () => {
        if (made.some((item) => handedOver.has(item.intent.id))) windows.takeOver();
      });
    }
    return result;
  }

  return {
    ...own,
    submit: (action, options) => handOver(() => own.submit(action, options)),
    refuse: (action, reason) => handOver(() => own.refuse(action, reason)),
    actNow: (id) => handOver(() => own.actNow(id)),
    async draft(action, id) {
      if (id === undefined || windows.writes()) return handOver(() => own.draft(action, id));
      return ask({ call: 'edit', id, action });
    },
    async confirm(id) {
      await (windows.writes() ? own.confirm(id) : ask({ call: 'confirm', id }));
    },
    async discard(id) {
      await (windows.writes() ? own.discard(id) : ask({ call: 'discard', id }));
    },
    async applyAgain(id) {
      await (windows.writes() ? own.applyAgain(id) : ask({ call: 'applyAgain', id }));
    },
    async edit(id, action) {
      if (windows.writes()) return own.edit(id, action);
      const done = await ask({ call: 'edit', id, action });
      return done
        ? { ok: true, id, settled: Promise.resolve(null) }
        : { ok: false, reason: 'it is already on its way' };
    },
    forget(ids) {
      if (windows.writes()) own.forget(ids);
    },
    isForeign: (id) => foreign.has(id),
    tell,
    async becomeWriter() {
      const known = new Map((await deps.stored()).map((item) => [item.intent.id, item]));
      for (const item of handedOver.values()) if (!known.has(item.intent.id)) known.set(item.intent.id, item);
      handedOver.clear();
      own.load([...known.values()].sort((a, b) => a.place - b.place));
      own.pump();
    },
    close: stop,
  };
}
