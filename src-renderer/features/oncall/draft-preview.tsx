import { useMemo, useState } from 'react';
import type { ScheduleDraft } from '#server/contract/schedule.ts';
import { Failure } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useMe, useNameOf, useReachable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { localDate } from '../../zone-time.ts';
import { FindingList } from '../config/finding-list.tsx';
import { Gantt, type GanttRow } from './gantt.tsx';
import { gapsIn, type GanttSpan, stepDay, windowOf, windowTitle } from './gantt-geometry.ts';
import { ShiftTable } from './shift-table.tsx';
import { QualityPanel } from './quality-panel.tsx';
import { usePreview } from './use-preview.ts';

interface DraftPreviewProps {
  scheduleId: string | null;
  /** Null while a field does not hold up: then the last one that did is drawn. */
  draft: ScheduleDraft | null;
  zone: string;
}

/** What the layers come to, before they are saved. */
export function DraftPreview({ scheduleId, draft, zone }: DraftPreviewProps) {
  const me = useMe();
  const nameOf = useNameOf();
  const reachable = useReachable();
  const today = localDate(zone, useServerStep(60_000));
  const [span, setSpan] = useState<GanttSpan>('two-weeks');
  const [day, setDay] = useState<string | null>(null);
  const [look, setLook] = useState<'gantt' | 'table'>('gantt');
  const [last, setLast] = useState(draft);
  if (draft !== null && draft !== last) setLast(draft);
  const window = useMemo(() => windowOf(span, day ?? today, zone), [span, day, today, zone]);
  const ask = draft ?? last;
  const asked = usePreview(
    ask === null || ask.layers.length === 0
      ? null
      : {
          scheduleId,
          draft: ask,
          from: new Date(window.fromMs).toISOString(),
          to: new Date(window.toMs).toISOString(),
        },
  );
  const rows = useMemo(() => {
    const found: GanttRow[] = (asked.data?.layers ?? []).map(({ id, name, shifts, offDuty }) => ({
      id,
      label: name,
      kind: 'layer',
      shifts,
      offDuty,
    }));
    if (asked.data !== undefined) {
      const { overrides, result } = asked.data;
      if (overrides.length > 0)
        found.push({ id: 'overrides', label: t`Overrides`, kind: 'override', shifts: overrides });
      found.push({ id: 'result', label: t`On call`, kind: 'result', shifts: result, gaps: gapsIn(result, window) });
    }
    return found;
  }, [asked.data, window]);

  return (
    <div className="draft-preview">
      <Panel title={t`What comes out`} count={windowTitle(window)} label={t`Preview of the draft`}>
        <div className="schedule-tools">
          <Segmented
            label={t`How much to preview`}
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
          <Button compact look="ghost" aria-label={t`Later`} onPress={() => setDay(stepDay(window, 1))}>
            ›
          </Button>
          <span className="grow" />
          <Segmented
            label={t`Draw the preview as`}
            value={look}
            onChange={setLook}
            options={[
              { value: 'gantt', label: t`Gantt` },
              { value: 'table', label: t`Table` },
            ]}
          />
        </div>
        {ask === null || ask.layers.length === 0 ? (
          <p className="panel-body muted">{t`Add a layer and its people: the shifts are drawn here as you type.`}</p>
        ) : !reachable ? (
          <p className="panel-body muted">{t`Offline: the server works the shifts out, and saving needs it too.`}</p>
        ) : (
          <>
            {asked.failure === null ? null : (
              <div className="panel-body">
                <Failure what={t`The draft could not be worked out`} failure={asked.failure} onRetry={asked.again} />
              </div>
            )}
            <div className="schedule-gantt gantt-scroll" role="region" aria-label={t`Shifts of the draft`} tabIndex={0}>
              {look === 'gantt' ? (
                <Gantt window={window} rows={rows} me={me.id} nameOf={nameOf} />
              ) : (
                <ShiftTable
                  caption={t`Who would be on call`}
                  shifts={asked.data?.result ?? []}
                  window={window}
                  known={window}
                  nameOf={nameOf}
                />
              )}
            </div>
            {draft === null ? (
              <p className="panel-body small-text muted">{t`A field is not valid, so this is the draft as it last was.`}</p>
            ) : null}
          </>
        )}
      </Panel>
      <FindingList findings={asked.data?.findings ?? []} label={t`What the draft leads to`} />
      {asked.data === undefined ? null : <QualityPanel schedule={{ timeZone: zone }} quality={asked.data.quality} />}
    </div>
  );
}
