import { useMemo } from 'react';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useMe, useTable } from '../../session.tsx';
import { endWords, placeOf, whenWords } from '../../zone-time.ts';
import { shiftsOf } from './oncall-facts.ts';

/** The one sentence that a person looks for first. */
export function MyStanding({ zone, nowMs }: { zone: string; nowMs: number }) {
  const me = useMe();
  const rosters = useTable('roster').rows;
  const schedules = useTable('schedule').rows;
  const shifts = useMemo(() => shiftsOf(rosters.values(), me.id, nowMs), [rosters, me.id, nowMs]);
  const current = shifts.filter(({ fromMs }) => fromMs <= nowMs);
  const coming = shifts.find(({ fromMs }) => fromMs > nowMs);
  const known = [...rosters.values()].some((roster) => Date.parse(roster.to) > nowMs);
  const nameOf = (id: string): string => schedules.get(id)?.name ?? t`a schedule that is gone`;
  if (!known) {
    if (rosters.size === 0) return null;
    return (
      <p className="oncall-standing">
        {t`The rosters on this machine end before today. Who is on call is not known here until the server answers.`}
      </p>
    );
  }
  return (
    <p className={current.length > 0 ? 'oncall-standing mine' : 'oncall-standing'}>
      {current.map((shift) => (
        <span key={shift.scheduleId}>
          {rich`You are on call for ${<b>{nameOf(shift.scheduleId)}</b>} until ${<b>{whenWords(zone, shift.toMs, nowMs)}</b>} ${placeOf(zone)}.`}{' '}
        </span>
      ))}
      {current.length > 0 ? null : <span>{t`You are not on call.`}</span>}{' '}
      <span className="muted">
        {coming !== undefined
          ? t`Your next shift is ${nameOf(coming.scheduleId)}, ${whenWords(zone, coming.fromMs, nowMs)} to ${endWords(zone, coming.fromMs, coming.toMs, nowMs)} ${placeOf(zone)}.`
          : current.length > 0
            ? t`You have no further shift in the two weeks ahead.`
            : t`You have no shift in the two weeks ahead.`}
      </span>
    </p>
  );
}
