import { Icon } from '../../ui/icon.tsx';
import { Mark, type MarkKind } from '../../ui/mark.tsx';

/** All that a node shows: plain values, so that one that looks as before is not drawn again. */
export interface NodeLook {
  name: string;
  mark: MarkKind;
  label: string;
  line: string;
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

export function MapNode({ data }: { data: NodeLook }) {
  const classes = ['map-node'];
  if (data.cluster) classes.push('cluster');
  if (data.unknown) classes.push('unknown');
  if (data.old) classes.push('hatch');
  if (data.cursor) classes.push('cursor');
  if (data.focus) classes.push('focus');
  if (data.dim) classes.push('dim');
  if (data.mark === 'sev1' || data.mark === 'sev2' || data.mark === 'sev3') classes.push('hurt');
  return (
    <div className={classes.join(' ')}>
      {data.change === null ? null : (
        <span className="map-change">
          <Icon name="change" small />
          <span className="clip">{data.change}</span>
        </span>
      )}
      <Mark kind={data.mark} label={data.label} />
      <span className="stack grow">
        <span className="name clip" title={data.name}>
          {data.name}
        </span>
        <span className="line clip" title={data.line}>
          {data.line}
        </span>
      </span>
      {data.pinned ? <Icon name="pin" small /> : null}
    </div>
  );
}
