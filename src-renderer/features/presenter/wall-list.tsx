import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { codeOf } from '../incidents/incident-facts.ts';
import { roleWords } from '../settings/wall-roles.ts';
import type { WallState } from '../war-room/wall-link.ts';
import { pictureNames } from './leading.ts';

interface WallListProps {
  walls: readonly WallState[];
  incidents: ReadonlyMap<string, Incident>;
}

/** What each of them shows right now, as it says itself. */
export function WallList({ walls, incidents }: WallListProps) {
  if (walls.length === 0) return <p className="presenter-none muted">{t`None is open.`}</p>;
  return (
    <ul className="presenter-walls">
      {walls.map(({ id, role, width, height, picture, held, strips, names }) => (
        <li key={id}>
          <span className="presenter-screen" style={{ aspectRatio: `${width} / ${height}` }} aria-hidden="true">
            {picture === null ? '' : pictureNames[picture]}
          </span>
          <span className="grow">
            <span className="strong">{roleWords[role]}</span>
            <span className="small-text muted presenter-shows">
              {picture === null ? t`No picture` : held ? t`${pictureNames[picture]}, held` : pictureNames[picture]}
              {strips === null || strips.length === 0 ? null : (
                <span className="mono">
                  {strips
                    .flatMap((one) => incidents.get(one) ?? [])
                    .map(codeOf)
                    .join(' ')}
                </span>
              )}
            </span>
          </span>
          <span className="small-text muted">{names ? t`names shown` : t`names hidden`}</span>
        </li>
      ))}
    </ul>
  );
}
