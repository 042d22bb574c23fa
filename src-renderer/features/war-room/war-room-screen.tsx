import { type CSSProperties, useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useNameOf, useOfIncident, useReplica, useTable } from '../../session.tsx';
import { useDeviceNow, useServerNow } from '../../time.ts';
import { clockTime, duration, localClockTime, localZoneName } from '../../time-format.ts';
import { useCommands } from '../../ui/commands.ts';
import { Mark } from '../../ui/mark.tsx';
import { usePreferences } from '../../ui/preferences.ts';
import { drawnDark } from '../../ui/theme.ts';
import { shortAgo } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { wallSizes } from '../settings/wall-size.ts';
import { useAwake } from './awake.ts';
import { useRotation } from './rotation.ts';
import { WallControls } from './wall-controls.tsx';
import {
  minutes,
  overdueTasks,
  stripsThatFit,
  wallCommander,
  wallElapsed,
  wallStrips,
  wallUpdate,
} from './wall-facts.ts';
import { usePictures, WallPicture } from './wall-pictures.tsx';
import './war-room.css';

const shiftEveryMs = 90_000;
const swapEveryMs = 30 * 60_000;
/** Where the frame stands, one place every 90 s, at most 8 px from the middle: no pixel burns in. */
const shifts: readonly [number, number][] = [
  [0, 0],
  [6, -4],
  [-5, 5],
  [8, 2],
  [-8, -3],
  [3, 7],
  [-2, -7],
];

/** Read-only, legible from the other end of the room, honest about its age (UX.md 3). */
export function WarRoomScreen() {
  const ready = useReplica((state) => state.ready);
  const incidents = useTable('incident');
  const { wall } = usePreferences();
  const [namesAllowed, setNamesAllowed] = useState(() => window.localStorage.getItem(namesKey) === 'shown');
  const sizes = useMemo(() => wallSizes(wall), [wall]);
  const { shown, more, lesser } = useMemo(
    () => wallStrips(incidents.rows.values(), stripsThatFit(sizes.body, sizes.floor)),
    [incidents, sizes],
  );
  const freshness = useFreshness();
  const known = freshness.state === 'live' || freshness.state === 'lagging';
  const now = useDeviceNow();
  const pictures = usePictures(shown, namesAllowed);
  const rotation = useRotation(
    pictures.map((picture) => picture.id),
    shown,
  );
  useAwake(shown.length + lesser > 0);
  const toggleNames = () => {
    window.localStorage.setItem(namesKey, namesAllowed ? 'redacted' : 'shown');
    setNamesAllowed(!namesAllowed);
  };
  useCommands([
    { id: 'back', label: 'leave the wall', group: 'War room', run: () => navigate(paths.now()) },
    { id: 'wall.hold', label: 'hold the picture', group: 'War room', run: rotation.hold },
    { id: 'wall.next', label: 'next picture', group: 'War room', run: () => rotation.step(1) },
    { id: 'wall.previous', label: 'previous picture', group: 'War room', run: () => rotation.step(-1) },
    {
      id: 'wall.names',
      label: namesAllowed ? 'hide names and notes' : 'show names and notes',
      group: 'War room',
      run: toggleNames,
    },
    {
      id: 'wall.full-screen',
      label: 'full screen',
      group: 'War room',
      run: () => void document.documentElement.requestFullscreen?.(),
    },
  ]);
  if (!ready) return null;
  const [x, y] = shifts[Math.floor(now / shiftEveryMs) % shifts.length] ?? [0, 0];
  const swapped = Math.floor(now / swapEveryMs) % 2 === 1;
  const style: CSSProperties & Record<`--${string}`, string> = {
    '--wall-body': `${sizes.body.toFixed(2)}vh`,
    '--wall-floor': `${sizes.floor.toFixed(2)}vh`,
    '--shift-x': `${x}px`,
    '--shift-y': `${y}px`,
  };
  const picture = pictures.find((each) => each.id === rotation.current) ?? null;
  const classes = ['wall', freshness.state];
  if (shown.length === 0 && lesser === 0 && known) classes.push('calm');
  if (swapped) classes.push('swapped');
  return (
    <main className={classes.join(' ')} data-theme={drawnDark()} style={style} aria-label="War room">
      <div className="wall-frame">
        <WallBar />
        <div className="wall-strips">
          {shown.map((incident) => (
            <Strip key={incident.id} incident={incident} known={known} namesAllowed={namesAllowed} />
          ))}
          {shown.length === 0 ? <Calm known={known} lesser={lesser} /> : null}
        </div>
        {more > 0 ? <div className="wall-more">+{more} more of severity 1 or 2</div> : null}
        {shown.length < 3 && picture !== null ? (
          <WallPicture
            picture={picture}
            index={pictures.indexOf(picture)}
            total={pictures.length}
            progress={rotation.progress}
            held={rotation.held}
            aside={lesser > 0 && shown.length > 0 ? `${lesser} lesser open` : ''}
          />
        ) : null}
      </div>
      <WallControls
        held={rotation.held}
        onHold={rotation.hold}
        onStep={rotation.step}
        namesAllowed={namesAllowed}
        onNames={toggleNames}
      />
    </main>
  );
}

