import type { Schedule, ScheduleQuality } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useNameOf, useTable } from '../../session.tsx';
import { Panel } from '../../ui/panel.tsx';
import { dayWords, localDate } from '../../zone-time.ts';
import './oncall.css';
import { qualitySentences, scoreWord, timesShare } from './oncall-words.ts';

/** The weeks ahead as a number, with every reason for it in a sentence. */
export function QualityPanel({
  schedule,
  quality,
}: {
  schedule: Pick<Schedule, 'timeZone'>;
  quality: ScheduleQuality;
}) {
  const nameOf = useNameOf();
  const schedules = useTable('schedule').rows;
  const zone = schedule.timeZone;
  const scheduleNameOf = (id: string): string => schedules.get(id)?.name ?? t`another schedule`;
  const sentences = qualitySentences(quality, { nameOf, scheduleNameOf, zone });
  const until = dayWords(localDate(zone, Date.parse(quality.to)));
  return (
    <Panel title={t`Quality`} label={t`Quality of the schedule`} count={t`until ${until}`}>
      <div className="panel-body stack quality">
        <p>
          <b className="figure">{quality.score}</b>{' '}
          <span className="muted">{t`of 100, ${scoreWord(quality.score)}`}</span>
        </p>
        {sentences.length === 0 ? (
          <p className="muted">
            {quality.score === 100
              ? t`No gap, nobody twice, and the load is shared evenly.`
              : t`No gap and nobody twice; the hours differ a little.`}
          </p>
        ) : (
          <ul className="quality-list">
            {sentences.slice(0, 12).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
            {sentences.length > 12 ? (
              <li className="muted">{t`and ${sentences.length - 12} more of the kind.`}</li>
            ) : null}
          </ul>
        )}
        {quality.load.length === 0 ? null : (
          <table className="load-table">
            <caption className="visually-hidden">{t`Hours of each person`}</caption>
            <thead>
              <tr>
                <th scope="col">{t`Person`}</th>
                <th scope="col">{t`Hours`}</th>
                <th scope="col">{t`At night`}</th>
                <th scope="col">{t`Of even share`}</th>
              </tr>
            </thead>
            <tbody>
              {quality.load
                .toSorted((a, b) => b.hours - a.hours)
                .map((one) => (
                  <tr key={one.userId}>
                    <td>{nameOf(one.userId)}</td>
                    <td>{Math.round(one.hours)}</td>
                    <td className="muted">{Math.round(one.nightHours)}</td>
                    <td className="muted">{Math.round(timesShare(one) * 100)} %</td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
