import { useMemo, useState } from 'react';
import type { Roster, Schedule } from '#server/contract/schedule.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useMe, useNameOf, useReachable, useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { placeOf, whenWords } from '../../zone-time.ts';
import { FindingCount } from '../config/finding-list.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { PhoneList } from '../incidents/phone-list.tsx';
import { FeedDialog } from './feed-dialog.tsx';
import { mineFirst, shiftsOf, standingOf, type Stretch } from './oncall-facts.ts';
import './oncall.css';
import { SwapList } from './swap-list.tsx';
import { TimeOffDialog } from './time-off-dialog.tsx';
import { useZone } from './use-zone.ts';

const unreadableHere = ['schedule', 'override', 'timeOff', 'swap'] as const;

/** `g o`: who is on call now and next, mine first. Works offline, with its age. */
export function OncallScreen() {
  const me = useMe();
  const ready = useReplica((state) => state.ready);
  const schedules = useTable('schedule');
  const rosters = useTable('roster').rows;
  const freshness = useFreshness();
  const reachable = useReachable();
  const cannot = useCanWrite('schedule');
  const zone = useZone();
  const minute = Math.floor(useServerNow() / 60_000) * 60_000;
  const [dialog, setDialog] = useState<'time-off' | 'feed' | null>(null);
  const [focus, setFocus] = useState(0);
  const list = useMemo(
    () => mineFirst(schedules.rows.values(), rosters, me.id, minute),
    [schedules, rosters, me.id, minute],
  );
  const focused = Math.min(focus, Math.max(0, list.length - 1));
  const open = (): void => {
    const schedule = list[focused];
    if (schedule !== undefined) navigate(paths.schedule(schedule.id));
  };
  useCommands([
    { id: 'list.next', label: 'next', run: () => setFocus(Math.min(focused + 1, list.length - 1)) },
    { id: 'list.previous', label: 'previous', run: () => setFocus(Math.max(focused - 1, 0)) },
    { id: 'list.open', label: 'open', hint: list.length > 0, run: open },
  ]);
  if (!ready) return null;
  return (
    <div className="oncall">
      <section className="oncall-left">
        <header className="row wrap">
          <h1 className="title">On-call</h1>
          <span className="small-text muted">
            <Freshness value={freshness} bare />
          </span>
          <span className="grow" />
          <Button onPress={() => setDialog('time-off')}>Time off…</Button>
          <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.schedule('new'))}>
            New schedule
          </Button>
        </header>
        <UnreadableDocuments kinds={unreadableHere} />
        <MyStanding zone={zone} nowMs={minute} />
        <SectionHead title="Now and next" count={list.length} />
        {list.length === 0 ? (
          <Empty
            title="There is no schedule yet"
            actions={
              <Button look="primary" unavailable={cannot} onPress={() => navigate(paths.schedule('new'))}>
                Make the first one
              </Button>
            }
          >
            A schedule says who is on call at which hour. Until there is one, policies can still page people and teams
            by name.
          </Empty>
        ) : (
          <>
            <div className="oncall-row oncall-row-head" aria-hidden="true">
              <span>Schedule</span>
              <span>On call now</span>
              <span>until ({placeOf(zone)})</span>
              <span>Then</span>
              <span className="end">Quality</span>
            </div>
            <ul aria-label="Schedules">
              {list.map((schedule, index) => (
                <ScheduleRow
                  key={schedule.id}
                  schedule={schedule}
                  roster={rosters.get(schedule.id)}
                  zone={zone}
                  nowMs={minute}
                  focused={index === focused}
                  onFocus={() => setFocus(index)}
                />
              ))}
            </ul>
          </>
        )}
      </section>
      <aside className="oncall-right">
        {reachable ? null : <Numbers rosters={rosters} nowMs={minute} />}
        <SwapList />
        <MyShifts zone={zone} nowMs={minute} onFeed={() => setDialog('feed')} />
      </aside>
      {dialog === 'time-off' ? <TimeOffDialog zone={zone} schedules={list} onClose={() => setDialog(null)} /> : null}
      {dialog === 'feed' ? <FeedDialog scheduleId={null} name="my shifts" onClose={() => setDialog(null)} /> : null}
    </div>
  );
}

/** Without a server people are called, not paged. */
function Numbers({ rosters, nowMs }: { rosters: ReadonlyMap<string, Roster>; nowMs: number }) {
  const userIds = useMemo(
    () => [...new Set([...rosters.values()].flatMap((roster) => standingOf(roster, nowMs).now?.userIds ?? []))],
    [rosters, nowMs],
  );
  return (
    <>
      <SectionHead title="Call who is on call" count={userIds.length} />
      <PhoneList userIds={userIds} label="Numbers of who is on call" />
    </>
  );
}

