// The client's own copy in the browser's database, read beside it.
import type { Page } from 'playwright-core';

/** How many rows of a kind the copy holds. */
export async function storedRows(page: Page, entity: string): Promise<number> {
  return (await page.evaluate(
    `(${inCopy})(${JSON.stringify(entity)}, (index, key) => index.count(key)).then((count) => count ?? 0)`,
  )) as number;
}

/** Each row's version by its id. */
export async function storedVersions(page: Page, entity: string): Promise<Map<string, number>> {
  const rows = (await page.evaluate(`(${inCopy})(${JSON.stringify(entity)}, (index, key) => index.getAll(key))
    .then((rows) => (rows ?? []).map(({ id, text }) => [id, JSON.parse(text).version]))`)) as [string, number][];
  return new Map(rows);
}

/** Where in the feed the copy stands; null while it has no place. Reading it costs the page next to nothing. */
export async function storedPlace(page: Page): Promise<string | null> {
  return (await page.evaluate(`(${inCopy})('position', (facts, key) => facts.get(key), 'facts')
    .then((fact) => fact?.text ?? null)`)) as string | null;
}

const inCopy = `async (key, ask, store = 'rows') => {
  const name = (await indexedDB.databases()).map((each) => each.name).find((each) => each.startsWith('tocsin ') && !each.endsWith('-outbox'));
  if (name === undefined) return undefined;
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  try {
    const held = database.transaction(store).objectStore(store);
    const request = ask(store === 'rows' ? held.index('entity') : held, key);
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}`;
