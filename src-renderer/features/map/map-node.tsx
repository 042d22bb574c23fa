import { Icon } from '../../ui/icon.tsx';
import type { MarkKind } from '../../ui/mark.tsx';

/** All that a node shows: plain values, so that one that looks as before is not drawn again. */
export interface NodeLook {
  name: string;
  mark: MarkKind;
  label: string;
  line: string;
  /** Name and line as far as there is room for them, and the name in the large letters of afar. */
  shortName: string;
  shortLine: string;
  farName: string;
  cluster: boolean;
  /** The catalog has no such service. */
  unknown: boolean;
  old: boolean;
  cursor: boolean;
  focus: boolean;
  /** Not what is looked for, or not in the blast radius. */
  dim: boolean;
  pinned: boolean;
  /** The newest change of the last two hours, and how long ago. */
  change: string | null;
}

/** What the pin takes of the room for the texts. */
export const pinRoom = 24;

/** Its mark is drawn by map.css, out of `data-mark`. */
export function MapNode({ data }: { data: NodeLook }) {
  const { name, label, line, change } = data;
  const classes = ['map-node'];
  if (data.cluster) classes.push('cluster');
  if (data.unknown) classes.push('unknown');
  if (data.old) classes.push('hatch');
  if (data.cursor) classes.push('cursor');
  if (data.focus) classes.push('focus');
  if (data.dim) classes.push('dim');
  if (data.mark === 'sev1' || data.mark === 'sev2' || data.mark === 'sev3') classes.push('hurt');
  const words = [name, label, line, change].filter((part) => part !== null);
  return (
    <div className={classes.join(' ')} data-mark={data.mark} role="img" aria-label={words.join(', ')}>
      {change === null ? null : (
        <span className="map-change">
          <Icon name="change" small />
          <span className="clip">{change}</span>
        </span>
      )}
      <span className="stack grow" data-far={data.farName}>
        <span className="name" title={name}>
          {data.shortName}
        </span>
        <span className="line" title={line}>
          {data.shortLine}
        </span>
      </span>
      {data.pinned ? <Icon name="pin" small /> : null}
    </div>
  );
}
