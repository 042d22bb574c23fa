import { useMemo } from 'react';
import type { OncallPreviewInput } from '#server/contract/oncall.ts';
import type { Roster, Schedule } from '#server/contract/schedule.ts';
import { Failure } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useEntity, useMe, useNameOf, useReachable } from '../../session.tsx';
import { localDate } from '../../zone-time.ts';
import { FindingList } from '../config/finding-list.tsx';
import { Gantt, type GanttRow } from './gantt.tsx';
import { gapsIn, type GanttWindow, windowAround } from './gantt-geometry.ts';
import type { Span } from './span-draft.ts';
import { usePreview } from './use-preview.ts';

type Trial = Pick<OncallPreviewInput, 'overrides' | 'timeOffs' | 'swaps'>;

/** Before and after, for a change that is not saved yet. Null: the form does not hold up yet. */
export function ResultPreview({
  schedule,
  span,
  trial,
}: {
  schedule: Schedule;
  span: Span | null;
  trial: Trial | null;
}) {
  const me = useMe();
  const nameOf = useNameOf();
  const reachable = useReachable();
  const roster = useEntity('roster', schedule.id);
  const window = useMemo(() => (span === null ? null : windowFor(schedule.timeZone, span)), [schedule.timeZone, span]);
  const asked = usePreview(
    window === null || trial === null
      ? null
      : {
          scheduleId: schedule.id,
          draft: null,
          from: new Date(window.fromMs).toISOString(),
          to: new Date(window.toMs).toISOString(),
          ...trial,
        },
  );
  if (window === null || trial === null)
    return <p className="small-text muted">{t`Who is then on call appears here once the fields above are valid.`}</p>;
  if (!reachable) return <p className="small-text muted">{t`The preview needs the server, and so does saving.`}</p>;
  const rows: GanttRow[] = [];
  if (roster !== undefined)
    rows.push({ id: 'before', label: t`As it is`, kind: 'layer', ...knownPart(roster, window) });
  if (asked.data !== undefined) {
    const { result } = asked.data;
    rows.push({ id: 'after', label: t`With this`, kind: 'result', shifts: result, gaps: gapsIn(result, window) });
  }
  const findings = asked.data?.findings ?? [];
  return (
    <div className="result-preview" role="group" aria-label={t`Preview`}>
      {asked.failure === null ? null : (
        <Failure what={t`The result could not be worked out`} failure={asked.failure} onRetry={asked.again} />
      )}
      <div className="gantt-scroll" role="region" aria-label={t`Shifts before and after`} tabIndex={0}>
        <Gantt window={window} rows={rows} me={me.id} nameOf={nameOf} />
      </div>
      <FindingList findings={findings} label={t`What the change leads to`} />
      {asked.data === undefined || findings.length > 0 ? null : (
        <p className="small-text muted">
          {gapsIn(asked.data.result, window).length === 0
            ? t`Nobody is missing with it.`
            : t`The hatched part has nobody on call.`}
        </p>
      )}
    </div>
  );
}

function knownPart(roster: Roster, window: GanttWindow): Pick<GanttRow, 'shifts' | 'gaps'> {
  const known = {
    fromMs: Math.max(window.fromMs, Date.parse(roster.from)),
    toMs: Math.min(window.toMs, Date.parse(roster.to)),
  };
  return { shifts: roster.shifts, gaps: known.fromMs < known.toMs ? gapsIn(roster.shifts, known) : [] };
}

function windowFor(zone: string, span: Span): GanttWindow {
  const day = localDate(zone, Date.parse(span.startsAt));
  return windowAround(day, localDate(zone, Date.parse(span.endsAt) - 1), zone);
}
