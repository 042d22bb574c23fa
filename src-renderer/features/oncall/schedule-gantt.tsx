import { useMemo, useState } from 'react';
import type { OncallPreview } from '#server/contract/oncall.ts';
import type { Roster, Schedule, Shift } from '#server/contract/schedule.ts';
import { Failure } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useEntity, useMe, useNameOf, useReachable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import type { MenuAction } from '../../ui/menu.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { localDate, placeOf } from '../../zone-time.ts';
import { Gantt, type GanttRow } from './gantt.tsx';
import { gapsIn, type GanttSpan, type GanttWindow, stepDay, windowOf, windowTitle } from './gantt-geometry.ts';
import { ShiftTable } from './shift-table.tsx';
import { usePreview } from './use-preview.ts';

interface ScheduleGanttProps {
  schedule: Schedule;
  actionsOf: (shift: Shift) => MenuAction[];
  onShift: (shift: Shift) => void;
}

/** Layers, what people changed, and what comes out. Offline it draws what the roster on this machine knows. */
export function ScheduleGantt({ schedule, actionsOf, onShift }: ScheduleGanttProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const reachable = useReachable();
  const roster = useEntity('roster', schedule.id);
  const zone = schedule.timeZone;
  const today = localDate(zone, useServerStep(60_000));
  const [span, setSpan] = useState<GanttSpan>('two-weeks');
  const [day, setDay] = useState<string | null>(null);
  const [look, setLook] = useState<'gantt' | 'table'>('gantt');
  const window = useMemo(() => windowOf(span, day ?? today, zone), [span, day, today, zone]);
  const asked = usePreview(
    {
      scheduleId: schedule.id,
      draft: null,
      from: new Date(window.fromMs).toISOString(),
      to: new Date(window.toMs).toISOString(),
    },
    // A newer schedule or override is a new question.
    { restMs: 0, basis: `${schedule.version} ${roster?.version ?? 0}` },
  );
  const answer = fits(asked.data, window) ? asked.data : undefined;
  // Their rows stand before what is in them is known, or all below would jump whenever another span is looked at.
  const coming = reachable && asked.failure === null ? schedule.layers : noLayers;
  const { rows, result, known } = useMemo(
    () => content(window, answer, roster, coming),
    [window, answer, roster, coming],
  );
  const partial = known.fromMs > window.fromMs || known.toMs < window.toMs;

  return (
    <Panel label={t`Shifts and layers`}>
      <div className="schedule-tools">
        <Segmented
          label={t`How much to show`}
          value={span}
          onChange={setSpan}
          options={[
            { value: 'day', label: t`1 day` },
            { value: 'two-weeks', label: t`2 weeks` },
            { value: 'month', label: t`Month` },
          ]}
        />
        <Button compact look="ghost" aria-label={t`Earlier`} onPress={() => setDay(stepDay(window, -1))}>
          ‹
        </Button>
        <Button compact look="ghost" onPress={() => setDay(null)}>
          {t`Today`}
        </Button>
        <Button compact look="ghost" aria-label={t`Later`} onPress={() => setDay(stepDay(window, 1))}>
          ›
        </Button>
        <h2 className="strong">{windowTitle(window)}</h2>
        <span className="small-text faint">{placeOf(zone)}</span>
        <span className="grow" />
        <Segmented
          label={t`Draw it as`}
          value={look}
          onChange={setLook}
          options={[
            { value: 'gantt', label: t`Gantt` },
            { value: 'table', label: t`Table` },
          ]}
        />
      </div>
      {asked.failure === null ? null : (
        <div className="panel-body">
          <Failure what={t`The layers could not be worked out`} failure={asked.failure} onRetry={asked.again} />
        </div>
      )}
      {partial ? (
        <p className="panel-body small-text muted">
          {reachable
            ? asked.failure === null
              ? t`Asking the server for the days beyond what this machine keeps…`
              : t`Only the days that this machine keeps are drawn.`
            : t`Offline: this machine keeps two weeks back and ahead, and no layers.`}
        </p>
      ) : null}
      <div
        className="schedule-gantt gantt-scroll"
        role="region"
        aria-label={t`Shifts`}
        // It scrolls sideways where it is narrow, also without a pointer.
        tabIndex={0}
      >
        {look === 'gantt' ? (
          <Gantt window={window} rows={rows} me={me.id} nameOf={nameOf} onShift={onShift} />
        ) : (
          <ShiftTable
            caption={t`Who is on call, ${windowTitle(window)}`}
            shifts={result}
            window={window}
            known={known}
            nameOf={nameOf}
            actionsOf={actionsOf}
          />
        )}
      </div>
      {look === 'gantt' ? (
        <div className="panel-body gantt-legend">
          <span>{rich`${<i className="gantt-gap" />} nobody on call`}</span>
          <span>{rich`${<i className="gantt-off" />} outside a layer’s hours`}</span>
          <span>
            {t`filled: you; line styles tell the others apart. A click takes or swaps a shift, and so does the table.`}
          </span>
        </div>
      ) : null}
    </Panel>
  );
}

interface Content {
  rows: GanttRow[];
  result: readonly Shift[];
  known: { fromMs: number; toMs: number };
}

const noShifts: readonly Shift[] = [];
const noLayers: Schedule['layers'] = [];

function content(
  window: GanttWindow,
  answer: OncallPreview | undefined,
  roster: Roster | undefined,
  coming: Schedule['layers'],
): Content {
  const known =
    answer !== undefined
      ? { fromMs: window.fromMs, toMs: window.toMs }
      : roster === undefined
        ? { fromMs: window.fromMs, toMs: window.fromMs }
        : {
            fromMs: Math.min(window.toMs, Math.max(window.fromMs, Date.parse(roster.from))),
            toMs: Math.max(window.fromMs, Math.min(window.toMs, Date.parse(roster.to))),
          };
  const result = answer?.result ?? roster?.shifts ?? noShifts;
  const rows: GanttRow[] =
    answer === undefined
      ? coming.map(({ id, name }) => ({ id, label: name, kind: 'layer', shifts: noShifts }))
      : answer.layers.map(({ id, name, shifts, offDuty }) => ({ id, label: name, kind: 'layer', shifts, offDuty }));
  if (answer !== undefined || coming.length > 0)
    rows.push({ id: 'overrides', label: t`Overrides`, kind: 'override', shifts: answer?.overrides ?? noShifts });
  const gaps = known.fromMs < known.toMs ? gapsIn(result, known) : [];
  rows.push({ id: 'result', label: t`On call`, kind: 'result', shifts: result, gaps });
  return { rows, result, known };
}

/** While the next answer is under way, the last one is kept; it must not be drawn under another heading. */
function fits(answer: OncallPreview | undefined, window: GanttWindow): answer is OncallPreview {
  return answer !== undefined && Date.parse(answer.from) <= window.fromMs && Date.parse(answer.to) >= window.toMs;
}
