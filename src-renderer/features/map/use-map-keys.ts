import { plural, t } from '../../language/words.ts';
import { type Command, type CommandSubject, useCommands } from '../../ui/commands.ts';
import { listCommands } from '../../ui/list-keys.ts';

export interface MapKeys {
  form: 'graph' | 'overview' | 'table';
  count: number;
  about: CommandSubject | null;
  /** What Enter does to what is under the keyboard. */
  openWord: string;
  hops: number;
  focused: boolean;
  noPin: string | null;
  /** A cluster, a team or a service that nobody described has no place of its own to keep. */
  pinnable: boolean;
  move: (by: number) => void;
  follow: (way: 'calls' | 'callers') => void;
  fold: (open: boolean) => void;
  open: () => void;
  peek: () => void;
  back: (() => void) | null;
  search: () => void;
  turn: () => void;
  /** Null where the graph shows every service anyway. */
  overview: (() => void) | null;
  pin: () => void;
  nudge: (x: number, y: number) => void;
  blast: () => void;
  setHops: (hops: number) => void;
  zoom: (by: 1 | -1) => void;
  fit: () => void;
  again: () => void;
}

const step = 24;

export function useMapKeys(keys: MapKeys): void {
  const group = 'Map';
  const { form, about, noPin, pinnable } = keys;
  const unavailable = pinnable ? noPin : t`only a service of the catalog can be pinned`;
  const graph = form === 'graph';
  const nudges: [string, number, number][] = [
    ['left', -step, 0],
    ['right', step, 0],
    ['up', 0, -step],
    ['down', 0, step],
  ];
  const commands: Command[] = [
    ...listCommands(
      { move: keys.move, open: keys.open, peek: keys.peek, back: keys.back },
      { group, count: keys.count, open: keys.openWord },
    ),
    { id: 'list.filter', label: t`search`, group, run: keys.search },
    { id: 'map.turn', label: form === 'table' ? t`graph` : t`table`, group, hint: true, run: keys.turn },
  ];
  if (keys.overview !== null)
    commands.push({ id: 'map.overview', keys: null, label: t`Show every service at once`, group, run: keys.overview });
  if (keys.focused) {
    commands.push(
      ...[1, 2, 3].map((hops) => ({
        id: `map.hops-${hops}`,
        label: t`${plural(hops, { one: '1 hop around the focus', other: '# hops around the focus' })}`,
        group,
        unavailable: hops === keys.hops ? t`it is so already` : null,
        run: () => keys.setHops(hops),
      })),
    );
  }
  if (graph) {
    commands.push(
      { id: 'map.callers', label: t`follow to what calls it`, group, run: () => keys.follow('callers') },
      { id: 'map.calls', label: t`follow calls`, group, hint: true, run: () => keys.follow('calls') },
      { id: 'map.pin', label: t`pin`, group, hint: true, about, unavailable, run: keys.pin },
      { id: 'map.blast', label: t`blast radius`, group, run: keys.blast },
      { id: 'map.again', keys: null, label: t`Lay the map out again`, group, run: keys.again },
      ...nudges.map(([way, x, y]) => ({
        id: `map.nudge-${way}`,
        label: t`move ${way} and pin`,
        group,
        about,
        unavailable,
        run: () => keys.nudge(x, y),
      })),
    );
  } else if (form === 'table') {
    commands.push(
      { id: 'group.open', label: t`open the team`, group, run: () => keys.fold(true) },
      { id: 'group.close', label: t`close the team`, group, run: () => keys.fold(false) },
    );
  }
  if (form !== 'table') {
    commands.push(
      { id: 'map.zoom-in', label: t`zoom in`, group, run: () => keys.zoom(1) },
      { id: 'map.zoom-out', label: t`zoom out`, group, run: () => keys.zoom(-1) },
      { id: 'map.fit', label: t`show everything`, group, run: keys.fit },
    );
  }
  useCommands(commands);
}
