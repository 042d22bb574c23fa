// Two panes with a line between them that is dragged, or moved with the arrow keys. One of them has a width of its own,
// which this machine keeps; the other takes what is left.
import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Group, type GroupProps, type Layout, Panel, Separator, usePanelRef } from 'react-resizable-panels';
import { t } from '../language/words.ts';
import { useCommands } from './commands.ts';
import { usePreferences } from './preferences.ts';
import './split.css';
import { useMedia } from './use-media.ts';
import { useSteady } from './use-steady.ts';

interface SplitProps {
  /** Its width is kept under this name. */
  name: string;
  /** Of the line, for who hears it: what becomes wider or narrower. */
  label: string;
  /** Which of the two has a width of its own. */
  sized: 'start' | 'end';
  /** How wide that is until somebody moves the line, in pixels. */
  size: number;
  /** The same as a share of the window, where that is more. */
  share?: number;
  /** How narrow each may become, in pixels. */
  least: { start: number; end: number };
  /** In a window of this width and below there is no line: one pane stands under the other, or `alone` without it. */
  stackAt: number;
  alone?: 'start' | 'end';
  className?: string;
  /** Told of the width in pixels whenever it changes. */
  onWidth?: (width: number) => void;
  /** Null where there is none: the other has all the room. */
  start: ReactNode;
  end: ReactNode;
}

export function Split(props: SplitProps) {
  const { name, label, sized, size, share = 0, least, stackAt, alone, className, onWidth, start, end } = props;
  const stacked = useMedia(`(max-width: ${stackAt}px)`);
  const both = start !== null && end !== null;
  const own = () => Math.max(size, Math.round(share * window.innerWidth));
  // Later widths are the library's: it is told of one only where the person puts it back.
  const [first] = useState(() => usePreferences.getState().panes[name] ?? own());
  const group = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const panel = usePanelRef();
  const putBack = useSteady(() => panel.current?.resize(own()));
  useEffect(
    () =>
      usePreferences.subscribe((now, before) => {
        if (before.panes[name] !== undefined && now.panes[name] === undefined) putBack();
      }),
    [name, putBack],
  );
  useCommands(both && !stacked ? [resetCommand()] : []);

  const widthIn = (layout: Layout): number =>
    Math.round(((layout[idOf(name, sized)] ?? 0) / 100) * (group.current?.clientWidth ?? 0));
  const keep: GroupProps['onLayoutChanged'] = (layout, { isUserInteraction }) => {
    const width = widthIn(layout);
    if (!isUserInteraction || width === 0) return;
    const { panes, prefer } = usePreferences.getState();
    prefer({ panes: { ...panes, [name]: width } });
  };
  const reset = (): void => {
    const { [name]: _forgotten, ...panes } = usePreferences.getState().panes;
    usePreferences.getState().prefer({ panes });
  };
  // The line lets the pointer through to what is under it, so that wheel and links work there: see split.css.
  const pressedTwice = ({ clientX }: MouseEvent): void => {
    const at = line.current?.getBoundingClientRect();
    if (at !== undefined && clientX >= at.left && clientX <= at.right) reset();
  };

  const pane = (side: 'start' | 'end', content: ReactNode) =>
    content === null ? null : (
      <Panel
        key={side}
        id={idOf(name, side)}
        className={both && alone !== undefined && alone !== side ? 'split-pane aside' : 'split-pane'}
        style={{ overflow: 'hidden' }}
        minSize={least[side]}
        {...(side === sized
          ? { panelRef: panel, defaultSize: first, groupResizeBehavior: 'preserve-pixel-size' as const }
          : {})}
      >
        {content}
      </Panel>
    );
  const classes = ['split', ...(stacked ? ['stacked'] : []), ...(className === undefined ? [] : [className])];
  return (
    <Group
      className={classes.join(' ')}
      elementRef={group}
      disabled={stacked}
      onLayoutChange={(layout) => onWidth?.(widthIn(layout))}
      onLayoutChanged={keep}
      onDoubleClick={pressedTwice}
    >
      {pane('start', start)}
      {both && !stacked ? (
        <Separator
          key="line"
          className="split-line"
          elementRef={line}
          aria-label={label}
          disableDoubleClick
          onKeyDown={({ key }) => {
            if (key === 'Enter') reset();
          }}
        />
      ) : null}
      {pane('end', end)}
    </Group>
  );
}

function idOf(name: string, side: 'start' | 'end'): string {
  return `${name}-${side}`;
}

/** All panes, also of other screens: who looks for this has lost track of one. */
function resetCommand() {
  return {
    id: 'panes.reset',
    keys: null,
    label: t`put all panes back to their widths`,
    keywords: 'split resize reset width column',
    run: () => usePreferences.getState().prefer({ panes: {} }),
  };
}
