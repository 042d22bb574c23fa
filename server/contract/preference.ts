// What a person set up for themselves and finds on every machine they sign in on. What belongs to one machine (theme,
// density, the wall's size) stays there and is no part of this.
import { z } from 'zod';
import { Id, Instant } from '#server/contract/primitives.ts';

/** A command's name, such as `acknowledge` or `list.next`; the client knows which there are. */
const CommandName = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)*$/)
  .max(80);
/** In the notation of the client's key bindings: `a`, `g h`, `Shift+A`, `$mod+Enter`. */
const Keys = z.string().trim().min(1).max(40);

export const pinsMax = 9;
export const mutedMax = 100;
export const keptRunbooksMax = 50;
/** Items of the inbox whose state differs from that of their time. */
export const inboxExceptionsMax = 300;

/** Where a person's inbox stands: what is not newer than `readAt` is read, but for the exceptions, which are the reverse. */
export const InboxMarks = z.object({
  readAt: Instant.nullable(),
  except: z.array(z.string().max(120)).max(inboxExceptionsMax),
});
export type InboxMarks = z.infer<typeof InboxMarks>;

export const PreferenceSetting = z.discriminatedUnion('name', [
  /** `keys: null`: none at all; `choice: null`: the keys the command comes with. */
  z.object({
    name: z.literal('keys'),
    command: CommandName,
    choice: z.object({ keys: Keys.nullable() }).nullable(),
  }),
  /** Whether keys without a modifier do anything (WCAG 2.1.4). */
  z.object({ name: z.literal('single-keys'), on: z.boolean() }),
  /** Incidents in reach of one key, in their order. */
  z.object({ name: z.literal('pins'), incidentIds: z.array(Id).max(pinsMax) }),
  z.object({ name: z.literal('inbox'), marks: InboxMarks }),
  /** Incidents that tell this person nothing but their pages. */
  z.object({ name: z.literal('muted'), incidentIds: z.array(Id).max(mutedMax) }),
  /** Services whose runbook is kept on every machine of this person, for when there is no network. */
  z.object({ name: z.literal('runbooks'), serviceIds: z.array(Id).max(keptRunbooksMax) }),
]);
export type PreferenceSetting = z.infer<typeof PreferenceSetting>;

/** One row a person, private. Each value carries when it was chosen, so that two machines never quarrel over it. */
export const Preference = z.object({
  /** The person's. */
  id: Id,
  version: z.int(),
  values: z.record(z.string().max(100), z.object({ at: Instant, value: z.unknown() })),
});
export type Preference = z.infer<typeof Preference>;

/** Values of one person, at most; far more than there are commands. */
export const preferenceValuesMax = 500;

/** The row after a setting: of two choices about the same thing the later one stands. Null where that is the one known. */
export function withSetting(
  before: Preference | null,
  userId: string,
  setting: PreferenceSetting,
  at: string,
): Preference | null {
  const { key, value } = flat(setting);
  const known = before?.values[key];
  if (known !== undefined && known.at > at) return null;
  return {
    id: userId,
    version: (before?.version ?? 0) + 1,
    values: { ...before?.values, [key]: { at, value } },
  };
}

export interface PreferenceValues {
  /** By command; commands with the keys they come with are left out. */
  keymap: Record<string, string | null>;
  /** Null where the person never chose. */
  singleKeys: boolean | null;
  pins: string[];
  inbox: InboxMarks;
  muted: string[];
  runbooks: string[];
}

/** What this version of the program can read of it; the rest stays where it is. */
export function valuesOf(preference: Preference | undefined): PreferenceValues {
  const keymap: Record<string, string | null> = {};
  for (const [key, { value }] of Object.entries(preference?.values ?? {})) {
    const choice = key.startsWith(keysPrefix) ? KeysChoice.safeParse(value).data : undefined;
    if (choice !== undefined && choice !== null) keymap[key.slice(keysPrefix.length)] = choice.keys;
  }
  return {
    keymap,
    singleKeys: z.boolean().safeParse(preference?.values['single-keys']?.value).data ?? null,
    pins: z.array(Id).max(pinsMax).safeParse(preference?.values['pins']?.value).data ?? [],
    inbox: InboxMarks.safeParse(preference?.values['inbox']?.value).data ?? { readAt: null, except: [] },
    muted: z.array(Id).max(mutedMax).safeParse(preference?.values['muted']?.value).data ?? [],
    runbooks: z.array(Id).max(keptRunbooksMax).safeParse(preference?.values['runbooks']?.value).data ?? [],
  };
}

const keysPrefix = 'keys/';
const KeysChoice = PreferenceSetting.options[0].shape.choice;

function flat(setting: PreferenceSetting): { key: string; value: unknown } {
  switch (setting.name) {
    case 'keys':
      return { key: `${keysPrefix}${setting.command}`, value: setting.choice };
    case 'single-keys':
      return { key: setting.name, value: setting.on };
    case 'pins':
    case 'muted':
      return { key: setting.name, value: setting.incidentIds };
    case 'inbox':
      return { key: setting.name, value: setting.marks };
    case 'runbooks':
      return { key: setting.name, value: setting.serviceIds };
  }
}
