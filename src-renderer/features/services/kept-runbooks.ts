// Runbooks that a person keeps on their machines: the catalog comes without them, because ten thousand would not fit.
import { z } from 'zod';

export interface RunbookStore {
  readDraft(key: string): Promise<string | null>;
  writeDraft(key: string, text: string | null): Promise<void>;
}

export interface KeepDeps {
  store: RunbookStore;
  /** The text now, from the server; rejects without one. */
  fetch: (serviceName: string) => Promise<string>;
  /** False once nobody wants the answer any more. */
  wanted: () => boolean;
}

const KeptRunbook = z.object({ version: z.int(), text: z.string() });
export type KeptRunbook = z.infer<typeof KeptRunbook>;

const Ids = z.array(z.string());
const indexKey = 'runbooks';
const keyOf = (serviceId: string): string => `runbook:${serviceId}`;

export async function readRunbook(store: RunbookStore, serviceId: string): Promise<KeptRunbook | null> {
  return parsed(KeptRunbook, await store.readDraft(keyOf(serviceId)));
}

/** Brings what is kept to what is pinned: fetches what is missing or changed, forgets what is not pinned any more. */
export async function keepRunbooks(
  pinned: readonly { id: string; name: string; version: number; hasRunbook: boolean }[],
  { store, fetch, wanted }: KeepDeps,
): Promise<void> {
  const before = parsed(Ids, await store.readDraft(indexKey)) ?? [];
  const ids = pinned.map(({ id }) => id);
  // Named before they are there, so that none is left behind that no list knows of.
  await store.writeDraft(indexKey, JSON.stringify([...new Set([...before, ...ids])]));
  for (const { id, name, version, hasRunbook } of pinned) {
    const kept = await readRunbook(store, id);
    if (kept?.version === version) continue;
    const text = hasRunbook ? await fetch(name) : '';
    if (!wanted()) return;
    await store.writeDraft(keyOf(id), JSON.stringify({ version, text }));
  }
  for (const id of before) if (!ids.includes(id)) await store.writeDraft(keyOf(id), null);
  await store.writeDraft(indexKey, JSON.stringify(ids));
}

function parsed<T>(shape: z.ZodType<T>, text: string | null): T | null {
  if (text === null) return null;
  try {
    return shape.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
