// Every message between page and main process: its name, and the shape of what it carries.
import { z } from 'zod';
import type {
  Access,
  Answer,
  HostInfo,
  LocalCenter,
  Looked,
  NotifyOutcome,
  ServerList,
  ShellStatus,
  SignInAnswer,
  WallDisplays,
} from './bridge.ts';
import { wallRoles } from './display-roles.ts';

/** A path within the client: what a deep link or a notification may open. */
export const ClientPath = z
  .string()
  .max(500)
  .regex(/^\/[A-Za-z0-9/_.~-]*$/, 'must be a path of this client')
  .refine((path) => !path.includes('//') && !path.includes('..'), 'must be a path of this client');

/** Words are shortened, not refused: a long title must not keep a page from being shown. */
function cut(most: number) {
  return z
    .string()
    .max(50_000)
    .overwrite((text) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`));
}

const Url = z.string().max(2_000);
const EntityId = z.string().min(1).max(100);
const Words = cut(300);
const Answerable = z.object({ incidentId: EntityId, escalateTo: Words.nullable() });

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00');
const Zone = z
  .string()
  .max(100)
  .refine((zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone }).format();
      return true;
    } catch {
      return false;
    }
  }, 'must be a time zone such as Europe/Berlin');

/** BCP 47. */
export const LanguageId = z
  .string()
  .max(35)
  .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a language such as de or pt-BR');

export const Settings = z.object({
  lockScreen: z.enum(['full', 'title', 'none']),
  quiet: z.object({ from: TimeOfDay, to: TimeOfDay, zone: Zone }).nullable(),
  onClose: z.enum(['hide', 'quit']),
  updates: z.enum(['auto', 'off']),
  plainSession: z.boolean().nullable(),
});

/** What a person says of a display. */
export const Setup = z.object({
  role: z.enum(wallRoles),
  diagonalInches: z.number().min(10).max(200),
  distanceMetres: z.number().min(0.5).max(30),
});

/** Kept until a page asks for it; the event itself only says that there is something to ask for. */
export const waitingEvents = ['openPath', 'command', 'answer'] as const;
export type WaitingEvent = (typeof waitingEvents)[number];
export const pageEvents = [...waitingEvents, 'wake', 'shellStatus', 'walls'] as const;
export type PageEvent = (typeof pageEvents)[number];

/** What goes the other way, by name. */
export interface PageEvents {
  openPath: string;
  command: string;
  answer: Answer;
  wake: null;
  shellStatus: ShellStatus;
  walls: WallDisplays;
}

export interface PageMessage {
  number: number;
  carried: PageEvents[WaitingEvent];
}

export const requests = {
  host: z.tuple([]),
  notify: z.tuple([
    z.object({
      id: z.string().min(1).max(200),
      title: cut(200).min(1),
      body: cut(1_000),
      tier: z.enum(['page', 'direct']),
      path: ClientPath,
      visible: z.boolean(),
      answer: Answerable.exactOptional(),
      muted: z.boolean().exactOptional(),
      outcome: z.boolean().exactOptional(),
    }),
  ]),
  dismiss: z.tuple([z.string().min(1).max(200)]),
  sessionAccess: z.tuple([Url, z.string().max(4_000).nullable()]),
  sessionSignIn: z.tuple([Url, z.string().max(200), z.string().max(1_000)]),
  sessionRedeem: z.tuple([Url, z.string().max(200)]),
  sessionSignOut: z.tuple([Url]),
  serversList: z.tuple([]),
  serversLook: z.tuple([z.string().max(2_000)]),
  serversTrust: z.tuple([Url, z.string().max(200)]),
  serversConnect: z.tuple([Url, z.boolean()]),
  serversShow: z.tuple([Url]),
  serversStartHere: z.tuple([]),
  serversRemove: z.tuple([Url]),
  setBadge: z.tuple([z.int().min(0).max(1_000_000)]),
  setSignedIn: z.tuple([z.boolean()]),
  setLanguage: z.tuple([LanguageId]),
  tell: z.tuple([
    z.object({
      serverUrl: Url,
      serverName: Words,
      freshness: z.enum(['live', 'lagging', 'stale', 'offline']),
      latest: Answerable.extend({ title: Words, path: ClientPath }).nullable(),
      onCall: Words.nullable(),
      heldRole: Words.nullable(),
    }),
  ]),
  setCommands: z.tuple([
    z
      .array(
        z.object({
          id: z.string().min(1).max(100),
          label: Words,
          group: z.string().max(100),
          keys: z.string().max(100).nullable(),
          unavailable: z.string().max(500).nullable(),
        }),
      )
      .max(500),
  ]),
  openExternal: z.tuple([z.string().max(4_000)]),
  keepAwake: z.tuple([z.boolean()]),
  wallsList: z.tuple([]),
  wallsAssign: z.tuple([z.string().max(100), Setup.nullable()]),
  openPresenter: z.tuple([]),
  shellStatus: z.tuple([]),
  shellChange: z.tuple([Settings.partial()]),
  checkForUpdates: z.tuple([]),
  restartToUpdate: z.tuple([]),
  showCrashReports: z.tuple([]),
  removeCrashReports: z.tuple([]),
  /** False: it stopped, and what comes waits. */
  pageListens: z.tuple([z.enum(pageEvents), z.boolean()]),
  /** What waits under this name; from now on it is this page's to do. */
  pageTakes: z.tuple([z.enum(waitingEvents)]),
  /** It was done, and the person was told what came of it. */
  pageDid: z.tuple([z.int().min(0)]),
  /** Every few seconds: it runs. */
  alive: z.tuple([]),
};

export type RequestName = keyof typeof requests;

interface Answers {
  host: HostInfo;
  notify: NotifyOutcome;
  sessionAccess: Access;
  sessionSignIn: SignInAnswer;
  sessionRedeem: SignInAnswer;
  serversList: ServerList;
  serversLook: Looked;
  serversTrust: Looked;
  serversStartHere: LocalCenter;
  openExternal: boolean;
  wallsList: WallDisplays;
  wallsAssign: WallDisplays;
  shellStatus: ShellStatus;
  shellChange: ShellStatus;
  checkForUpdates: ShellStatus;
  restartToUpdate: ShellStatus;
  removeCrashReports: ShellStatus;
  pageTakes: PageMessage[];
}
type AnswerOf<Name extends RequestName> = Name extends keyof Answers ? Answers[Name] : void;

/** The windows that there are, and which messages each may send: a wall hangs where everybody can reach it. */
export type WindowRole = 'main' | 'wall' | 'presenter';
export type WindowKey = { role: WindowRole; id: number };

const ofEveryWindow = ['host', 'sessionAccess', 'keepAwake', 'pageListens', 'alive'] as const;
export function maySend(role: WindowRole, name: RequestName): boolean {
  return role === 'main' || (ofEveryWindow as readonly string[]).includes(name);
}

export type Handlers = {
  [Name in RequestName]: (
    window: WindowKey,
    ...args: z.infer<(typeof requests)[Name]>
  ) => AnswerOf<Name> | Promise<AnswerOf<Name>>;
};
