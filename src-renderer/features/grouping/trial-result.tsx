import type { RuleTrial } from '#server/contract/grouping.ts';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { durationWords } from '../../time-format.ts';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';

/** What a rule would have made of the stored alerts, beside what really happened. */
export function TrialResult({ trial, outdated }: { trial: RuleTrial; outdated: boolean }) {
  const most = Math.max(1, trial.incidentsBefore, trial.incidentsAfter);
  return (
    <div className={outdated ? 'trial outdated' : 'trial'}>
      {outdated ? (
        <p className="trial-old">{t`The draft changed since; this is what it would have done before.`}</p>
      ) : null}
      <dl className="trial-bars">
        <Bar label={t`Really happened`} count={trial.incidentsBefore} most={most} />
        <Bar label={t`With this rule`} count={trial.incidentsAfter} most={most} strong />
      </dl>
      <p className="small-text muted">
        {rich`It would have taken ${numberText(trial.alertsMatched)} of ${numberText(trial.alertsReplayed)} alerts, ${<Day at={trial.from} />} to ${<Day at={trial.to} />}. Replayed in ${(trial.elapsedMs / 1000).toFixed(trial.elapsedMs < 950 ? 2 : 1)} s; nothing was changed and nobody was paged.`}
        {trial.truncated ? ` ${t`The store holds more alerts than one trial replays: these are the newest.`}` : null}
      </p>
      {trial.samples.length === 0 ? (
        <p className="small-text muted">
          {trial.alertsMatched === 0
            ? t`No stored alert fits the condition. It may still be right for alerts that are to come.`
            : t`It would have opened no incident: no group reached the minimum within its window.`}
        </p>
      ) : (
        <ol className="trial-samples" aria-label={t`Incidents it would have opened`}>
          {trial.samples.map((sample, i) => (
            <li key={i}>
              <Mark kind={sample.severity} />
              <div className="two-line">
                <div className="row">
                  <span className="clip medium" title={sample.title}>
                    {sample.title}
                  </span>
                  <span className="chip outlined">
                    {t`${plural(sample.alertCount, { one: '1 alert', other: '# alerts' })}`}
                  </span>
                </div>
                <div>
                  {sample.reason}
                  {sample.alertTitles.length > 0 ? (
                    <span className="faint"> {sample.alertTitles.join(', ')}</span>
                  ) : null}
                </div>
              </div>
              <span className="trial-when">
                <Time at={sample.openedAt} zone />
                <span className="faint">
                  {sample.resolvedAt === null
                    ? t`still open`
                    : durationWords(Date.parse(sample.resolvedAt) - Date.parse(sample.openedAt))}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Bar({ label, count, most, strong = false }: { label: string; count: number; most: number; strong?: boolean }) {
  return (
    <div className={strong ? 'trial-bar strong' : 'trial-bar'}>
      <dt>{label}</dt>
      <dd>
        <span className="trial-track">
          <span style={{ width: `${(100 * count) / most}%` }} />
        </span>
        <b>{numberText(count)}</b>
        <span className="faint">{t`${plural(count, { one: 'incident', other: 'incidents' })}`}</span>
      </dd>
    </div>
  );
}

function Day({ at }: { at: string }) {
  return <time dateTime={at}>{at.slice(0, 16).replace('T', ' ')} UTC</time>;
}
