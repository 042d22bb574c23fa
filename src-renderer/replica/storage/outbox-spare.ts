// The outbox once more, in the browser's other store. Both databases lie in one folder of files, and where a single byte of
// it is bad the browser may throw away all that it reads in there, without a word to the page.
import { keepText } from '../../personal-state.ts';
import type { StoredItem } from './dexie-records.ts';

export interface OutboxSpare {
  /** As much as there is room for. */
  put(items: readonly StoredItem[]): void;
  remove(ids: Iterable<string>): void;
  all(): StoredItem[];
  clear(): void;
  /** False where the browser has no such store. */
  readonly kept: boolean;
}

/** `name` is that of the databases, of server and person; a sign-out finds what stands here by the server (personal-state.ts). */
export function createOutboxSpare(name: string, storage: Storage | null): OutboxSpare {
  const beginning = `${name.replace(/^tocsin /, 'tocsin.queued ')} `;

  function names(): string[] {
    const all = Array.from({ length: storage?.length ?? 0 }, (_, index) => storage?.key(index) ?? '');
    return all.filter((each) => each.startsWith(beginning));
  }

  return {
    kept: storage !== null,
    put(items) {
      if (storage === null) return;
      for (const { id, text, sum } of items) keepText(storage, beginning + id, `${sum} ${text}`);
    },
    remove(ids) {
      for (const id of ids) storage?.removeItem(beginning + id);
    },
    all: () =>
      names().map((each) => {
        const [sum = '', ...rest] = (storage?.getItem(each) ?? '').split(' ');
        return { id: each.slice(beginning.length), text: rest.join(' '), sum: Number(sum) };
      }),
    clear() {
      for (const each of names()) storage?.removeItem(each);
    },
  };
}

/** Null where the browser keeps nothing for this page. */
export function spareStore(): Storage | null {
  try {
    return typeof window === 'undefined' ? null : window.localStorage;
  } catch {
    return null;
  }
}
