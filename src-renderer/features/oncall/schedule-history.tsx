import { useId, useState } from 'react';
import type { Schedule } from '#server/contract/schedule.ts';
import { Failure } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useEntity, useNameOf, useReachable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Panel } from '../../ui/panel.tsx';
import { dayWords, instantOf, localField, localTime, placeOf } from '../../zone-time.ts';
import { standingOf } from './oncall-facts.ts';
import { sourceWords } from './oncall-words.ts';
import { usePreview } from './use-preview.ts';

/** Who was, is or will be on call at any instant. */
export function ScheduleHistory({ schedule }: { schedule: Schedule }) {
  const id = useId();
  const now = useServerNow();
  const nameOf = useNameOf();
  const reachable = useReachable();
  const roster = useEntity('roster', schedule.id);
  const zone = schedule.timeZone;
  const [field, setField] = useState(() => localField(zone, now));
  const at = instantOf(zone, field);
  const kept = at === null || roster === undefined ? null : standingOf(roster, at);
  const inRoster = kept?.known === true;
  const asked = usePreview(
    at === null || inRoster
      ? null
      : {
          scheduleId: schedule.id,
          draft: null,
          from: new Date(at).toISOString(),
          to: new Date(at + 60_000).toISOString(),
        },
  );
  const shifts = inRoster
    ? (kept.now?.shifts.filter(
        (shift) => Date.parse(shift.startsAt) <= (at ?? 0) && Date.parse(shift.endsAt) > (at ?? 0),
      ) ?? [])
    : asked.data?.result;
  return (
    <Panel title={t`Who was on call at …`} label={t`Who was on call at an instant`}>
      <div className="panel-body stack">
        <div className="field">
          <label htmlFor={id}>{t`Date and time (${placeOf(zone)})`}</label>
          <input
            id={id}
            className="input"
            type="datetime-local"
            value={field}
            onChange={(event) => setField(event.target.value)}
          />
        </div>
        <p className="history-answer" aria-live="polite">
          {at === null ? (
            <span className="muted">{t`Say when.`}</span>
          ) : shifts === undefined ? (
            <span className="muted">
              {reachable
                ? asked.failure === null
                  ? t`Asking the server…`
                  : ''
                : t`That day is not kept on this machine; it needs the server.`}
            </span>
          ) : (
            <>
              {dayWords(field.slice(0, 10))} {localTime(zone, at)}: {shifts.length === 0 ? <b>{t`nobody`}</b> : null}
              {shifts.map((shift, index) => (
                <span key={`${shift.userId} ${shift.source.id}`}>
                  {index === 0 ? '' : ', '}
                  <b className="medium">{nameOf(shift.userId)}</b>{' '}
                  <span className="muted">({sourceWords(shift.source)})</span>
                </span>
              ))}
            </>
          )}
        </p>
        {asked.failure === null || inRoster ? null : (
          <Failure what={t`That instant could not be looked up`} failure={asked.failure} onRetry={asked.again} />
        )}
      </div>
    </Panel>
  );
}
