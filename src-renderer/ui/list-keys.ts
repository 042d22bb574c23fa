// The keys of a list, the same on every screen (UX.md 2): j k move, x selects, Shift+j Shift+k extend, Space peeks, Enter
// opens, [ and ] go on inside a detail. A list says what each does; what it leaves out has no key.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { t } from '../language/words.ts';
import type { Command } from './commands.ts';

export interface ListHandlers {
  move: (by: number) => void;
  select?: () => void;
  extend?: (by: number) => void;
  peek?: () => void;
  open?: () => void;
  /** To the row before or after while a detail is shown; null while none is. */
  detail?: ((by: number) => void) | null;
  /** What Esc leaves here; null where it is somebody else's. */
  back?: (() => void) | null;
}

interface ListWords {
  /** Over the commands, under `?`. */
  group: string;
  /** Rows there are: with none there is no hint in the foot. */
  count: number;
  open?: string;
  /** Hints in the foot for moving and selecting as well; elsewhere the foot is for what acts. */
  hintMoves?: boolean;
}

export function listCommands(handlers: ListHandlers, { group, count, open = t`open`, hintMoves = false }: ListWords) {
  const { move, select, extend, peek, open: enter, detail, back } = handlers;
  const some = count > 0;
  const moves = some && hintMoves;
  const commands: Command[] = [
    { id: 'list.next', also: ['ArrowDown'], label: t`next`, group, hint: moves, run: () => move(1) },
    { id: 'list.previous', also: ['ArrowUp'], label: t`previous`, group, hint: moves, run: () => move(-1) },
  ];
  if (select !== undefined) commands.push({ id: 'list.select', label: t`select`, group, hint: moves, run: select });
  if (extend !== undefined) {
    commands.push(
      { id: 'list.extend-down', label: t`select downwards`, group, run: () => extend(1) },
      { id: 'list.extend-up', label: t`select upwards`, group, run: () => extend(-1) },
    );
  }
  if (peek !== undefined) commands.push({ id: 'list.peek', label: t`peek`, group, hint: some, run: peek });
  if (enter !== undefined) commands.push({ id: 'list.open', label: open, group, hint: some, run: enter });
  if (detail !== undefined && detail !== null) {
    commands.push(
      { id: 'detail.previous', label: t`previous`, group, run: () => detail(-1) },
      { id: 'detail.next', label: t`next`, group, run: () => detail(1) },
    );
  }
  if (back !== undefined && back !== null) commands.push({ id: 'back', label: t`back`, group, run: back });
  return commands;
}

/** Where the detail of the row stands beside the list: going on in the list and inside the detail are one. */
export function besideCommands(move: (by: number) => void, count: number): Command[] {
  return listCommands({ move, detail: move }, { group: 'On this screen', count: count - 1, hintMoves: true });
}

export interface ListState {
  /** The row the keyboard is on, by its id: rows that arrive above it do not move it to another. */
  cursor: string | null;
  /** Where that was, for when the row is gone. */
  place: number;
  chosen: ReadonlySet<string>;
}

export const emptyList: ListState = { cursor: null, place: 0, chosen: new Set() };

/** Index of the row the keyboard is on: its own, else the one that took its place. */
export function placeOf({ cursor, place }: ListState, ids: readonly string[]): number {
  const at = cursor === null ? -1 : ids.indexOf(cursor);
  return at >= 0 ? at : Math.max(0, Math.min(place, ids.length - 1));
}

export function movedTo(state: ListState, ids: readonly string[], index: number): ListState {
  const place = Math.max(0, Math.min(ids.length - 1, index));
  return { ...state, cursor: ids[place] ?? null, place };
}

/** The row under the keyboard, chosen or not any more. */
export function toggled(state: ListState, ids: readonly string[]): ListState {
  const at = placeOf(state, ids);
  const id = ids[at];
  if (id === undefined) return state;
  const chosen = new Set(state.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { ...movedTo(state, ids, at), chosen };
}

/** This row and the next one in that direction, both chosen, the keyboard on the latter. */
export function extended(state: ListState, ids: readonly string[], by: number): ListState {
  const at = placeOf(state, ids);
  const next = movedTo(state, ids, at + by);
  const both = [ids[at], next.cursor].filter((id) => id !== undefined && id !== null);
  return { ...next, chosen: new Set([...state.chosen, ...both]) };
}

export interface ListCursor {
  at: number;
  /** Chosen rows that are still there, in their order. */
  chosen: readonly string[];
  focus: (index: number) => void;
  move: (by: number) => void;
  select: () => void;
  extend: (by: number) => void;
  clear: () => void;
}

/** Where the keyboard was in each list that is left and come back to; as long as the window is open. */
const keptCursors = new Map<string, string>();

/**
 * Where the keyboard is in a list, and what is chosen there. `ids` in the order they stand in; `list` names one that the
 * keyboard comes back to where it was.
 */
export function useListCursor(ids: readonly string[], list?: string): ListCursor {
  const [state, setState] = useState(() => ({ ...emptyList, cursor: keptCursors.get(list ?? '') ?? null }));
  const at = placeOf(state, ids);
  const { cursor } = state;
  useEffect(() => {
    // Who never moved is on the first row, whatever that is by then.
    if (list !== undefined && cursor !== null) keptCursors.set(list, cursor);
  }, [list, cursor]);
  const chosen = useMemo(() => ids.filter((id) => state.chosen.has(id)), [ids, state.chosen]);
  const clear = useCallback(() => setState((before) => ({ ...before, chosen: new Set() })), []);
  return {
    at,
    chosen,
    focus: (index) => setState((before) => movedTo(before, ids, index)),
    move: (by) => setState((before) => movedTo(before, ids, placeOf(before, ids) + by)),
    select: () => setState((before) => toggled(before, ids)),
    extend: (by) => setState((before) => extended(before, ids, by)),
    clear,
  };
}

/** Brings the row under the keyboard into sight when it moved; lists draw that row with the class `focused`. */
export function useRowInSight(at: number): void {
  // The first row is in sight; one that the keyboard came back to may not be.
  const shown = useRef(0);
  useEffect(() => {
    if (shown.current === at) return;
    shown.current = at;
    document.querySelector('main .focused')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
}
