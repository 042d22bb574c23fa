// What this machine keeps of a server while nobody has it open: who was signed in there, and their copy of its data.
import { z } from 'zod';
import { PermissionRole } from '#server/contract/people.ts';
import { forgetPersonal, personalKey } from './personal-state.ts';
import { createDexieStorage } from './replica/dexie-storage.ts';
import { isUnsent } from './replica/outbox-runner.ts';
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
  window.localStorage.setItem(personalKey('me', serverUrl), JSON.stringify(me));
}

/** Tells server and person apart: the name of the database that holds the copy. */
export function copyName(serverUrl: string, userId: string): string {
  return `tocsin ${serverUrl} ${userId}`;
}

/** What was done there and never reached the server. */
export async function unsentAt(serverUrl: string): Promise<number> {
  const me = remembered(serverUrl);
  if (me === null) return 0;
  const storage = createDexieStorage(copyName(serverUrl, me.id));
  try {
    return (await storage.loadOutbox()).filter(isUnsent).length;
  } finally {
    storage.close();
  }
}

/** As a sign-out does it. */
export async function forgetServer(serverUrl: string): Promise<void> {
  const me = remembered(serverUrl);
  if (me !== null) await createDexieStorage(copyName(serverUrl, me.id)).wipe();
  forgetPersonal(window.localStorage, serverUrl);
}
