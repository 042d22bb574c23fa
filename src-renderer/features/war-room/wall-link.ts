// The walls of one browser or app tell each other that they are there, and follow a presenter while one speaks. Whoever
// falls silent is gone: an unplugged display, a crashed presenter.
import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { wallRoles } from '../../../src-main/display-roles.ts';
import { pictureIds } from './wall-plan.ts';

const Id = z.string().min(1).max(100);

const WallState = z.object({
  kind: z.literal('wall'),
  id: Id,
  role: z.enum(wallRoles),
  width: z.number(),
  height: z.number(),
  picture: z.enum(pictureIds).nullable(),
  /** The pictures it turns through now. */
  pictures: z.array(z.enum(pictureIds)),
  held: z.boolean(),
  /** Incidents with a strip; null where another display has the facts. */
  strips: z.array(Id).nullable(),
  names: z.boolean(),
});
/** What a wall says of itself. */
export type WallState = z.infer<typeof WallState>;

const Lead = z.object({
  kind: z.literal('lead'),
  id: Id,
  /** When it began to lead: the newest one leads. */
  since: z.number(),
  /** Null: they turn. */
  picture: z.enum(pictureIds).nullable(),
  held: z.boolean(),
  /** The one incident to show. */
  focus: Id.nullable(),
  /** Null: as each wall has it. */
  names: z.boolean().nullable(),
});
/** What a presenter wants of all walls. */
export type Lead = z.infer<typeof Lead>;

const Gone = z.object({ kind: z.literal('gone'), id: Id });
const Message = z.discriminatedUnion('kind', [WallState, Lead, Gone]);

export interface WallChannel {
  post(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
  close(): void;
}

export interface LinkState {
  walls: readonly WallState[];
  lead: Lead | null;
}

export interface WallLink {
  store: StoreApi<LinkState>;
  /** Opens the channel; the answer says that this window is gone, and closes it. */
  start(): () => void;
  /** Says this from now on, again and again. */
  speak(message: WallState | Lead): void;
}

const beatMs = 500;
/** The others stand anew within 2 s of the last word of one that is gone. */
const wallGoneMs = 1_500;
/** A browser slows the timers of a window that nobody sees down to one a second. */
const leadGoneMs = 5_000;

export function createWallLink(deps: {
  open: () => WallChannel;
  now: () => number;
  after: (ms: number, callback: () => void) => () => void;
}): WallLink {
  const { now, after } = deps;
  const store = createStore<LinkState>(() => ({ walls: [], lead: null }));
  const heard = new Map<string, { at: number; state: WallState }>();
  let lead: { at: number; state: Lead } | null = null;
  let own: WallState | Lead | null = null;
  let channel: WallChannel | null = null;
  let cancelBeat: () => void = () => undefined;

  function take(message: z.infer<typeof Message>): void {
    if (message.kind === 'wall') heard.set(message.id, { at: now(), state: message });
    else if (message.kind === 'gone') forget(message.id);
    else if (lead === null || lead.state.id === message.id || lead.state.since < message.since)
      lead = { at: now(), state: message };
  }

  function forget(id: string): void {
    heard.delete(id);
    if (lead?.state.id === id) lead = null;
  }

  function show(): void {
    const walls = [...heard.values()].map(({ state }) => state).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const next = { walls, lead: lead?.state ?? null };
    if (JSON.stringify(next) !== JSON.stringify(store.getState())) store.setState(next);
  }

  function beat(): void {
    if (own !== null) {
      channel?.post(own);
      take(own);
    }
    for (const [id, { at }] of heard) if (now() - at > wallGoneMs) heard.delete(id);
    if (lead !== null && now() - lead.at > leadGoneMs) lead = null;
    show();
    cancelBeat = after(beatMs, beat);
  }

  function hear(raw: unknown): void {
    // A window of another version may say something else.
    const message = Message.safeParse(raw);
    if (channel === null || !message.success) return;
    take(message.data);
    show();
  }

  return {
    store,
    start() {
      const opened = deps.open();
      channel = opened;
      opened.listen(hear);
      beat();
      return () => {
        if (channel !== opened) return;
        channel = null;
        cancelBeat();
        if (own !== null) opened.post({ kind: 'gone', id: own.id });
        opened.close();
      };
    },
    speak(message) {
      own = message;
      channel?.post(message);
      take(message);
      show();
    },
  };
}
