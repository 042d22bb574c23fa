// What this machine keeps of a server while nobody has it open: who was signed in there, and their copy of its data.
import { z } from 'zod';
import { PermissionRole } from '#server/contract/people.ts';
import { forgetPersonal, keepText, personalKey } from './personal-state.ts';
import { createDexieStorage } from './replica/storage/dexie-storage.ts';
import { isUnsent } from './replica/outbox/outbox-runner.ts';
import type { Me } from './session.tsx';

const Remembered = z.object({
  id: z.string(),
  name: z.string(),
  login: z.string(),
  role: PermissionRole,
  teamIds: z.array(z.string()),
  organisationName: z.string(),
});

export function remembered(serverUrl: string): Me | null {
  try {
    const parsed = Remembered.safeParse(
      JSON.parse(window.localStorage.getItem(personalKey('me', serverUrl)) ?? 'null'),
    );
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

export function remember(serverUrl: string, me: Me): void {
  keepText(window.localStorage, personalKey('me', serverUrl), JSON.stringify(me));
}

/** Tells server and person apart: the name of the database that holds the copy. */
export function copyName(serverUrl: string, userId: string): string {
  return `tocsin ${serverUrl} ${userId}`;
}

/** What was done there, by whomever, and never reached the server. */
export async function unsentAt(serverUrl: string): Promise<number> {
  const each = await Promise.all((await copiesOf(serverUrl)).map(unsentIn));
  return each.reduce((sum, one) => sum + one, 0);
}

/** As a sign-out does it, for everybody who was signed in there. */
export async function forgetServer(serverUrl: string): Promise<void> {
  for (const name of await copiesOf(serverUrl)) leave(name);
  forgetPersonal(window.localStorage, serverUrl);
  await finishLeaving();
}

/** Somebody else signed in: what this person never sent waits for them, and nothing else of theirs stays. */
export async function leaveBehind(serverUrl: string, userId: string): Promise<void> {
  const name = copyName(serverUrl, userId);
  if ((await unsentIn(name)) > 0) return;
  leave(name);
  await finishLeaving();
}

/** From here on this copy is to be deleted, also where the program ends before that is done. */
export function leave(name: string): void {
  keepLeaving([...leaving().filter((one) => one !== name), name]);
}

/** Deletes what is to be deleted. */
export async function finishLeaving(): Promise<void> {
  for (const name of leaving()) {
    await createDexieStorage(name).wipe();
    keepLeaving(leaving().filter((one) => one !== name));
  }
}

async function unsentIn(name: string): Promise<number> {
  const storage = createDexieStorage(name);
  try {
    const { outbox, unread } = await storage.loadOutbox();
    return outbox.filter(isUnsent).length + unread.length;
  } finally {
    storage.close();
  }
}

/** The copies of everybody who was ever signed in there and did not sign out; where the browser does not list them, of the last. */
async function copiesOf(serverUrl: string): Promise<string[]> {
  const { databases } = indexedDB as Partial<IDBFactory>;
  const me = remembered(serverUrl);
  if (databases === undefined) return me === null ? [] : [copyName(serverUrl, me.id)];
  const beginning = copyName(serverUrl, '');
  const names = (await databases.call(indexedDB)).map(({ name = '' }) => name.replace(/-outbox$/, ''));
  return [...new Set(names.filter((name) => name.startsWith(beginning)))];
}

/** No name of a server in it: it outlives what is forgotten with one. */
const leavingKey = 'tocsin.leaving';
/** What this window has to delete where the browser takes no note of it. */
let unnoted: readonly string[] = [];

function leaving(): string[] {
  try {
    const noted = z.array(z.string()).parse(JSON.parse(window.localStorage.getItem(leavingKey) ?? '[]'));
    return [...new Set([...noted, ...unnoted])];
  } catch {
    return [...unnoted];
  }
}

function keepLeaving(names: readonly string[]): void {
  unnoted = [];
  if (names.length === 0) window.localStorage.removeItem(leavingKey);
  else if (!keepText(window.localStorage, leavingKey, JSON.stringify(names))) unnoted = names;
}
