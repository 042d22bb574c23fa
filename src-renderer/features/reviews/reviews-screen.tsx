import { useMemo, useState } from 'react';
import type { Percentiles } from '#server/contract/insights.ts';
import { worstSeverity } from '#server/contract/severity.ts';
import { AskedAge, useAsked } from '../../api/asked.tsx';
import { numberText, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useNameOf, useReachable, useReplica, useTable } from '../../session.tsx';
import { durationWords } from '../../time-format.ts';
import { useServerStep } from '../../time.ts';
import { Chip, Flag } from '../../ui/chip.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty, Problem } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { Mark } from '../../ui/mark.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
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
  const nowMs = useServerStep(nowStepMs);
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
  const list = useListCursor(ids, 'reviews');
  useRowInSight(list.at);
  const open = (): void => {
    const id = ids[list.at];
    if (id !== undefined) navigate(paths.postmortem(id));
  };
  useCommands(
    listCommands(
      { move: list.move, open, back: () => navigate(paths.now()) },
      { group: 'Reviews', count: rows.length, open: t`open the review` },
    ),
  );
  if (!ready) return null;
  const overdue = followUps.filter((each) => each.overdue);
  return (
    <div className="reviews">
      <ScreenHead
        title={t`Reviews`}
        beside={
          <>
            <span className="small-text faint">{rows.length}</span>
            {overdue.length === 0 ? null : (
              <Flag severity={worstSeverity(overdue.map(({ incident }) => incident.severity))}>
                {t`${overdue.length} overdue`}
              </Flag>
            )}
          </>
        }
      >
        <AskedAge asked={asked} />
        <Segmented
          label={t`Which reviews`}
          value={which}
          onChange={setWhich}
          options={[
            { value: 'left', label: t`To do` },
            { value: 'done', label: t`Done` },
            { value: 'all', label: t`All` },
          ]}
        />
      </ScreenHead>
      {asked.failure === null ? null : (
        <Problem
          what={t`Reviews older than a month are missing here`}
          why={asked.failure.message}
          traceId={asked.failure.traceId}
          onRetry={asked.again}
        />
      )}
      {reachable ? null : (
        <p className="hatch reviews-note small-text">
          {t`Only the reviews of the last month are on this machine. What you write is kept here and sent later.`}
        </p>
      )}
      <div className="reviews-columns">
        <section aria-label={t`Reviews`}>
          {rows.length === 0 ? (
            <Empty title={which === 'left' ? t`No review is left to do` : t`No review is here`}>
              {t`A draft is made from the timeline when an incident closes.`}
            </Empty>
          ) : (
            <ul>
              {rows.map((row, index) => (
                <ReviewRow key={row.incident.id} row={row} focused={index === list.at} nowMs={nowMs} />
              ))}
            </ul>
          )}
        </section>
        <aside aria-label={t`Follow-ups and response times`}>
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
        <span className="stack">
          <span>
            <span className="medium wrap-any">{incident.title}</span>&ensp;
            <span className="mono faint nowrap">{codeOf(incident)}</span>
          </span>
          <span className="small-text muted clip">
            {review === null
              ? t`Nothing is written yet`
              : review.updatedBy === null
                ? t`Made from the facts, nobody wrote in it yet`
                : t`Last written by ${nameOf(review.updatedBy)}`}
          </span>
        </span>
        <span className="small-text muted nowrap tabular">
          {counts.all === 0 ? t`no follow-ups` : t`${counts.done} of ${counts.all} done`}
        </span>
        {counts.overdue === 0 ? <span /> : <Flag severity={incident.severity}>{t`${counts.overdue} overdue`}</Flag>}
        <Chip look={stateOf(review) === 'done' ? 'outlined' : 'filled'}>{reviewStateWords[stateOf(review)]}</Chip>
        <span className="small-text faint end nowrap">
          {incident.resolvedAt === null ? t`open` : <Ago at={incident.resolvedAt} />}
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
        <h2>{t`Follow-ups`}</h2>
        <span className="count">{followUps.length === 0 ? t`none is open` : t`${followUps.length} open`}</span>
      </div>
      <ul>
        {followUps.map(({ followUp, incident, overdue }) => (
          <li key={followUp.id} className="follow-up-line">
            <span className="stack clip">
              <a className="clip" href={paths.postmortem(incident.id)}>
                {followUp.title}
              </a>
              <span className="small-text faint clip">
                {codeOf(incident)}, {followUp.ownerId === null ? t`nobody yet` : nameOf(followUp.ownerId)}
              </span>
            </span>
            {overdue ? (
              <Flag severity={incident.severity}>{t`overdue since ${followUp.dueAt?.slice(0, 10)}`}</Flag>
            ) : (
              <span className="small-text muted nowrap">
                {followUp.dueAt === null ? t`no date` : t`due ${followUp.dueAt.slice(0, 10)}`}
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
        <h2>{t`Response, four weeks`}</h2>
        <span className="grow" />
        <a className="small-text" href={paths.insights()}>
          {t`Insights`}
        </a>
      </div>
      {whole === undefined ? (
        <p className="muted small-text">
          {asked.failure === null
            ? reachable
              ? t`asking…`
              : t`The figures come when the server is back.`
            : t`The figures could not be fetched. ${asked.failure.message}`}
        </p>
      ) : (
        <table className="reviews-times">
          <thead>
            <tr>
              <th scope="col">{t`Time to`}</th>
              <th scope="col">{t`half within`}</th>
              <th scope="col">90 %</th>
              <th scope="col">{t`of`}</th>
            </tr>
          </thead>
          <tbody>
            <TimesRow name={t`acknowledge`} figures={whole.acknowledge} />
            <TimesRow name={t`resolve`} figures={whole.resolve} />
          </tbody>
        </table>
      )}
    </section>
  );
}

function TimesRow({ name, figures }: { name: string; figures: Percentiles }) {
  const words = (ms: number | null): string => (ms === null ? t`none` : durationWords(ms));
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{words(figures.p50)}</td>
      <td>{words(figures.p90)}</td>
      <td>{numberText(figures.count)}</td>
    </tr>
  );
}
