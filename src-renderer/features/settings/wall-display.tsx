import { useState } from 'react';
import { paths } from '../../paths.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { TextField } from '../../ui/text-field.tsx';
import { wallFits, wallSizes } from './wall-size.ts';

/** Size and distance of the display, which decide how large the wall's type is. */
export function WallDisplay() {
  const { wall, prefer } = usePreferences();
  const [inches, setInches] = useState(String(wall.diagonalInches));
  const [metres, setMetres] = useState(String(wall.distanceMetres));
  const setting = { diagonalInches: Number(inches), distanceMetres: Number(metres) };
  const inchesBad = !(setting.diagonalInches >= 10 && setting.diagonalInches <= 200);
  const metresBad = !(setting.distanceMetres >= 0.5 && setting.distanceMetres <= 30);
  const valid = !inchesBad && !metresBad;
  const sizes = wallSizes(valid ? setting : wall);
  const keep = (next: typeof setting, ok: boolean): void => {
    if (ok) prefer({ wall: next });
  };
  return (
    <>
      <p className="muted settings-block">
        The war room is read from afar. Its smallest letters should stand 16 minutes of arc high, its text 20. Say how
        large this display is and from where it is read; both are kept on this machine.
      </p>
      <div className="settings-two settings-block">
        <TextField
          label="Display, inches across"
          inputMode="decimal"
          value={inches}
          onChange={(text) => {
            setInches(text);
            const next = { ...setting, diagonalInches: Number(text) };
            keep(next, next.diagonalInches >= 10 && next.diagonalInches <= 200 && !metresBad);
          }}
          error={inchesBad ? 'From 10 to 200.' : null}
        />
        <TextField
          label="Read from, metres"
          inputMode="decimal"
          value={metres}
          onChange={(text) => {
            setMetres(text);
            const next = { ...setting, distanceMetres: Number(text) };
            keep(next, next.distanceMetres >= 0.5 && next.distanceMetres <= 30 && !inchesBad);
          }}
          error={metresBad ? 'From 0.5 to 30.' : null}
        />
      </div>
      <dl className="settings-facts settings-block">
        <dt>Text</dt>
        <dd>
          {sizes.body.toFixed(1)} % of the height, capitals {Math.round(sizes.bodyCapMm)} mm
        </dd>
        <dt>Smallest</dt>
        <dd>
          {sizes.floor.toFixed(1)} % of the height, capitals {Math.round(sizes.floorCapMm)} mm
        </dd>
      </dl>
      {wallFits(sizes) ? null : (
        <p className="small-text" role="status">
          That is too far for this display: the facts of one incident no longer fit. Come closer, or use a larger one.
        </p>
      )}
      <a className="button" href={paths.wall()}>
        Open the war room
      </a>
    </>
  );
}