/** The one sentence that a person looks for first. */
function MyStanding({ zone, nowMs }: { zone: string; nowMs: number }) {
  const me = useMe();
  const rosters = useTable('roster').rows;
  const schedules = useTable('schedule').rows;
  const shifts = useMemo(() => shiftsOf(rosters.values(), me.id, nowMs), [rosters, me.id, nowMs]);
  const current = shifts.filter(({ fromMs }) => fromMs <= nowMs);
  const coming = shifts.find(({ fromMs }) => fromMs > nowMs);
  const known = [...rosters.values()].some((roster) => Date.parse(roster.to) > nowMs);
  const nameOf = (id: string): string => schedules.get(id)?.name ?? 'a schedule that is gone';
  if (!known) {
    if (rosters.size === 0) return null;
    return (
      <p className="oncall-standing">
        The rosters on this machine end before today. Who is on call is not known here until the server answers.
      </p>
    );
  }
  return (
    <p className={current.length > 0 ? 'oncall-standing mine' : 'oncall-standing'}>
      {current.length > 0 ? (
        current.map((shift, index) => (
          <span key={shift.scheduleId}>
            {index === 0 ? 'You are on call for ' : index === current.length - 1 ? ' and for ' : ', for '}
            <b>{nameOf(shift.scheduleId)}</b> until <b>{whenWords(zone, shift.toMs, nowMs)}</b> {placeOf(zone)}
          </span>
        ))
      ) : (
        <>You are not on call</>
      )}
      .{' '}
      {coming === undefined ? (
        <span className="muted">You have no {current.length > 0 ? 'further ' : ''}shift in the two weeks ahead.</span>
      ) : (
        <span className="muted">
          Your next shift is {nameOf(coming.scheduleId)}, {whenWords(zone, coming.fromMs, nowMs)} to{' '}
          {whenWords(zone, coming.toMs, nowMs)} {placeOf(zone)}.
        </span>
      )}
    </p>
  );
}

interface ScheduleRowProps {
  schedule: Schedule;
  roster: Roster | undefined;
  zone: string;
  nowMs: number;
  focused: boolean;
  onFocus: () => void;
}

function ScheduleRow({ schedule, roster, zone, nowMs, focused, onFocus }: ScheduleRowProps) {
  const standing = roster === undefined ? null : standingOf(roster, nowMs);
  const team = useTable('team').rows.get(schedule.teamId ?? '')?.name;
  return (
    <li className={focused ? 'oncall-row focused' : 'oncall-row'} onMouseDown={onFocus}>
      <div className="two-line">
        <div className="row">
          <a className="need-title medium" href={paths.schedule(schedule.id)}>
            {schedule.name}
          </a>
        </div>
        <div className="clip">{team ?? schedule.description}</div>
      </div>
      {standing === null || !standing.known ? (
        <span className="muted oncall-unknown">not known here</span>
      ) : (
        <>
          <Who stretch={standing.now} />
          <span className="tabular nowrap">
            {standing.now === null ? '' : endWords(standing.now, roster, zone, nowMs)}
          </span>
          <Then stretch={standing.next} />
        </>
      )}
      <div className="row oncall-quality">
        <FindingCount findings={schedule.findings} />
        <span className="tabular" title="Quality of the two weeks ahead, of 100">
          {roster === undefined ? '' : roster.quality.score}
        </span>
      </div>
    </li>
  );
}

function Who({ stretch }: { stretch: Stretch | null }) {
  const me = useMe();
  const nameOf = useNameOf();
  const ids = stretch?.userIds ?? [];
  if (ids.length === 0) {
    return (
      <div className="row oncall-who nobody">
        <Avatar name={null} />
        <span className="medium">Nobody</span>
      </div>
    );
  }
  return (
    <div className="row wrap oncall-who">
      {ids.map((id) => (
        <span key={id} className="row">
          <Avatar name={nameOf(id)} me={id === me.id} />
          <span className="medium">{id === me.id ? 'You' : nameOf(id)}</span>
        </span>
      ))}
    </div>
  );
}

function Then({ stretch }: { stretch: Stretch | null }) {
  const me = useMe();
  const nameOf = useNameOf();
  if (stretch === null) return <span className="faint clip oncall-then">the same, as far as is known</span>;
  const names = stretch.userIds.map((id) => (id === me.id ? 'you' : nameOf(id)));
  return (
    <span className={names.length === 0 ? 'medium oncall-then' : 'muted oncall-then'}>
      {names.length === 0 ? 'nobody' : names.join(', ')}
    </span>
  );
}

function endWords(stretch: Stretch, roster: Roster | undefined, zone: string, nowMs: number): string {
  return roster !== undefined && stretch.toMs >= Date.parse(roster.to)
    ? `beyond ${whenWords(zone, stretch.toMs, nowMs)}`
    : whenWords(zone, stretch.toMs, nowMs);
}

function MyShifts({ zone, nowMs, onFeed }: { zone: string; nowMs: number; onFeed: () => void }) {
  const me = useMe();
  const rosters = useTable('roster').rows;
  const schedules = useTable('schedule').rows;
  const shifts = useMemo(() => shiftsOf(rosters.values(), me.id, nowMs).slice(0, 8), [rosters, me.id, nowMs]);
  return (
    <>
      <SectionHead
        title="My shifts"
        count={placeOf(zone)}
        actions={
          <Button compact look="ghost" onPress={onFeed}>
            Calendar feed…
          </Button>
        }
      />
      {shifts.length === 0 ? (
        <p className="small-text muted oncall-none">None in the two weeks ahead.</p>
      ) : (
        <ul aria-label="My shifts">
          {shifts.map((shift) => (
            <li key={`${shift.scheduleId} ${shift.fromMs}`} className="oncall-shift">
              <a className="need-title clip" href={paths.schedule(shift.scheduleId)}>
                {schedules.get(shift.scheduleId)?.name ?? 'A schedule'}
              </a>
              <span className="small-text muted tabular nowrap">
                {shift.fromMs <= nowMs ? 'now' : whenWords(zone, shift.fromMs, nowMs)} to{' '}
                {whenWords(zone, shift.toMs, nowMs)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
