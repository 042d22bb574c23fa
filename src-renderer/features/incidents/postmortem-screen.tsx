import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import Markdown from 'react-markdown';
import type { Incident } from '#server/contract/incident.ts';
import type { FollowUp, Postmortem } from '#server/contract/postmortem.ts';
import { useAsked } from '../../api/asked.tsx';
import { apiFailure } from '../../api/client.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import {
  useApi,
  useCan,
  useEntity,
  useMe,
  useNameOf,
  useOfIncident,
  useQueued,
  useReachable,
  useReplica,
  useSession,
  useSubmit,
} from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { useCommands } from '../../ui/commands.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Problem } from '../../ui/empty.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Split } from '../../ui/split.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { draftText, parseDraft, type Written } from '../reviews/review-draft.ts';
import { ReviewStateMenu, useReviewStates } from '../reviews/review-state.tsx';
import { useDraft } from './draft.ts';
import { FocusedIncident } from './focused-incident.tsx';
import { FollowUps } from './follow-ups.tsx';
import { aboutIncident } from './incident-commands.ts';
import './incidents.css';
import { isWholeId, Missing } from '../links/missing.tsx';
import { codeOf } from './incident-facts.ts';
import { ResponseTimes } from './response-times.tsx';

const empty: Written = { summary: '', causes: '', wentWell: '', wentBadly: '', followUps: [] };

export function PostmortemScreen({ params }: ScreenProps) {
  const id = params['id'] ?? '';
  const incident = useEntity('incident', id);
  const ready = useReplica((state) => state.ready);
  const [stored] = useOfIncident('postmortem', id);
  if (incident === undefined) {
    return ready ? <OlderReview id={id} held={stored ?? null} /> : null;
  }
  return <Review incident={incident} stored={stored ?? null} />;
}

/** Of an incident that this machine does not keep any more: what is left to do there is asked of the center. */
function OlderReview({ id, held }: { id: string; held: Postmortem | null }) {
  const reachable = useReachable();
  const enabled = reachable && isWholeId(id);
  const reviews = useAsked(['reviews'], (api) => api.reviews.unfinished.query({}), { enabled, goodForMs: 60_000 });
  const incident = useAsked(['incident', id], (api) => api.incidents.get.query({ id }), { enabled, goodForMs: 60_000 });
  const asked = reviews.data?.items.find((item) => item.incident.id === id)?.review ?? null;
  // What was saved since comes with the stream.
  const stored = held !== null && held.version >= (asked?.version ?? 0) ? held : asked;
  if (incident.data !== undefined && stored !== null) return <Review incident={incident.data} stored={stored} />;
  if (incident.asking || reviews.asking) return null;
  return (
    <div className="screen-pad">
      <Missing
        id={id}
        title={t`This review is not on this machine`}
        actions={
          <a className="button" href={paths.reviews()}>
            {t`All reviews`}
          </a>
        }
      >
        {reachable
          ? t`Nothing is left to do in it since its incident closed more than 30 days ago, or it is not yours to see.`
          : t`Its incident closed more than 30 days ago. It can be opened when the server is back.`}
      </Missing>
    </div>
  );
}

