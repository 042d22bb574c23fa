import type { CSSProperties } from 'react';
import { drawnDark } from '../../ui/theme.ts';
import { heatOf } from '../../ui/chart/look.ts';
import { Mark } from '../../ui/mark.tsx';
import { clockTime } from '../../time-format.ts';
import type { StormHeat } from '../alerts/storm-heat.ts';
import { nodeGap, type WallMap } from './wall-map.ts';
import type { Picture, WallLine } from './wall-pictures.ts';
import { type Box, wayOf } from './wall-ways.ts';

/** Of a picture's body, in sizes of the smallest type. */
export interface PictureRoom {
  width: number;
  height: number;
}

interface WallPictureProps {
  picture: Picture;
  room: PictureRoom;
  index: number;
  total: number;
  progress: number;
  /** Said beside the title. */
  asides: readonly string[];
}

export function WallPicture({ picture, room, index, total, progress, asides }: WallPictureProps) {
  return (
    <section className="wall-picture" aria-label={picture.title}>
      <div className="wall-picture-head">
        <h2 className="clip">{picture.title}</h2>
        {asides.map((aside) => (
          <span key={aside} className="wall-aside">
            {aside}
          </span>
        ))}
        {total < 2 ? null : (
          <span className="wall-dots" aria-hidden="true">
            {Array.from({ length: total }, (_, place) =>
              place === index ? (
                <i key={place} className="wall-dot on">
                  <i style={{ width: `${Math.round(progress * 100)}%` }} />
                </i>
              ) : (
                <i key={place} className="wall-dot" />
              ),
            )}
          </span>
        )}
      </div>
      <div className="wall-picture-body">
        <PictureBody picture={picture} room={room} />
      </div>
    </section>
  );
}

const lineHeight = 1.42;
const rowHeight = 1.42;
export const nodeLook = { height: 1.72, gapY: 0.62 };
/** Of a node without its name: padding, mark and the gap between. */
const besideName = 2.45;

export function nodeWidth(nameWidth: number): number {
  return nameWidth + besideName;
}

function PictureBody({ picture, room }: { picture: Picture; room: PictureRoom }) {
  switch (picture.id) {
    case 'map':
      return <MapPicture map={picture.map} room={room} />;
    case 'alerts':
      return <HeatPicture heat={picture.heat} firing={picture.firing} rows={Math.floor(room.height / rowHeight)} />;
    case 'timeline':
    case 'changes':
      return <Lines lines={picture.lines.slice(0, Math.max(1, Math.floor(room.height / lineHeight)))} />;
  }
}

function Lines({ lines }: { lines: readonly WallLine[] }) {
  return (
    <ul>
      {lines.map(({ key, at, text, severity }) => (
        <li key={key} className="wall-entry">
          <span className="muted tabular">{clockTime(Date.parse(at))}</span>
          {severity === null ? <span /> : <Mark kind={severity} />}
          <span className="clip">{text}</span>
        </li>
      ))}
    </ul>
  );
}

/** How finely the lines of the map are drawn: so many units are the size of the type. */
const fine = 20;

function MapPicture({ map, room }: { map: WallMap; room: PictureRoom }) {
  const { height, gapY } = nodeLook;
  const own = map.columns.reduce((sum, width) => sum + width, 0);
  // The gaps take the width that there is.
  const gapX = map.columns.length < 2 ? 0 : Math.min(nodeGap * 3, (room.width - own) / (map.columns.length - 1));
  const lefts = map.columns.map((_, column) =>
    map.columns.slice(0, column).reduce((sum, width) => sum + width + gapX, 0),
  );
  const spread = map.rows < 2 ? 0 : (room.height - map.rows * height) / (map.rows - 1);
  const stepY = height + Math.min(gapY * 3, Math.max(gapY, spread));
  const boxes = new Map<string, Box>(
    map.nodes.map(({ id, column, row }) => [
      id,
      { x: lefts[column] ?? 0, y: row * stepY, width: map.columns[column] ?? 0, column },
    ]),
  );
  const ways = { boxes: [...boxes.values()], height, gapX, stepY, rows: map.rows, fine };
  const wide = own + gapX * Math.max(0, map.columns.length - 1);
  const high = (map.rows - 1) * stepY + height;
  return (
    <div className="wall-map" style={{ width: `${wide}em`, height: `${high}em` }}>
      <svg viewBox={`0 0 ${wide * fine} ${high * fine}`} aria-hidden="true">
        {map.edges.map(({ from, to, strong }) => {
          const [a, b] = [boxes.get(from), boxes.get(to)];
          if (a === undefined || b === undefined) return null;
          return <path key={`${from} ${to}`} className={strong ? 'strong' : undefined} d={wayOf(a, b, ways)} />;
        })}
      </svg>
      {map.nodes.map(({ id, name, mark }) => {
        const box = boxes.get(id);
        const style = { left: `${box?.x ?? 0}em`, top: `${box?.y ?? 0}em`, width: `${box?.width ?? 0}em` };
        return (
          <div key={id} className={`wall-node ${mark}`} style={style}>
            <Mark kind={mark} />
            <span className="clip">{name}</span>
          </div>
        );
      })}
    </div>
  );
}

interface HeatPictureProps {
  heat: StormHeat;
  firing: Extract<Picture, { id: 'alerts' }>['firing'];
  rows: number;
}

function HeatPicture({ heat, firing, rows }: HeatPictureProps) {
  const colours = heatOf(drawnDark());
  const colourOf = (count: number): string =>
    colours[
      Math.min(colours.length - 1, Math.floor(((count - 1) / Math.max(1, heat.most - 1)) * (colours.length - 1)))
    ] ?? '';
  return (
    <ul className="wall-heat">
      {heat.rows.slice(0, Math.max(1, rows)).map(({ service, label, counts }) => {
        const now = firing.get(service);
        const style: CSSProperties = { gridTemplateColumns: `repeat(${counts.length}, minmax(0, 1fr))` };
        return (
          <li key={label}>
            {now === undefined ? <span /> : <Mark kind={now.severity} />}
            <span className="clip">{label}</span>
            <span className="wall-cells" style={style} aria-hidden="true">
              {counts.map((count, at) => (
                // Cells have no name but their place.
                // oxlint-disable-next-line react/no-array-index-key
                <i key={at} style={count === 0 ? undefined : { background: colourOf(count) }} />
              ))}
            </span>
            <b className="tabular">{now?.count ?? 0}</b>
          </li>
        );
      })}
    </ul>
  );
}
