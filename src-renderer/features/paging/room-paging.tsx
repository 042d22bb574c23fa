import { useMemo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import type { Page } from '#server/contract/page.ts';
import { paths } from '../../paths.ts';
import { useEntity, useMe, useNameOf, useOfIncident, useReachable, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { useEscalate } from '../incidents/use-escalate.ts';
import { allFailed, capital, deliveryWords, pagesOfRun, type PagingStand, standOf } from './page-words.ts';
import './paging.css';

/** Who was paged and how it went, who is next and when; when nobody is, that first. */
export function RoomPaging({ incident }: { incident: Incident }) {
  const pages = useOfIncident('page', incident.id);
  const escalation = useEntity('escalation', incident.id);
  const list = useMemo(() => pagesOfRun(pages, escalation?.run ?? null), [pages, escalation]);
  const open = incident.status !== 'resolved';
  if (!open && list.length === 0) return null;
  const stand = standOf(escalation, incident);
  return (
    <section className="separator room-paging" aria-label="Paging">
      <div className="room-head">
        <h2>Paging</h2>
        <span className="count">{list.length === 0 ? '' : `${list.length} paged`}</span>
        <span className="grow" />
        <a className="small-text paging-why" href={paths.why({ incident: incident.id })}>
          {list.length === 0 ? 'Why nobody?' : 'Why these?'}
        </a>
      </div>
      <Stand stand={stand} incident={incident} />
      {list.length === 0 ? null : (
        <ul aria-label="Who was paged">
          {list.map((page) => (
            <PageLine key={page.id} page={page} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Stand({ stand, incident }: { stand: PagingStand; incident: Incident }) {
  const { next } = useEscalate(incident);
  switch (stand.kind) {
    case 'nobody':
      return (
        <div className="paging-warning" role="status">
          <Icon name="refused" />
          <div>
            <b>{stand.title}.</b> {withStop(capital(stand.why))}
          </div>
        </div>
      );
    case 'held':
      return (
        <p className="room-none held">
          <b>Held.</b> {withStop(capital(stand.why))}
        </p>
      );
    case 'stopped':
      return <p className="room-none">{withStop(capital(stand.why))}</p>;
    case 'waiting':
      return (
        <p className="room-next row">
          <Icon name="clock" small />
          <span className="grow">
            {next.kind === 'step' && next.again ? (
              <>
                Every step was done. If nobody answers, paging <b>runs out</b>
              </>
            ) : (
              <>
                Next: <b>{next.kind === 'step' ? next.names : 'the next step'}</b>
              </>
            )}
          </span>
          <Countdown at={stand.at} />
        </p>
      );
    case 'unknown':
      return <p className="room-none">Where paging of it stands is not known on this machine.</p>;
  }
}

function Countdown({ at }: { at: string }) {
  const left = Date.parse(at) - useServerNow();
  const reachable = useReachable();
  return (
    <span className="tabular strong nowrap">
      {!reachable ? <Time at={at} zone /> : left > 0 ? `in ${duration(left)}` : 'now'}
    </span>
  );
}

function PageLine({ page }: { page: Page }) {
  const me = useMe();
  const nameOf = useNameOf();
  const channel = useTable('channel').rows.get(page.channelId ?? '');
  const mine = page.userId === me.id;
  const name = page.userId === null ? (channel?.name ?? 'A channel') : nameOf(page.userId);
  const failed = allFailed(page);
  return (
    <li className="page-line">
      <Avatar name={name} me={mine} />
      <div className="two-line">
        <div className="row">
          <a className="need-title clip medium" href={paths.page(page.id)} title={page.reason}>
            {mine ? 'You' : name}
          </a>
          {page.late ? <span className="chip outlined">late</span> : null}
          <span className="mono faint nowrap">P-{page.number}</span>
        </div>
        <div>
          {failed ? <b>Nothing reached {mine ? 'you' : 'them'}. </b> : null}
          {deliveryWords(page)}
          {page.endedBy === null || page.status === 'open' ? '' : `. ${capital(page.status)} by ${page.endedBy}`}
        </div>
      </div>
      <span className="small-text muted nowrap tabular">
        {page.status === 'open' ? (
          <>
            <Elapsed since={page.at} /> ago
          </>
        ) : (
          <Time at={page.at} />
        )}
      </span>
    </li>
  );
}

function withStop(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
