import { useMemo } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import type { Page } from '#server/contract/page.ts';
import { rich } from '../../language/rich.ts';
import { capital, t, term } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useEntity, useMe, useNameOf, useOfIncident, useReachable, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { duration } from '../../time-format.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { useEscalate } from '../incidents/use-escalate.ts';
import { allFailed, deliveryWords, pagesOfRun, type PagingStand, standOf } from './page-words.ts';
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
    <section className="room-paging" aria-label={t`Paging`}>
      <div className="room-head">
        <h2>{t`Paging`}</h2>
        <span className="count">{list.length === 0 ? '' : t`${list.length} paged`}</span>
        <span className="grow" />
        <a className="small-text paging-why" href={paths.why({ incident: incident.id })}>
          {list.length === 0 ? t`Why nobody?` : t`Why these?`}
        </a>
      </div>
      <Stand stand={stand} incident={incident} />
      {list.length === 0 ? null : (
        <ul aria-label={t`Who was paged`}>
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
          <b>{t`Held.`}</b> {withStop(capital(stand.why))}
        </p>
      );
    case 'stopped':
      return <p className="room-none">{withStop(capital(stand.why))}</p>;
    case 'waiting':
      return (
        <p className="room-next row">
          <Icon name="clock" small />
          <span className="grow">
            {next.kind === 'step' && next.again
              ? rich`Every step was done. If nobody answers, paging ${<b>{t`runs out`}</b>}`
              : rich`Next: ${<b>{next.kind === 'step' ? next.names : t`the next step`}</b>}`}
          </span>
          <Countdown at={stand.at} />
        </p>
      );
    case 'unknown':
      return <p className="room-none">{t`Where paging of it stands is not known on this machine.`}</p>;
  }
}

function Countdown({ at }: { at: string }) {
  const left = Date.parse(at) - useServerNow();
  const reachable = useReachable();
  return (
    <span className="tabular strong nowrap">
      {!reachable ? <Time at={at} zone /> : left > 0 ? t`in ${duration(left)}` : t`now`}
    </span>
  );
}

function PageLine({ page }: { page: Page }) {
  const me = useMe();
  const nameOf = useNameOf();
  const channel = useTable('channel').rows.get(page.channelId ?? '');
  const mine = page.userId === me.id;
  const name = page.userId === null ? (channel?.name ?? t`A channel`) : nameOf(page.userId);
  const failed = allFailed(page);
  return (
    <li className="page-line">
      <Avatar name={name} me={mine} />
      <div className="two-line">
        <div className="row">
          <a className="need-title clip medium" href={paths.page(page.id)} title={page.reason}>
            {mine ? t`You` : name}
          </a>
          {page.late ? <span className="chip outlined">{t`late`}</span> : null}
          <span className="mono faint nowrap">P-{page.number}</span>
        </div>
        <div>
          {failed ? (
            <>
              <b>{mine ? t`Nothing reached you.` : t`Nothing reached them.`}</b>{' '}
            </>
          ) : null}
          {page.endedBy === null || page.status === 'open'
            ? deliveryWords(page)
            : t`${deliveryWords(page)}. ${capital(term(page.status))} by ${page.endedBy}`}
        </div>
      </div>
      <span className="small-text muted nowrap tabular">
        {page.status === 'open' ? rich`${<Elapsed since={page.at} />} ago` : <Time at={page.at} />}
      </span>
    </li>
  );
}

function withStop(text: string): string {
  return /[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`;
}
