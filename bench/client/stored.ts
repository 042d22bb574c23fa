// The client's own copy in the browser's database, read beside it.
import type { Page } from 'playwright-core';

/** How many rows of a kind the copy holds. */
export async function storedRows(page: Page, entity: string): Promise<number> {
  return (await page.evaluate(`(${inCopy})(${JSON.stringify(entity)}, (index, key) => index.count(key))`)) as number;
}

/** Each row's version by its id. */
export async function storedVersions(page: Page, entity: string): Promise<Map<string, number>> {
  const rows = (await page.evaluate(`(${inCopy})(${JSON.stringify(entity)}, (index, key) => index.getAll(key))
    .then((rows) => (rows ?? []).map(({ id, text }) => [id, JSON.parse(text).version]))`)) as [string, number][];
  return new Map(rows);
}

const inCopy = `async (entity, ask) => {
  const name = (await indexedDB.databases()).map((each) => each.name).find((each) => each.startsWith('tocsin ') && !each.endsWith('-outbox'));
  if (name === undefined) return 0;
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  try {
    const request = ask(database.transaction('rows').objectStore('rows').index('entity'), entity);
    return await new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    database.close();
  }
}`;
