import { useMemo, useState } from 'react';
import type { Schedule, Shift } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useEntity, useFreshness, useMe, useNameOf, useReplica, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Freshness } from '../../ui/freshness.tsx';
import { Menu } from '../../ui/menu.tsx';
import { placeOf, whenWords } from '../../zone-time.ts';
import '../config/config.css';
import { FindingList } from '../config/finding-list.tsx';
import { UnsavedMark } from '../config/unsaved-mark.tsx';
import { useCanWrite } from '../config/use-document.ts';
import { DeleteSchedule } from './delete-schedule.tsx';
import { FeedDialog } from './feed-dialog.tsx';
import { standingOf, type Stretch } from './oncall-facts.ts';
import './oncall.css';
import { OverrideDialog } from './override-dialog.tsx';
import { OverrideList } from './override-list.tsx';
import { QualityPanel } from './quality-panel.tsx';
import { ScheduleEditor } from './schedule-editor.tsx';
import { ScheduleGantt } from './schedule-gantt.tsx';
import { ScheduleHistory } from './schedule-history.tsx';
import { SwapDialog } from './swap-dialog.tsx';
import { Missing } from '../links/missing.tsx';
import { SwapList } from './swap-list.tsx';
import { TimeOffDialog } from './time-off-dialog.tsx';

type Dialog = { kind: 'override' | 'take' | 'swap'; shift: Shift | null } | { kind: 'time-off' | 'feed' | 'delete' };

/** `#/oncall/new`, `#/oncall/<id>` and `#/oncall/<id>/edit`. */
export function ScheduleScreen({ params }: ScreenProps) {
  const id = params['id'] ?? '';
  const schedule = useEntity('schedule', id);
  const ready = useReplica((state) => state.ready);
  if (id === 'new') return <ScheduleEditor schedule={null} />;
  if (schedule === undefined) {
    if (!ready) return null;
    return (
      <div className="screen-pad">
        <Missing
          id={id}
          title={t`This schedule is not on this machine`}
          actions={
            <a className="button" href={paths.oncall()}>
              {t`All schedules`}
            </a>
          }
        >
          {t`It was deleted, or its address is wrong.`}
        </Missing>
      </div>
    );
  }
  if (params['view'] === 'edit') return <ScheduleEditor key={id} schedule={schedule} />;
  return <SchedulePage key={id} schedule={schedule} />;
}

