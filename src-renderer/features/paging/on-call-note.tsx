import { useMemo } from 'react';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useMe, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Icon } from '../../ui/icon.tsx';
import { placeOf, whenWords } from '../../zone-time.ts';
import { useZone } from '../oncall/use-zone.ts';
import { dutyNow } from './on-call-facts.ts';
import './paging.css';

export interface Duty {
  scheduleId: string;
  name: string;
  /** `20:00`, `Fri 08:00`. */
  until: string;
  /** Of `until`: `UTC`, `Berlin`. */
  place: string;
  more: number;
}

/** What I am on call for at this moment; null when nothing says so. */
export function useDuty(): Duty | null {
  const me = useMe();
  const rosters = useTable('roster');
  const schedules = useTable('schedule');
  const zone = useZone();
  const minute = useServerStep(60_000);
  // oxlint-disable-next-line react/preserve-manual-memoization -- a sentence changes nothing that this depends on
  return useMemo(() => {
    const duty = dutyNow(rosters.rows.values(), me.id, minute);
    if (duty === null) return null;
    const { scheduleId, toMs } = duty.shift;
    return {
      scheduleId,
      name: schedules.rows.get(scheduleId)?.name ?? t`A schedule`,
      until: whenWords(zone, toMs, minute),
      place: placeOf(zone),
      more: duty.more,
    };
  }, [rosters, schedules, me.id, minute, zone]);
}

/** `Payments primary until 20:00 Berlin`, in the top bar for as long as it is true. */
export function OnCallNote() {
  const duty = useDuty();
  if (duty === null) return null;
  const { scheduleId, name, until, place, more } = duty;
  return (
    <a
      className="on-call-note"
      href={more > 0 ? paths.oncall() : paths.schedule(scheduleId)}
      title={t`You are on call: ${name} until ${until} ${place}`}
    >
      <Icon name="phone-call" small />
      <span className="clip on-call-what">{name}</span>
      <span className="nowrap">{more > 0 ? t`until ${until} ${place}, ${more} more` : t`until ${until} ${place}`}</span>
    </a>
  );
}
