import { useMemo, useState } from 'react';
import type { Percentiles } from '#server/contract/insights.ts';
import { worstSeverity } from '#server/contract/severity.ts';
import { AskedAge, useAsked } from '../../api/asked.tsx';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useReachable, useReplica, useTable } from '../../session.tsx';
import { durationWords } from '../../time-format.ts';
import { useServerNow } from '../../time.ts';
import { Chip, Flag } from '../../ui/chip.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty, Problem } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { Mark } from '../../ui/mark.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Ago } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { followUpCounts, openFollowUps, type ReviewOf, reviewsOf, reviewStateWords, stateOf } from './review-facts.ts';
import './reviews.css';

type Which = 'left' | 'done' | 'all';
/** Late or not changes with the minute. */
const nowStepMs = 60_000;

/** What is left after incidents: reviews to write and close, follow-ups to finish, and how fast it went. */
export function ReviewsScreen() {
  const ready = useReplica((state) => state.ready);
  const incidents = useTable('incident');
  const reviews = useTable('postmortem');
  const reachable = useReachable();
  const nowMs = Math.floor(useServerNow() / nowStepMs) * nowStepMs;
  const [which, setWhich] = useState<Which>('left');
  // What is older than a month is not kept here; what is left of it counts all the same.
  const asked = useAsked(['reviews'], (api) => api.reviews.unfinished.query({}), {
    enabled: reachable,
    goodForMs: 60_000,
  });
  const items = asked.data?.items;
  const all = useMemo(
    () => reviewsOf(incidents.rows.values(), reviews.rows.values(), items ?? []),
    [incidents, reviews, items],
  );
  const rows = useMemo(
    () => all.filter(({ review }) => which === 'all' || (stateOf(review) === 'done') === (which === 'done')),
    [all, which],
  );
  const followUps = useMemo(() => openFollowUps(all, nowMs), [all, nowMs]);
  const ids = useMemo(() => rows.map(({ incident }) => incident.id), [rows]);
  const list = useListCursor(ids);
  useRowInSight(list.at);
  const open = (): void => {
    const id = ids[list.at];
    if (id !== undefined) navigate(paths.postmortem(id));
  };
  useCommands(
    listCommands(
      { move: list.move, open, back: () => navigate(paths.now()) },
      { group: 'Reviews', count: rows.length, open: 'open the review' },
    ),
  );
  if (!ready) return null;
  const overdue = followUps.filter((each) => each.overdue);
  return (
    <div className="reviews">
      <header className="reviews-head row wrap">
        <h1 className="title">Reviews</h1>
        <span className="small-text faint">{rows.length}</span>
        {overdue.length === 0 ? null : (
          <Flag severity={worstSeverity(overdue.map(({ incident }) => incident.severity))}>
            {`${overdue.length} overdue`}
          </Flag>
        )}
        <span className="grow" />
        <AskedAge asked={asked} />
        <Segmented
          label="Which reviews"
          value={which}
          onChange={setWhich}
          options={[
            { value: 'left', label: 'To do' },
            { value: 'done', label: 'Done' },
            { value: 'all', label: 'All' },
          ]}
        />
      </header>
      {asked.failure === null ? null : (
        <Problem
          what="Reviews older than a month are missing here"
          why={asked.failure.message}
          traceId={asked.failure.traceId}
          onRetry={asked.again}
        />
      )}
      {reachable ? null : (
        <p className="hatch reviews-note small-text">
          Only the reviews of the last month are on this machine. What you write is kept here and sent later.
        </p>
      )}
      <div className="reviews-columns">
        <section aria-label="Reviews">
          {rows.length === 0 ? (
            <Empty title={which === 'left' ? 'No review is left to do' : 'No review is here'}>
              A draft is made from the timeline when an incident closes.
            </Empty>
          ) : (
            <ul>
              {rows.map((row, index) => (
                <ReviewRow key={row.incident.id} row={row} focused={index === list.at} nowMs={nowMs} />
              ))}
            </ul>
          )}
        </section>
        <aside aria-label="Follow-ups and response times">
          <ResponsePercentiles />
          <FollowUpList followUps={followUps} />
        </aside>
      </div>
    </div>
  );
}