function SchedulePage({ schedule }: { schedule: Schedule }) {
  const me = useMe();
  const freshness = useFreshness();
  const roster = useEntity('roster', schedule.id);
  const team = useTable('team').rows.get(schedule.teamId ?? '')?.name;
  const cannotEdit = useCanWrite('schedule');
  const cannotOwn = useCanWrite('override', [me.id]);
  const minute = useServerStep(60_000);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = (): void => setDialog(null);
  const edit = (): void => navigate(paths.scheduleEditor(schedule.id));
  useCommands([
    {
      id: 'schedule.override',
      label: t`override`,
      hint: true,
      unavailable: cannotOwn,
      run: () => setDialog({ kind: 'override', shift: null }),
    },
    { id: 'schedule.edit', label: t`edit`, run: edit, unavailable: cannotEdit },
    { id: 'back', label: t`all schedules`, run: () => navigate(paths.oncall()) },
  ]);
  const standing = useMemo(() => (roster === undefined ? null : standingOf(roster, minute)), [roster, minute]);

  return (
    <div className="schedule">
      <header className="editor-head schedule-head">
        <a className="small-text muted editor-back" href={paths.oncall()}>
          {t`All schedules`}
        </a>
        <div className="editor-title">
          <h1 className="title clip">{schedule.name}</h1>
          <span className="row editor-ids">
            <UnsavedMark kind="schedule" id={schedule.id} />
            {team === undefined ? null : <span className="chip outlined">{team}</span>}
            <span className="small-text muted clip">{t`times in ${placeOf(schedule.timeZone)}`}</span>
            <span className="small-text muted">
              <Freshness value={freshness} bare />
            </span>
          </span>
        </div>
        <Button unavailable={cannotEdit} onPress={edit}>
          {t`Edit`}
        </Button>
        <Menu
          label={t`More for this schedule`}
          trigger={<Button icon="dots" aria-label={t`More for this schedule`} />}
          actions={[
            {
              id: 'swap',
              label: t`Ask for a swap…`,
              run: () => setDialog({ kind: 'swap', shift: null }),
              unavailable: cannotOwn,
            },
            { id: 'off', label: t`Time off…`, run: () => setDialog({ kind: 'time-off' }), unavailable: cannotOwn },
            { id: 'feed', label: t`Calendar feed…`, run: () => setDialog({ kind: 'feed' }) },
            {
              id: 'delete',
              label: t`Delete…`,
              icon: 'trash',
              run: () => setDialog({ kind: 'delete' }),
              unavailable: cannotEdit,
            },
          ]}
        />
        <Button
          look="primary"
          command="schedule.override"
          unavailable={cannotOwn}
          onPress={() => setDialog({ kind: 'override', shift: null })}
        >
          {t`Override…`}
        </Button>
      </header>
      {schedule.description === '' ? null : <p className="muted">{schedule.description}</p>}
      <FindingList findings={schedule.findings} label={t`Warnings of this schedule`} />
      <div className="schedule-standing">
        {standing === null || !standing.known ? (
          <div className="hatch">
            <div className="small-text muted">{t`On call now`}</div>
            <div className="strong">{t`Not known on this machine`}</div>
          </div>
        ) : (
          <>
            <StandingCard which="now" stretch={standing.now} zone={schedule.timeZone} nowMs={minute} />
            <StandingCard which="next" stretch={standing.next} zone={schedule.timeZone} nowMs={minute} />
          </>
        )}
      </div>
      <ScheduleGantt
        schedule={schedule}
        actionsOf={(shift) => [
          {
            id: 'take',
            label: t`Take this shift…`,
            run: () => setDialog({ kind: 'take', shift }),
            unavailable: shift.userId === me.id ? t`it is yours` : cannotOwn,
          },
          {
            id: 'override',
            label: t`Override…`,
            run: () => setDialog({ kind: 'override', shift }),
            unavailable: cannotOwn,
          },
          {
            id: 'swap',
            label: t`Ask for a swap…`,
            run: () => setDialog({ kind: 'swap', shift }),
            unavailable: shift.userId === me.id || cannotEdit === null ? cannotOwn : t`it is not yours`,
          },
        ]}
        onShift={(shift) => setDialog({ kind: shift.userId === me.id ? 'swap' : 'take', shift })}
      />
      <div className="schedule-two">
        {roster === undefined ? null : <QualityPanel schedule={schedule} quality={roster.quality} />}
        <div className="stack schedule-side">
          <SwapList scheduleId={schedule.id} />
          <OverrideList schedule={schedule} />
          <ScheduleHistory schedule={schedule} />
        </div>
      </div>
      {dialog?.kind === 'override' || dialog?.kind === 'take' ? (
        <OverrideDialog schedule={schedule} shift={dialog.shift} take={dialog.kind === 'take'} onClose={close} />
      ) : null}
      {dialog?.kind === 'swap' ? <SwapDialog schedule={schedule} shift={dialog.shift} onClose={close} /> : null}
      {dialog?.kind === 'time-off' ? (
        <TimeOffDialog zone={schedule.timeZone} schedules={[schedule]} onClose={close} />
      ) : null}
      {dialog?.kind === 'feed' ? <FeedDialog scheduleId={schedule.id} name={schedule.name} onClose={close} /> : null}
      {dialog?.kind === 'delete' ? <DeleteSchedule schedule={schedule} onClose={close} /> : null}
    </div>
  );
}

interface StandingCardProps {
  which: 'now' | 'next';
  stretch: Stretch | null;
  zone: string;
  nowMs: number;
}

function StandingCard({ which, stretch, zone, nowMs }: StandingCardProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const ids = stretch?.userIds ?? [];
  const until = stretch === null ? '' : `${whenWords(zone, stretch.toMs, nowMs)} ${placeOf(zone)}`;
  return (
    <div className={stretch !== null && ids.length === 0 ? 'nobody' : undefined}>
      <div className="small-text muted">{which === 'now' ? t`On call now` : t`Next`}</div>
      {stretch === null ? (
        <div className="muted">{t`the same people, as far as is known`}</div>
      ) : (
        <>
          <div className="row wrap">
            {ids.length === 0 ? <span className="strong">{t`Nobody`}</span> : null}
            {ids.map((id) => (
              <span key={id} className="row">
                <Avatar name={nameOf(id)} me={id === me.id} />
                <span className="strong">{id === me.id ? t`You` : nameOf(id)}</span>
              </span>
            ))}
          </div>
          <div className="small-text muted">
            {which === 'now' ? t`until ${until}` : t`from ${whenWords(zone, stretch.fromMs, nowMs)} until ${until}`}
          </div>
        </>
      )}
    </div>
  );
}
