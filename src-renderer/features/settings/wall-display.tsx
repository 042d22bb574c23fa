import { useEffect, useState } from 'react';
import type { Bridge, WallDisplays as Displays } from '../../../src-main/bridge.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useBrowserDisplays } from './browser-displays.ts';
import { WallDisplays } from './wall-displays.tsx';
import { isInches, isMetres, wallFits, wallSizes } from './wall-size.ts';
import './wall-display.css';

/** Which displays show the wall; size and distance of each, which decide how large its type is. */
export function WallDisplay() {
  const { desktop } = useSession().host;
  return (
    <>
      <p className="muted settings-block">
        {t`The war room is read from afar. Its smallest letters should stand 16 minutes of arc high, its text 20: say how large each display is and from where it is read. All of it is kept on this machine.`}
      </p>
      {desktop === null ? <InBrowser /> : <OnDesktop desktop={desktop} />}
    </>
  );
}

function OnDesktop({ desktop }: { desktop: Bridge }) {
  const [walls, setWalls] = useState<Displays | null>(null);
  useEffect(() => {
    desktop.walls.list().then(setWalls, () => undefined);
    return desktop.onWalls(setWalls);
  }, [desktop]);
  if (walls === null) return null;
  return (
    <>
      <WallDisplays
        walls={walls}
        byThemselves
        onAssign={(displayId, setup) => void desktop.walls.assign(displayId, setup).then(setWalls, () => undefined)}
      />
      <p className="small-text muted settings-block">
        {t`A display with a role shows its wall at once, and again after each start. When it is unplugged its facts move to another one.`}
      </p>
      <div className="row settings-block">
        <Button onPress={() => void desktop.walls.openPresenter()}>{t`Open the presenter`}</Button>
        <a className="button" href={paths.wall()}>
          {t`War room in this window`}
        </a>
      </div>
    </>
  );
}

function InBrowser() {
  const displays = useBrowserDisplays();
  const [blocked, setBlocked] = useState(0);
  const { unknown, walls } = displays;
  return (
    <>
      <ThisDisplay />
      <div className="row settings-block wrap">
        <a className="button" href={paths.wall()}>
          {t`Open the war room`}
        </a>
        <a className="button" href={paths.wall({ role: 'map' })}>
          {t`The map alone`}
        </a>
        <a className="button" href={paths.wall({ role: 'timeline' })}>
          {t`The timeline alone`}
        </a>
        <a className="button" href={paths.presenter()} target="_blank" rel="noreferrer">
          {t`Open the presenter`}
        </a>
      </div>
      <h3 className="settings-block">{t`Several displays`}</h3>
      {unknown === null ? (
        <>
          <WallDisplays walls={walls} onAssign={displays.assign} byThemselves={false} />
          <div className="row settings-block">
            <Button
              look="primary"
              unavailable={
                walls.displays.every(({ setup }) => setup === null) ? t`Say first what a display shows.` : null
              }
              onPress={() => setBlocked(displays.open())}
            >
              {t`Open the walls`}
            </Button>
          </div>
          {blocked === 0 ? null : (
            <p className="small-text settings-block" role="status">
              {t`The browser did not open every wall. Allow this address to open windows, then press the button again.`}
            </p>
          )}
        </>
      ) : (
        <Unknown unknown={unknown} onAsk={displays.ask} />
      )}
    </>
  );
}

function Unknown({ unknown, onAsk }: { unknown: 'cannot' | 'not-asked' | 'refused'; onAsk: () => void }) {
  if (unknown === 'cannot') {
    return (
      <p className="small-text muted settings-block">
        {t`This browser does not tell of its displays, or this address is not one it trusts (https, or this machine). Open one window on each display instead, by the buttons above, and make it fill the screen with f. The desktop app does all this by itself.`}
      </p>
    );
  }
  return (
    <>
      <p className="small-text muted settings-block">
        {unknown === 'refused'
          ? t`The browser was not allowed to tell of its displays. Allow window management for this address, then try again.`
          : t`The browser asks you whether this address may see which displays there are and open windows on them.`}
      </p>
      <div className="row settings-block">
        <Button onPress={onAsk}>{t`Find the displays`}</Button>
      </div>
    </>
  );
}

/** Of the display that this window is on. */
function ThisDisplay() {
  const { wall, prefer } = usePreferences();
  const [inches, setInches] = useState(String(wall.diagonalInches));
  const [metres, setMetres] = useState(String(wall.distanceMetres));
  const setting = { diagonalInches: Number(inches), distanceMetres: Number(metres) };
  const valid = isInches(setting.diagonalInches) && isMetres(setting.distanceMetres);
  const aspect = window.screen.width / Math.max(1, window.screen.height);
  const sizes = wallSizes(valid ? setting : wall, aspect);
  const keep = (next: typeof setting): void => {
    if (isInches(next.diagonalInches) && isMetres(next.distanceMetres)) prefer({ wall: next });
  };
  return (
    <>
      <div className="settings-two settings-block">
        <TextField
          label={t`Display, inches across`}
          inputMode="decimal"
          value={inches}
          onChange={(text) => {
            setInches(text);
            keep({ ...setting, diagonalInches: Number(text) });
          }}
          error={isInches(setting.diagonalInches) ? null : t`From 10 to 200.`}
        />
        <TextField
          label={t`Read from, metres`}
          inputMode="decimal"
          value={metres}
          onChange={(text) => {
            setMetres(text);
            keep({ ...setting, distanceMetres: Number(text) });
          }}
          error={isMetres(setting.distanceMetres) ? null : t`From 0.5 to 30.`}
        />
      </div>
      <dl className="settings-facts settings-block">
        <dt>{t`Text`}</dt>
        <dd>{t`${sizes.body.toFixed(1)} % of the height, capitals ${Math.round(sizes.bodyCapMm)} mm`}</dd>
        <dt>{t`Smallest`}</dt>
        <dd>{t`${sizes.floor.toFixed(1)} % of the height, capitals ${Math.round(sizes.floorCapMm)} mm`}</dd>
      </dl>
      {wallFits(sizes, aspect) ? null : (
        <p className="small-text settings-block" role="status">
          {t`That is too far for this display: the facts of one incident no longer fit. Come closer, or use a larger one.`}
        </p>
      )}
    </>
  );
}