function ReviewRow({ row, focused, nowMs }: { row: ReviewOf; focused: boolean; nowMs: number }) {
  const { incident, review } = row;
  const nameOf = useNameOf();
  const counts = followUpCounts(review, nowMs);
  return (
    <li>
      <a className={focused ? 'review-row focused' : 'review-row'} href={paths.postmortem(incident.id)}>
        <Mark kind={incident.severity} />
        <span className="stack clip">
          <span className="row">
            <span className="clip medium">{incident.title}</span>
            <span className="mono faint nowrap">{codeOf(incident)}</span>
          </span>
          <span className="small-text muted clip">
            {review === null
              ? 'Nothing is written yet'
              : review.updatedBy === null
                ? 'Made from the facts, nobody wrote in it yet'
                : `Last written by ${nameOf(review.updatedBy)}`}
          </span>
        </span>
        <span className="small-text muted nowrap tabular">
          {counts.all === 0 ? 'no follow-ups' : `${counts.done} of ${counts.all} done`}
        </span>
        {counts.overdue === 0 ? <span /> : <Flag severity={incident.severity}>{`${counts.overdue} overdue`}</Flag>}
        <Chip look={stateOf(review) === 'done' ? 'outlined' : 'filled'}>{reviewStateWords[stateOf(review)]}</Chip>
        <span className="small-text faint end nowrap">
          {incident.resolvedAt === null ? 'open' : <Ago at={incident.resolvedAt} />}
        </span>
      </a>
    </li>
  );
}

function FollowUpList({ followUps }: { followUps: ReturnType<typeof openFollowUps> }) {
  const nameOf = useNameOf();
  return (
    <section className="reviews-follow-ups">
      <div className="section-head">
        <h2>Follow-ups</h2>
        <span className="count">{followUps.length === 0 ? 'none is open' : `${followUps.length} open`}</span>
      </div>
      <ul>
        {followUps.map(({ followUp, incident, overdue }) => (
          <li key={followUp.id} className="follow-up-line">
            <span className="stack clip">
              <a className="clip" href={paths.postmortem(incident.id)}>
                {followUp.title}
              </a>
              <span className="small-text faint clip">
                {codeOf(incident)}, {followUp.ownerId === null ? 'nobody yet' : nameOf(followUp.ownerId)}
              </span>
            </span>
            {overdue ? (
              <Flag severity={incident.severity}>{`overdue since ${followUp.dueAt?.slice(0, 10)}`}</Flag>
            ) : (
              <span className="small-text muted nowrap">
                {followUp.dueAt === null ? 'no date' : `due ${followUp.dueAt.slice(0, 10)}`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The same figures as in Insights: four weeks, what this person may see. */
function ResponsePercentiles() {
  const reachable = useReachable();
  const asked = useAsked(
    ['insights', { days: 28, service: null, teamId: null }],
    (api) => api.insights.report.query({ days: 28, service: null, teamId: null }),
    { enabled: reachable, goodForMs: 60_000 },
  );
  const whole = asked.data?.whole;
  return (
    <section>
      <div className="section-head">
        <h2>Response, four weeks</h2>
        <span className="grow" />
        <a className="small-text" href={paths.insights()}>
          Insights
        </a>
      </div>
      {whole === undefined ? (
        <p className="muted small-text">
          {asked.failure === null
            ? reachable
              ? 'asking…'
              : 'The figures come when the server is back.'
            : `The figures could not be fetched. ${asked.failure.message}`}
        </p>
      ) : (
        <table className="reviews-times">
          <thead>
            <tr>
              <th scope="col">Time to</th>
              <th scope="col">half within</th>
              <th scope="col">90 %</th>
              <th scope="col">of</th>
            </tr>
          </thead>
          <tbody>
            <TimesRow name="acknowledge" figures={whole.acknowledge} />
            <TimesRow name="resolve" figures={whole.resolve} />
          </tbody>
        </table>
      )}
    </section>
  );
}

function TimesRow({ name, figures }: { name: string; figures: Percentiles }) {
  const words = (ms: number | null): string => (ms === null ? 'none' : durationWords(ms));
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{words(figures.p50)}</td>
      <td>{words(figures.p90)}</td>
      <td>{figures.count.toLocaleString('en')}</td>
    </tr>
  );
}
