import type { PagingTrial, TrialPage, TrialSample } from '#server/contract/paging-trial.ts';
import { rich } from '../../language/rich.ts';
import { capital, numberText, plural, t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useTable } from '../../session.tsx';
import { durationWords } from '../../time-format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Time } from '../../ui/time.tsx';
import { changeWords, pagesInOrder } from './trial-words.ts';

interface PagingTrialResultProps {
  trial: PagingTrial;
  label: string;
  outdated: boolean;
}

export function PagingTrialResult({ trial, label, outdated }: PagingTrialResultProps) {
  const most = Math.max(1, trial.pagesBefore, trial.pagesAfter);
  return (
    <div className={outdated ? 'trial outdated' : 'trial'}>
      {outdated ? (
        <p className="trial-old">{t`The draft changed since; this is what it would have done before.`}</p>
      ) : null}
      {trial.missed > 0 ? (
        <p className="trial-missed">
          <Icon name="refused" />
          <span>
            {rich`${<b>{t`${plural(trial.missed, { one: '1 incident', other: '# incidents' })} would have been missed:`}</b>} they paged somebody, and ${label} they would page nobody.`}
          </span>
        </p>
      ) : null}
      <dl className="trial-bars">
        <Bar name={t`As it was`} count={trial.pagesBefore} most={most} />
        <Bar name={capital(label)} count={trial.pagesAfter} most={most} strong />
      </dl>
      <p className="trial-counts tabular">
        {rich`${<b>{numberText(trial.added)}</b>} added ${<b>{numberText(trial.removed)}</b>} removed ${<b>{numberText(trial.missed)}</b>} missed`}
      </p>
      <People trial={trial} />
      <p className="small-text muted">
        {t`${numberText(trial.incidents)} incidents with ${numberText(trial.alerts)} alerts, ${trial.from.slice(0, 10)} to ${trial.to.slice(0, 10)}, replayed in ${(trial.elapsedMs / 1000).toFixed(trial.elapsedMs < 950 ? 2 : 1)} s. Nothing was changed and nobody was paged.`}
        {trial.truncated ? ` ${t`There are more incidents than one trial replays: these are the newest.`}` : ''}
      </p>
      {trial.samples.length === 0 ? (
        <p className="small-text muted">
          {trial.incidents === 0
            ? t`No incident is kept from that time, so there is nothing to try it on.`
            : t`No incident would have paged otherwise.`}
        </p>
      ) : (
        <ol className="trial-samples" aria-label={t`Incidents that would page otherwise`}>
          {trial.samples.map((sample) => (
            <Sample key={sample.incidentId} sample={sample} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Bar({ name, count, most, strong = false }: { name: string; count: number; most: number; strong?: boolean }) {
  return (
    <div className={strong ? 'trial-bar strong' : 'trial-bar'}>
      <dt>{name}</dt>
      <dd>
        <span className="trial-track">
          <span style={{ width: `${(100 * count) / most}%` }} />
        </span>
        <b>{numberText(count)}</b>
        <span className="faint">{t`${plural(count, { one: 'page', other: 'pages' })}`}</span>
      </dd>
    </div>
  );
}

function People({ trial }: { trial: PagingTrial }) {
  const nameOf = useNameOf();
  const people = trial.people
    .filter(({ before, after }) => before !== after)
    .toSorted((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
    .slice(0, 10);
  if (people.length === 0) return null;
  return (
    <table className="trial-people">
      <thead>
        <tr>
          <th scope="col">{t`Person`}</th>
          <th scope="col">{t`was`}</th>
          <th scope="col">{t`would be`}</th>
          <th scope="col">{t`change`}</th>
        </tr>
      </thead>
      <tbody>
        {people.map(({ userId, before, after }) => (
          <tr key={userId}>
            <th scope="row">{nameOf(userId)}</th>
            <td>{numberText(before)}</td>
            <td>{numberText(after)}</td>
            <td className="medium">{changeWords(before, after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Sample({ sample }: { sample: TrialSample }) {
  const missed = sample.before.length > 0 && sample.after.length === 0;
  return (
    <li>
      <Mark kind={sample.severity} />
      <div className="two-line">
        <div className="row">
          <a className="clip medium" href={paths.incident(sample.incidentId)} title={sample.title}>
            INC-{sample.number} {sample.title}
          </a>
          {missed ? <span className="chip outlined">{t`missed`}</span> : null}
        </div>
        <div>
          <span className="trial-way">
            <span className="faint">{t`was`}</span> <Pages pages={sample.before} from={sample.startedAt} />{' '}
            <span className="faint">{sample.reasonBefore}</span>
          </span>
          <span className="trial-way">
            <span className="faint">{t`would be`}</span> <Pages pages={sample.after} from={sample.startedAt} />{' '}
            <span className="faint">{sample.reasonAfter}</span>
          </span>
        </div>
      </div>
      <span className="trial-when">
        {sample.startedAt.slice(0, 10)}
        <Time at={sample.startedAt} zone />
      </span>
    </li>
  );
}

function Pages({ pages, from }: { pages: readonly TrialPage[]; from: string }) {
  const nameOf = useNameOf();
  const channels = useTable('channel');
  if (pages.length === 0) return <b>{t`nobody.`}</b>;
  const shown = pagesInOrder(pages).slice(0, 3);
  const more = pages.length - shown.length;
  const names = shown
    .map(({ userId, channelId, at }) => {
      const name = userId === null ? (channels.rows.get(channelId ?? '')?.name ?? t`a channel`) : nameOf(userId);
      const later = Date.parse(at) - Date.parse(from);
      return later < 1_000 ? name : t`${name} after ${durationWords(later)}`;
    })
    .join(', ');
  return <span className="text-ink">{more > 0 ? t`${names} and ${more} more.` : `${names}.`}</span>;
}
