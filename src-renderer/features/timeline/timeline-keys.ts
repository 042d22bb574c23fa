import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { type Command, useCommands } from '../../ui/commands.ts';
import { listCommands } from '../../ui/list-keys.ts';
import { aboutIncident } from '../incidents/incident-commands.ts';

export interface TimelineKeys {
  incident: Incident;
  count: number;
  exports: readonly Command[];
  noStar: string | null;
  /** One end of a stretch is chosen, the other not yet. */
  marking: boolean;
  filtering: boolean;
  move: (by: number) => void;
  open: () => void;
  star: () => void;
  mark: () => void;
  zoom: (by: number) => void;
  pan: (share: number) => void;
  fit: () => void;
  toFirst: () => void;
  toLast: () => void;
  search: () => void;
  clearFilter: () => void;
  copyLink: () => void;
  back: () => void;
}

export function useTimelineKeys(keys: TimelineKeys): void {
  const group = 'Timeline';
  const about = aboutIncident(keys.incident);
  const commands: Command[] = [
    ...listCommands({ move: keys.move, open: keys.open, back: keys.back }, { group, count: keys.count }),
    { id: 'list.filter', label: t`search`, group, hint: true, run: keys.search },
    { id: 'timeline.zoom-in', also: ['='], label: t`zoom in`, group, hint: true, run: () => keys.zoom(0.5) },
    { id: 'timeline.zoom-out', label: t`zoom out`, group, hint: true, run: () => keys.zoom(2) },
    { id: 'timeline.earlier', label: t`earlier`, group, run: () => keys.pan(-0.25) },
    { id: 'timeline.later', label: t`later`, group, run: () => keys.pan(0.25) },
    { id: 'timeline.first', label: t`to the first event`, group, run: keys.toFirst },
    { id: 'timeline.last', label: t`to the newest event`, group, run: keys.toLast },
    { id: 'timeline.fit', label: t`show everything`, group, hint: true, run: keys.fit },
    {
      id: 'timeline.stretch',
      label: keys.marking ? t`look at the stretch up to here` : t`choose a stretch from here`,
      group,
      hint: keys.marking,
      run: keys.mark,
    },
    { id: 'timeline.star', label: t`star`, group, hint: true, about, unavailable: keys.noStar, run: keys.star },
    {
      id: 'timeline.clear-filter',
      keys: null,
      label: t`Show every event again`,
      unavailable: keys.filtering ? null : t`no filter is on`,
      run: keys.clearFilter,
    },
    { id: 'link.copy', label: t`copy the link to this event`, group, run: keys.copyLink },
    ...keys.exports.map((command) => ({ ...command, group, about })),
  ];
  useCommands(commands);
}
