import { useState } from 'react';
import type { WallDisplays as Displays } from '../../../src-main/bridge.ts';
import { type Display, wallRoles, type WallSetup } from '../../../src-main/display-roles.ts';
import { t } from '../../language/words.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { roleWords } from './wall-roles.ts';
import { isInches, isMetres, usualWall, wallFits, wallSizes } from './wall-size.ts';

interface WallDisplaysProps {
  walls: Displays;
  onAssign: (displayId: string, setup: WallSetup | null) => void;
  /** Walls open by themselves; a browser opens them only when somebody presses a button. */
  byThemselves: boolean;
}

const choices = [
  { value: 'none', label: t`No wall` },
  ...wallRoles.map((value) => ({ value, label: roleWords[value] })),
] as const;

/** One line a display: what it shows, how large it is, from where it is read. */
export function WallDisplays({ walls, onAssign, byThemselves }: WallDisplaysProps) {
  return (
    <>
      <ul className="settings-block wall-displays">
        {walls.displays.map(({ display, setup }) => (
          <li key={display.id}>
            <DisplayLine display={display} setup={setup} onAssign={(next) => onAssign(display.id, next)} />
          </li>
        ))}
      </ul>
      {walls.away.map(({ name, role }) => (
        <p key={`${name} ${role}`} className="small-text muted settings-block">
          {t`${name || t`A display`} is not connected. It showed: ${roleWords[role]}.`}{' '}
          {byThemselves ? t`It will again when it is back.` : t`When it is back, open the walls again.`}
        </p>
      ))}
    </>
  );
}

interface DisplayLineProps {
  display: Display;
  setup: WallSetup | null;
  onAssign: (setup: WallSetup | null) => void;
}

function DisplayLine({ display, setup, onAssign }: DisplayLineProps) {
  const { diagonalInches, distanceMetres } = setup ?? usualWall;
  const [inches, setInches] = useState(String(diagonalInches));
  const [metres, setMetres] = useState(String(distanceMetres));
  const now = { diagonalInches: Number(inches), distanceMetres: Number(metres) };
  const valid = isInches(now.diagonalInches) && isMetres(now.distanceMetres);
  const aspect = display.width / display.height;
  const keep = (change: Partial<WallSetup>): void => {
    const next = { ...now, ...change };
    if (setup !== null && isInches(next.diagonalInches) && isMetres(next.distanceMetres))
      onAssign({ ...setup, ...next });
  };
  const name = display.name === '' ? t`Display` : display.name;
  return (
    <>
      <div className="wall-display-name">
        <span className="strong">{name}</span>
        <span className="small-text muted tabular">
          {display.primary
            ? t`${display.width} × ${display.height}, main display`
            : `${display.width} × ${display.height}`}
        </span>
      </div>
      <Select
        label={t`${name} shows`}
        hideLabel
        options={choices}
        value={setup?.role ?? 'none'}
        onChange={(role) =>
          onAssign(role === 'none' ? null : { role, ...(valid ? now : { diagonalInches, distanceMetres }) })
        }
      />
      <TextField
        label={t`Inches across`}
        inputMode="decimal"
        value={inches}
        onChange={(text) => {
          setInches(text);
          keep({ diagonalInches: Number(text) });
        }}
        error={isInches(now.diagonalInches) ? null : t`From 10 to 200.`}
      />
      <TextField
        label={t`Read from, metres`}
        inputMode="decimal"
        value={metres}
        onChange={(text) => {
          setMetres(text);
          keep({ distanceMetres: Number(text) });
        }}
        error={isMetres(now.distanceMetres) ? null : t`From 0.5 to 30.`}
      />
      {setup === null || !valid || wallFits(wallSizes(now, aspect), aspect) ? null : (
        <p className="small-text wall-display-far" role="status">
          {t`That is too far for this display: the facts of one incident no longer fit. Come closer, or use a larger one.`}
        </p>
      )}
    </>
  );
}
