import { useMemo, useState } from 'react';
import type { Roster, Schedule } from '#server/contract/schedule.ts';
import { whyNot } from '../../api/can.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useMe, useNameOf, useReachable, useReplica, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { UnreadableDocuments } from '../config/unreadable-documents.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { SectionHead } from '../../ui/panel.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { placeOf, whenWords } from '../../zone-time.ts';
import { FindingCount } from '../config/finding-list.tsx';
import { UnsavedMark } from '../config/unsaved-mark.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { PhoneList } from '../incidents/phone-list.tsx';
import { FeedDialog } from './feed-dialog.tsx';
import { MyShifts } from './my-shifts.tsx';
import { MyStanding } from './my-standing.tsx';
import { mineFirst, standingOf, type Stretch } from './oncall-facts.ts';
import './oncall.css';
import { PageDialog } from './page-dialog.tsx';
import { SchedulePeek } from './schedule-peek.tsx';
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
  const minute = useServerStep(60_000);
  const [dialog, setDialog] = useState<'time-off' | 'feed' | 'page' | null>(null);
  // Not for lack of a network: then the dialog says whom to call.
  const cannotPage = whyNot('escalation.escalate', { role: me.role, reachable: true });
  const [peeking, setPeeking] = useState(false);
  const list = useMemo(
    () => mineFirst(schedules.rows.values(), rosters, me.id, minute),
    [schedules, rosters, me.id, minute],
  );
  const ids = useMemo(() => list.map(({ id }) => id), [list]);
  const cursor = useListCursor(ids, 'oncall');
  useRowInSight(cursor.at);
  const focused = list[cursor.at];
  useCommands([
    {
      id: 'escalate',
      label: t`page a team or a person`,
      group: 'On-call',
      hint: true,
      unavailable: cannotPage,
      run: () => setDialog('page'),
    },
    ...listCommands(
      {
        move: cursor.move,
        peek: () => setPeeking(!peeking),
        open: () => {
          if (focused !== undefined) navigate(paths.schedule(focused.id));
        },
        detail: peeking ? cursor.move : null,
        back: peeking ? () => setPeeking(false) : null,
      },
      { group: 'On-call', count: list.length },
    ),
  ]);
  if (!ready) return null;
  return (
    <div className={peeking ? 'oncall peeking' : 'oncall'}>
      <section className="oncall-left">
        <ScreenHead
          title={t`On-call`}
          beside={
            <>
              <span className="small-text muted">
                <Freshness value={freshness} bare />
              </span>
            </>
          }
        >
          <Button command="escalate" unavailable={cannotPage} onPress={() => setDialog('page')}>
            {t`Page…`}
          </Button>
          <Button onPress={() => setDialog('time-off')}>{t`Time off…`}</Button>
          <Button icon="plus" unavailable={cannot} onPress={() => navigate(paths.schedule('new'))}>
            <span className="spare-word">{t`New schedule`}</span>
          </Button>
        </ScreenHead>
        <UnreadableDocuments kinds={unreadableHere} />
        <MyStanding zone={zone} nowMs={minute} />
        <SectionHead title={t`Now and next`} count={list.length} />
        {list.length === 0 ? (
          <Empty
            title={t`There is no schedule yet`}
            actions={
              <Button look="primary" unavailable={cannot} onPress={() => navigate(paths.schedule('new'))}>
                {t`Make the first one`}
              </Button>
            }
          >
            {t`A schedule says who is on call at which hour. Until there is one, policies can still page people and teams by name.`}
          </Empty>
        ) : (
          <>
            <div className="oncall-row oncall-row-head" aria-hidden="true">
              <span>{t`Schedule`}</span>
              <span>{t`On call now`}</span>
              <span>{t`Until (${placeOf(zone)})`}</span>
              <span>{t`Then`}</span>
              <span className="end">{t`Quality`}</span>
            </div>
            <ul aria-label={t`Schedules`}>
              {list.map((schedule, index) => (
                <ScheduleRow
                  key={schedule.id}
                  schedule={schedule}
                  roster={rosters.get(schedule.id)}
                  zone={zone}
                  nowMs={minute}
                  focused={index === cursor.at}
                  onFocus={() => cursor.focus(index)}
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
      {peeking && focused !== undefined ? (
        <SchedulePeek
          schedule={focused}
          roster={rosters.get(focused.id)}
          zone={zone}
          nowMs={minute}
          onClose={() => setPeeking(false)}
        />
      ) : null}
      {dialog === 'page' ? <PageDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'time-off' ? <TimeOffDialog zone={zone} schedules={list} onClose={() => setDialog(null)} /> : null}
      {dialog === 'feed' ? <FeedDialog scheduleId={null} name={t`my shifts`} onClose={() => setDialog(null)} /> : null}
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
      <SectionHead title={t`Call who is on call`} count={userIds.length} />
      <PhoneList userIds={userIds} label={t`Numbers of who is on call`} />
    </>
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
        <div className="row wrap">
          <a className="need-title medium" href={paths.schedule(schedule.id)}>
            {schedule.name}
          </a>
          <UnsavedMark kind="schedule" id={schedule.id} />
        </div>
        <div className="clip">{team ?? schedule.description}</div>
      </div>
      {standing === null || !standing.known ? (
        <span className="muted oncall-unknown">{t`not known here`}</span>
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
        <span className="tabular" data-label={t`quality`} title={t`Quality of the two weeks ahead, of 100`}>
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
        <span className="medium">{t`Nobody`}</span>
      </div>
    );
  }
  return (
    <div className="row wrap oncall-who">
      {ids.map((id) => (
        <span key={id} className="row">
          <Avatar name={nameOf(id)} me={id === me.id} />
          <span className="medium">{id === me.id ? t`You` : nameOf(id)}</span>
        </span>
      ))}
    </div>
  );
}

function Then({ stretch }: { stretch: Stretch | null }) {
  const me = useMe();
  const nameOf = useNameOf();
  if (stretch === null)
    return <span className="faint clip oncall-then" data-label={t`then`}>{t`the same, as far as is known`}</span>;
  const names = stretch.userIds.map((id) => (id === me.id ? t`you` : nameOf(id)));
  return (
    <span className={names.length === 0 ? 'medium oncall-then' : 'muted oncall-then'} data-label={t`then`}>
      {names.length === 0 ? t`nobody` : names.join(', ')}
    </span>
  );
}

function endWords(stretch: Stretch, roster: Roster | undefined, zone: string, nowMs: number): string {
  return roster !== undefined && stretch.toMs >= Date.parse(roster.to)
    ? t`beyond ${whenWords(zone, stretch.toMs, nowMs)}`
    : whenWords(zone, stretch.toMs, nowMs);
}
