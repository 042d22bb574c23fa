import { useMemo } from 'react';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useMe, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { endWords, placeOf, whenWords } from '../../zone-time.ts';
import { shiftsOf } from './oncall-facts.ts';

export function MyShifts({ zone, nowMs, onFeed }: { zone: string; nowMs: number; onFeed: () => void }) {
  const me = useMe();
  const rosters = useTable('roster').rows;
  const schedules = useTable('schedule').rows;
  const shifts = useMemo(() => shiftsOf(rosters.values(), me.id, nowMs).slice(0, 8), [rosters, me.id, nowMs]);
  return (
    <>
      <SectionHead
        title={t`My shifts`}
        count={placeOf(zone)}
        actions={
          <Button compact look="ghost" onPress={onFeed}>
            {t`Calendar feed…`}
          </Button>
        }
      />
      {shifts.length === 0 ? (
        <p className="small-text muted oncall-none">{t`None in the two weeks ahead.`}</p>
      ) : (
        <ul aria-label={t`My shifts`}>
          {shifts.map((shift) => (
            <li key={`${shift.scheduleId} ${shift.fromMs}`} className="oncall-shift">
              <a className="need-title clip" href={paths.schedule(shift.scheduleId)}>
                {schedules.get(shift.scheduleId)?.name ?? t`A schedule`}
              </a>
              <span className="small-text muted tabular">
                {shift.fromMs <= nowMs
                  ? t`now to ${whenWords(zone, shift.toMs, nowMs)}`
                  : t`${whenWords(zone, shift.fromMs, nowMs)} to ${endWords(zone, shift.fromMs, shift.toMs, nowMs)}`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