const namesKey = 'tocsin.wall-names';

function WallBar() {
  const now = useServerNow();
  const { state, ageMs, dataAt } = useFreshness();
  const data = dataAt === null ? 'no data yet' : `data of ${clockTime(dataAt, true)}`;
  return (
    <header className="wall-bar tabular">
      <span className="wall-utc">{clockTime(now, true)} UTC</span>
      <span className="wall-local">
        {localClockTime(now).slice(0, 5)} {localZoneName()}
      </span>
      {state === 'connecting' ? (
        <span className="wall-fresh">
          <Mark kind="unknown" label="Connecting" /> Connecting
        </span>
      ) : state === 'live' || state === 'lagging' ? (
        <span className="wall-fresh">
          <Mark kind={state === 'live' ? 'ok' : 'sev3'} label={state === 'live' ? 'Live' : 'Lagging'} />
          {state === 'live' ? 'Live' : 'Lagging'} {shortAgo(ageMs ?? 0)}
        </span>
      ) : (
        <span className="wall-fresh old">
          {state === 'stale' ? 'STALE' : 'OFFLINE'} {ageMs === null ? '' : `${duration(ageMs)}, `}
          {data}
        </span>
      )}
    </header>
  );
}

function Strip({ incident, known, namesAllowed }: { incident: Incident; known: boolean; namesAllowed: boolean }) {
  const now = useServerNow();
  const nameOf = useNameOf();
  const tasks = useOfIncident('task', incident.id);
  const commander = wallCommander(incident, nameOf, namesAllowed);
  const update = wallUpdate(incident, now, known);
  const late = overdueTasks(tasks, now);
  const plural = late.count === 1 ? 'task' : 'tasks';
  return (
    <section className={`wall-strip ${incident.severity}`} aria-label={incident.title}>
      <div className="wall-line wall-title">
        <Mark kind={incident.severity} />
        <span className="clip">{incident.title}</span>
        <span className="wall-elapsed tabular">{wallElapsed(incident, now, known)}</span>
      </div>
      <div className="wall-line clip">{incident.impact ?? `${codeOf(incident)}, impact not stated yet`}</div>
      <div className="wall-line wall-third tabular">
        <span className="clip">
          <span className="muted">
            {commander.who}
            {commander.since === null ? '' : ' since '}
          </span>
          {commander.since === null ? null : commander.since}
        </span>
        <span className="clip">
          <span className="muted">
            {update.overdue || update.text.startsWith('no') || !known
              ? update.text.startsWith('no')
                ? ''
                : 'update '
              : 'update in '}
          </span>
          {update.overdue ? (
            <span className="wall-flag">{update.text}</span>
          ) : (
            <b className={update.text.startsWith('no') ? 'muted' : ''}>{update.text}</b>
          )}
        </span>
        {late.count > 0 ? (
          <span className="wall-flag">
            {late.count} {plural} {known ? `overdue ${minutes(late.longestMs)}` : 'overdue'}
          </span>
        ) : (
          <span className="muted end">no task overdue</span>
        )}
      </div>
    </section>
  );
}

function Calm({ known, lesser }: { known: boolean; lesser: number }) {
  return (
    <section className="wall-strip calm-strip" aria-label="Nothing severe">
      <div className="wall-line wall-title">
        <Mark kind={known ? 'ok' : 'unknown'} label={known ? 'Nothing severe is open' : 'Not known'} />
        <span className="clip">{known ? 'No severity 1 or 2 is open' : 'Nothing severe was open when last heard'}</span>
      </div>
      <div className="wall-line muted">
        {lesser === 0
          ? 'No incident is open at all'
          : `${lesser} of a lower severity ${lesser === 1 ? 'is' : 'are'} open`}
      </div>
    </section>
  );
}
