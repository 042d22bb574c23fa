import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import Markdown from 'react-markdown';
import type { Incident } from '#server/contract/incident.ts';
import type { FollowUp, Postmortem } from '#server/contract/postmortem.ts';
import { apiFailure } from '../../api/client.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import {
  useApi,
  useCan,
  useEntity,
  useOfIncident,
  useQueued,
  useReachable,
  useReplica,
  useSession,
  useSubmit,
} from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Queued } from '../../ui/chip.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Empty, Problem } from '../../ui/empty.tsx';
import { Mark } from '../../ui/mark.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { FollowUps } from './follow-ups.tsx';
import './incidents.css';
import { codeOf } from './incident-facts.ts';
import { ResponseTimes } from './response-times.tsx';

type Written = Pick<Postmortem, 'summary' | 'causes' | 'wentWell' | 'wentBadly' | 'followUps'>;

const empty: Written = { summary: '', causes: '', wentWell: '', wentBadly: '', followUps: [] };

export function PostmortemScreen({ params }: ScreenProps) {
  const id = params['id'] ?? '';
  const incident = useEntity('incident', id);
  const ready = useReplica((state) => state.ready);
  const [stored] = useOfIncident('postmortem', id);
  if (incident === undefined) {
    if (!ready) return null;
    return (
      <div className="screen-pad">
        <Empty title="This incident is not on this machine">
          It was closed more than 30 days ago, or it is not yours to see.
        </Empty>
      </div>
    );
  }
  return <Review incident={incident} stored={stored ?? null} />;
}

function Review({ incident, stored }: { incident: Incident; stored: Postmortem | null }) {
  const { uuid } = useSession();
  const can = useCan();
  const submit = useSubmit();
  const queued = useQueued('postmortem', stored?.id ?? '');
  const [changes, setChanges] = useState<Partial<Written>>({});
  const written: Written = useMemo(() => ({ ...(stored ?? empty), ...changes }), [stored, changes]);
  const changed = Object.keys(changes).length > 0;
  const set = (change: Partial<Written>) => setChanges((old) => ({ ...old, ...change }));
  const save = async () => {
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
    if (submitted.ok) setChanges({});
  };
  return (
    <div className="review">
      <header className="review-head row">
        <Mark kind={incident.severity} size="large" />
        <h1 className="title clip">
          Review: <a href={paths.incident(incident.id)}>{incident.title}</a>
        </h1>
        <span className="mono faint nowrap">{codeOf(incident)}</span>
        {queued ? <Queued /> : null}
        <span className="grow" />
        <Button
          look="primary"
          unavailable={can('postmortem.edit', incident)}
          isDisabled={!changed}
          onPress={() => void save()}
        >
          {changed ? 'Save' : 'Saved'}
        </Button>
      </header>
      <div className="review-columns">
        <div className="review-form">
          {stored === null ? (
            <p className="muted small-text">
              The draft is made from the facts when the incident closes. You can begin before.
            </p>
          ) : null}
          <TextField label="Summary" rows={4} value={written.summary} onChange={(summary) => set({ summary })} />
          <TextField label="Causes" rows={4} value={written.causes} onChange={(causes) => set({ causes })} />
          <TextField
            label="What went well"
            rows={3}
            value={written.wentWell}
            onChange={(wentWell) => set({ wentWell })}
          />
          <TextField
            label="What went badly"
            rows={3}
            value={written.wentBadly}
            onChange={(wentBadly) => set({ wentBadly })}
          />
          <FollowUps list={written.followUps} onChange={(followUps) => set({ followUps })} newId={uuid} />
          <ResponseTimes incident={incident} />
        </div>
        <MarkdownPane incident={incident} stale={changed} version={stored?.version ?? 0} />
      </div>
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
    <section className="review-markdown" aria-label="Markdown">
      <div className="room-head">
        <h2>Markdown</h2>
        <span className="count">{stale ? 'without what you have not saved' : ''}</span>
        <span className="grow" />
        {text === null ? null : (
          <>
            <CopyButton text={text} />
            <a
              className="button compact"
              href={`data:text/markdown;charset=utf-8,${encodeURIComponent(text)}`}
              download={`${codeOf(incident)}.md`}
            >
              Download
            </a>
          </>
        )}
      </div>
      {text === null && !reachable ? (
        <Problem
          what="The Markdown is made by the server"
          why="It comes when the server is back. What you write here is kept and sent then."
        />
      ) : null}
      {failure === null ? null : (
        <Problem
          what="The Markdown could not be made"
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
