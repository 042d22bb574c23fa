import type { RuleTrial } from '#server/contract/grouping.ts';
import { durationWords } from '../../time-format.ts';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';

/** What a rule would have made of the stored alerts, beside what really happened. */
export function TrialResult({ trial, outdated }: { trial: RuleTrial; outdated: boolean }) {
  const most = Math.max(1, trial.incidentsBefore, trial.incidentsAfter);
  return (
    <div className={outdated ? 'trial outdated' : 'trial'}>
      {outdated ? <p className="trial-old">The draft changed since; this is what it would have done before.</p> : null}
      <dl className="trial-bars">
        <Bar label="Really happened" count={trial.incidentsBefore} most={most} />
        <Bar label="With this rule" count={trial.incidentsAfter} most={most} strong />
      </dl>
      <p className="small-text muted">
        It would have taken {trial.alertsMatched.toLocaleString('en')} of {trial.alertsReplayed.toLocaleString('en')}{' '}
        alerts, <Day at={trial.from} /> to <Day at={trial.to} />. Replayed in{' '}
        {(trial.elapsedMs / 1000).toFixed(trial.elapsedMs < 950 ? 2 : 1)} s; nothing was changed and nobody was paged.
        {trial.truncated ? ' The store holds more alerts than one trial replays: these are the newest.' : null}
      </p>
      {trial.samples.length === 0 ? (
        <p className="small-text muted">
          {trial.alertsMatched === 0
            ? 'No stored alert fits the condition. It may still be right for alerts that are to come.'
            : 'It would have opened no incident: no group reached the minimum within its window.'}
        </p>
      ) : (
        <ol className="trial-samples" aria-label="Incidents it would have opened">
          {trial.samples.map((sample, i) => (
            <li key={i}>
              <Mark kind={sample.severity} />
              <div className="two-line">
                <div className="row">
                  <span className="clip medium" title={sample.title}>
                    {sample.title}
                  </span>
                  <span className="chip outlined">
                    {sample.alertCount === 1 ? '1 alert' : `${sample.alertCount} alerts`}
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
                    ? 'still open'
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
        <b>{count.toLocaleString('en')}</b>
        <span className="faint">{count === 1 ? 'incident' : 'incidents'}</span>
      </dd>
    </div>
  );
}

function Day({ at }: { at: string }) {
  return <time dateTime={at}>{at.slice(0, 16).replace('T', ' ')} UTC</time>;
}