function Review({ incident, stored }: { incident: Incident; stored: Postmortem | null }) {
  const { uuid } = useSession();
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  const queued = useQueued('postmortem', stored?.id ?? '');
  // Kept on this machine until it is sent: a review is written over hours, and screens are left and windows closed.
  const [kept, keep] = useDraft(`review:${incident.id}`);
  const draft = useMemo(() => parseDraft(kept), [kept]);
  const written: Written = useMemo(() => ({ ...(stored ?? empty), ...draft?.changes }), [stored, draft]);
  const changed = draft !== null;
  const version = stored?.version ?? 0;
  const set = (change: Partial<Written>) =>
    keep(draftText({ base: draft?.base ?? version, changes: { ...draft?.changes, ...change } }));
  const overtaken = draft !== null && draft.base < version && stored?.updatedBy !== me.id;
  const states = useReviewStates(incident, stored);
  const save = async () => {
    if (!changed) return;
    const { summary, causes, wentWell, wentBadly } = written;
    const followUps: FollowUp[] = written.followUps.filter((followUp) => followUp.title.trim() !== '');
    const submitted = await submit({
      kind: 'postmortem.edit',
      incidentId: incident.id,
      summary,
      causes,
      wentWell,
      wentBadly,
      followUps,
    });
    if (submitted.ok) keep('');
  };
  useCommands([
    {
      id: 'save',
      label: t`save the review`,
      group: 'Review',
      hint: changed,
      about: aboutIncident(incident),
      unavailable: changed ? can('postmortem.edit', incident) : t`nothing was changed`,
      run: () => void save(),
    },
    {
      id: 'review.forget',
      keys: null,
      label: t`Forget what is not saved`,
      group: 'Review',
      unavailable: changed ? null : t`nothing was changed`,
      run: () => keep(''),
    },
    ...states.map((command) => ({ ...command, group: 'Review', about: aboutIncident(incident) })),
    { id: 'back', label: t`all reviews`, group: 'Review', run: () => navigate(paths.reviews()) },
  ]);
  return (
    <div className="review">
      <FocusedIncident incident={incident} />
      <header className="review-head row">
        <Mark kind={incident.severity} size="large" />
        <h1 className="title clip">{rich`Review: ${<a href={paths.incident(incident.id)}>{incident.title}</a>}`}</h1>
        <span className="mono faint nowrap">{codeOf(incident)}</span>
        {queued ? <Queued /> : null}
        <span className="grow" />
        <ReviewStateMenu review={stored} commands={states} />
        <Button
          look="primary"
          command="save"
          unavailable={can('postmortem.edit', incident)}
          isDisabled={!changed}
          onPress={() => void save()}
        >
          {changed ? t`Save` : t`Saved`}
        </Button>
      </header>
      <Split
        name="review"
        className="review-columns flows"
        label={t`Width of the Markdown`}
        sized="end"
        size={400}
        share={0.48}
        least={{ start: 400, end: 320 }}
        stackAt={640}
        start={
          <div className="review-form">
            {stored === null ? (
              <p className="muted small-text">
                {t`The draft is made from the facts when the incident closes. You can begin before.`}
              </p>
            ) : null}
            {overtaken ? (
              <p className="small-text muted" role="status">
                {t`${nameOf(stored?.updatedBy ?? null)} changed the review after you began to write. What you save replaces the parts you changed; theirs stays on the timeline.`}
              </p>
            ) : null}
            <TextField label={t`Summary`} rows={4} value={written.summary} onChange={(summary) => set({ summary })} />
            <TextField label={t`Causes`} rows={4} value={written.causes} onChange={(causes) => set({ causes })} />
            <TextField
              label={t`What went well`}
              rows={3}
              value={written.wentWell}
              onChange={(wentWell) => set({ wentWell })}
            />
            <TextField
              label={t`What went badly`}
              rows={3}
              value={written.wentBadly}
              onChange={(wentBadly) => set({ wentBadly })}
            />
            <FollowUps list={written.followUps} onChange={(followUps) => set({ followUps })} newId={uuid} />
            <ResponseTimes incident={incident} />
          </div>
        }
        end={<MarkdownPane incident={incident} stale={changed} version={stored?.version ?? 0} />}
      />
    </div>
  );
}

/** The server makes the Markdown, with the whole timeline in it; this asks for it again after each saved change. */
/** Its headings stand below that of the screen, which has the only one of the first level. */
const lowered = { h1: 'h3', h2: 'h4', h3: 'h5' } as const;

function MarkdownPane({ incident, stale, version }: { incident: Incident; stale: boolean; version: number }) {
  const api = useApi();
  const reachable = useReachable();
  const made = useQuery({
    queryKey: ['postmortem', incident.id, version, incident.version],
    queryFn: () => api.incidents.postmortem.query({ id: incident.id }),
    enabled: reachable,
  });
  const text = made.data?.markdown ?? null;
  const failure = made.error === null ? null : apiFailure(made.error);
  return (
    <section className="review-markdown" aria-label={t`Markdown`}>
      <div className="room-head">
        <h2>{t`Markdown`}</h2>
        <span className="count">{stale ? t`without what you have not saved` : ''}</span>
        <span className="grow" />
        {text === null ? null : (
          <>
            <CopyButton text={text} />
            <a
              className="button compact"
              href={`data:text/markdown;charset=utf-8,${encodeURIComponent(text)}`}
              download={`${codeOf(incident)}.md`}
            >
              {t`Download`}
            </a>
          </>
        )}
      </div>
      {text === null && !reachable ? (
        <Problem
          what={t`The Markdown is made by the server`}
          why={t`It comes when the server is back. What you write here is kept and sent then.`}
        />
      ) : null}
      {failure === null ? null : (
        <Problem
          what={t`The Markdown could not be made`}
          why={failure.message}
          traceId={failure.traceId}
          onRetry={() => void made.refetch()}
        />
      )}
      {text === null ? null : (
        <div className="markdown scroll" tabIndex={0}>
          <Markdown disallowedElements={['img']} components={lowered}>
            {text}
          </Markdown>
        </div>
      )}
    </section>
  );
}
