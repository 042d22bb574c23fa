import { useState } from 'react';
import type { WallDisplays as Displays } from '../../../src-main/bridge.ts';
import { type Display, wallRoles, type WallSetup } from '../../../src-main/display-roles.ts';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { roleWords } from './wall-roles.ts';
import { isInches, isMetres, usualWall, wallFits, wallSizes } from './wall-size.ts';

interface WallDisplaysProps {
  walls: Displays;
  onAssign: (displayId: string, setup: WallSetup | null) => void;
}

const choices = [
  { value: 'none', label: 'No wall' },
  ...wallRoles.map((value) => ({ value, label: roleWords[value] })),
] as const;

/** One line a display: what it shows, how large it is, from where it is read. */
export function WallDisplays({ walls, onAssign }: WallDisplaysProps) {
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
          {name === '' ? 'A display' : name} is not connected. It showed: {roleWords[role]}. It will again when it is
          back.
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
  const name = display.name === '' ? 'Display' : display.name;
  return (
    <>
      <div className="wall-display-name">
        <span className="strong">{name}</span>
        <span className="small-text muted tabular">
          {display.width} × {display.height}
          {display.primary ? ', main display' : ''}
        </span>
      </div>
      <Select
        label={`${name} shows`}
        hideLabel
        options={choices}
        value={setup?.role ?? 'none'}
        onChange={(role) =>
          onAssign(role === 'none' ? null : { role, ...(valid ? now : { diagonalInches, distanceMetres }) })
        }
      />
      <TextField
        label="Inches across"
        inputMode="decimal"
        value={inches}
        onChange={(text) => {
          setInches(text);
          keep({ diagonalInches: Number(text) });
        }}
        error={isInches(now.diagonalInches) ? null : 'From 10 to 200.'}
      />
      <TextField
        label="Read from, metres"
        inputMode="decimal"
        value={metres}
        onChange={(text) => {
          setMetres(text);
          keep({ distanceMetres: Number(text) });
        }}
        error={isMetres(now.distanceMetres) ? null : 'From 0.5 to 30.'}
      />
      {setup === null || !valid || wallFits(wallSizes(now, aspect), aspect) ? null : (
        <p className="small-text wall-display-far" role="status">
          That is too far for this display: the facts of one incident no longer fit. Come closer, or use a larger one.
        </p>
      )}
    </>
  );
}
