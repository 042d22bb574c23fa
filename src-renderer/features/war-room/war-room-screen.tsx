import { type CSSProperties, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { keepText, personalKey } from '../../personal-state.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { SignInState, useFreshness, useReplica, useSession, useTable } from '../../session.tsx';
import { useDeviceNow, useServerNow } from '../../time.ts';
import { useCommands } from '../../ui/commands.ts';
import { usePreferences } from '../../ui/preferences.ts';
import { drawnDark } from '../../ui/theme.ts';
import { openIncidents } from '../incidents/incident-facts.ts';
import { anyReporting } from '../now/feeds.ts';
import { useAwake } from './awake.ts';
import { usePictures } from './use-pictures.ts';
import { useRotation } from './use-rotation.ts';
import { useWallLink } from './use-wall-link.ts';
import { useWallWindow, type WallWindow } from './use-wall-frame.ts';
import { wallAddress } from './wall-address.ts';
import { WallBar } from './wall-bar.tsx';
import { WallControls } from './wall-controls.tsx';
import { RetryWhileEnded } from './wall-ended.tsx';
import { severeOf, withoutNames } from './wall-facts.ts';
import { wallLayout } from './wall-layout.ts';
import type { WallState } from './wall-link.ts';
import { nodeLook, nodeWidth, WallPicture } from './wall-picture.tsx';
import { type SeatPlan, wallPlan } from './wall-plan.ts';
import { Calm, Strip } from './wall-strip.tsx';
import './war-room.css';

const shiftEveryMs = 90_000;
const swapEveryMs = 30 * 60_000;
/** Where the frame stands, one place every 90 s, at most 8 px from the middle: no pixel burns in. */
const shifts: readonly [number, number][] = [
  [0, 0],
  [6, -4],
  [-5, 5],
  [7, 2],
  [-7, -3],
  [3, 7],
  [-2, -7],
];

/** Read-only, legible from the other end of the room, honest about its age (UX.md 3). */
export function WarRoomScreen({ query }: ScreenProps) {
  const { uuid, serverUrl } = useSession();
  const namesKey = personalKey('wall-names', serverUrl);
  const [ownId] = useState(uuid);
  const address = wallAddress(query);
  const preferences = usePreferences();
  const setting = address.setting ?? preferences.wall;
  const freshness = useFreshness();
  const { ended } = useContext(SignInState);
  const area = useWallWindow(setting, freshness.state === 'stale' && !ended);
  const id = address.displayId ?? ownId;
  const ready = useReplica((state) => state.ready);
  const { link, state: others } = useWallLink();
  const incidents = useTable('incident');
  const users = useTable('user');
  const integrations = useTable('integration');
  const redact = useMemo(() => withoutNames([...users.rows.values()].map(({ name }) => name)), [users]);
  const [namesHere, setNamesHere] = useState(() => window.localStorage.getItem(namesKey) === 'shown');
  const { lead } = others;
  const names = lead?.names ?? namesHere;

  const { severe, lesser } = useMemo(() => severeOf(incidents.rows.values()), [incidents]);
  const plan = useSeatPlan(id, address.role, area, others.walls);
  const listed = useMemo(
    () => focused(severe, incidents.rows.values(), lead?.focus ?? null),
    [severe, incidents, lead],
  );
  const layout = useMemo(
    () =>
      wallLayout(
        listed.map(({ title }) => title),
        area.frame,
        area.measure,
        plan.facts,
      ),
    [listed, area, plan],
  );
  const shown = useMemo(() => (plan.facts ? listed.slice(0, layout.strips.length) : listed), [plan, listed, layout]);
  const room = {
    // Without the padding of the frame, and a little for what is rounded.
    width: (area.frame.width * 0.965) / area.frame.floor,
    height: layout.picture / area.frame.floor,
  };
  const { measure } = area;
  const widthOf = useCallback((name: string) => nodeWidth(measure(name)), [measure]);
  const rows = Math.max(1, Math.floor((room.height + nodeLook.gapY) / (nodeLook.height + nodeLook.gapY)));
  const { pictures, events } = usePictures(shown, names, redact, { width: room.width, rows }, widthOf);
  const wanted = pictures.filter((picture) => plan.pictures.includes(picture.id));
  const turning = wanted.length > 0 ? wanted : pictures;
  const ids = turning.map((picture) => picture.id);
  const rotation = useRotation(ids, events, lead);
  const picture = layout.picture === 0 ? null : (turning.find((each) => each.id === rotation.current) ?? null);

  useAwake(severe.length + lesser > 0);
  const state: WallState = {
    kind: 'wall',
    id,
    role: address.role,
    width: area.width,
    height: area.height,
    picture: picture?.id ?? null,
    pictures: ids,
    held: rotation.held,
    strips: plan.facts ? shown.map((incident) => incident.id) : null,
    names,
  };
  const said = JSON.stringify(state);
  useEffect(() => link.speak(JSON.parse(said) as WallState), [link, said]);

  const toggleNames = (): void => {
    keepText(window.localStorage, namesKey, namesHere ? 'redacted' : 'shown');
    setNamesHere(!namesHere);
  };
  const leave = (): void => (address.displayId === null ? navigate(paths.now()) : window.close());
  useCommands([
    { id: 'back', label: t`leave the wall`, group: 'War room', run: leave },
    { id: 'wall.hold', label: t`hold the picture`, group: 'War room', run: rotation.hold },
    { id: 'wall.next', label: t`next picture`, group: 'War room', run: () => rotation.step(1) },
    { id: 'wall.previous', label: t`previous picture`, group: 'War room', run: () => rotation.step(-1) },
    {
      id: 'wall.names',
      label: namesHere ? t`hide names and notes` : t`show names and notes`,
      group: 'War room',
      run: toggleNames,
    },
    {
      id: 'wall.full-screen',
      label: t`full screen`,
      group: 'War room',
      run: () => void document.documentElement.requestFullscreen?.(),
    },
  ]);

  const known = !ended && (freshness.state === 'live' || freshness.state === 'lagging');
  const now = useDeviceNow();
  const serverNow = useServerNow();
  if (!ready) return null;
  const [x, y] = shifts[Math.floor(now / shiftEveryMs) % shifts.length] ?? [0, 0];
  const classes = ['wall', ended ? 'offline' : freshness.state];
  const fed = anyReporting(integrations.rows.values(), serverNow);
  if (severe.length === 0 && lesser === 0 && known && fed) classes.push('calm');
  if (Math.floor(now / swapEveryMs) % 2 === 1) classes.push('swapped');
  if (layout.narrow) classes.push('upright');
  const style: CSSProperties & Record<`--${string}`, string> = {
    '--wall-body': `${area.bodyPx.toFixed(2)}px`,
    '--wall-floor': `${area.floorPx.toFixed(2)}px`,
    '--shift-x': `${x}px`,
    '--shift-y': `${y}px`,
  };
  const more = severe.length - shown.filter((incident) => severe.includes(incident)).length;
  const asides: string[] = [];
  if (lead !== null) asides.push(t`Presenter`);
  if (plan.facts && lesser > 0 && severe.length > 0) asides.push(t`${lesser} lesser open`);
  return (
    <main className={classes.join(' ')} data-theme={drawnDark()} style={style} aria-labelledby="wall-title">
      <h1 className="visually-hidden" id="wall-title">{t`War room`}</h1>
      <div className="wall-frame">
        <WallBar ended={ended} />
        {plan.facts ? (
          <div className="wall-strips">
            {layout.strips.map((fit, at) => {
              const incident = shown[at];
              return incident === undefined ? null : (
                <Strip
                  key={incident.id}
                  incident={incident}
                  fit={fit}
                  narrow={layout.narrow}
                  known={known}
                  namesAllowed={names}
                />
              );
            })}
            {shown.length === 0 ? <Calm known={known} fed={fed} lesser={lesser} /> : null}
          </div>
        ) : null}
        {plan.facts && more > 0 ? <div className="wall-more">{t`+${more} more of severity 1 or 2`}</div> : null}
        {ended ? (
          <RetryWhileEnded />
        ) : picture === null ? null : (
          <WallPicture
            picture={picture}
            room={room}
            index={ids.indexOf(picture.id)}
            total={ids.length}
            progress={rotation.progress}
            asides={asides}
          />
        )}
      </div>
      <WallControls
        held={rotation.held}
        onHold={rotation.hold}
        onStep={rotation.step}
        namesAllowed={namesHere}
        onNames={toggleNames}
        onLeave={leave}
        locked={address.displayId !== null}
      />
    </main>
  );
}

/** What this window shows, next to the others that are there. */
function useSeatPlan(
  id: string,
  role: WallState['role'],
  { width, height }: WallWindow,
  walls: readonly WallState[],
): { facts: boolean; pictures: SeatPlan['pictures'] } {
  return useMemo(() => {
    const seats = [...walls.filter((wall) => wall.id !== id), { id, role, width, height }];
    const plan = wallPlan(seats, new Map(seats.map((seat) => [seat.id, seat.role])), []).get(id);
    return { facts: plan?.facts !== null, pictures: plan?.pictures ?? [] };
  }, [id, role, width, height, walls]);
}

/** The one that a presenter speaks about stands alone; the rest is counted. */
function focused(severe: readonly Incident[], all: Iterable<Incident>, focus: string | null): readonly Incident[] {
  if (focus === null) return severe;
  const one = openIncidents(all).find(({ id }) => id === focus);
  return one === undefined ? severe : [one];
}
