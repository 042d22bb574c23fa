import { useMemo, useState } from 'react';
import type { Page } from '#server/contract/page.ts';
import { AskedAge, AskedBody, useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useFreshness, useMe, useNameOf, useTable } from '../../session.tsx';
import { deviceNow, useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { Mark } from '../../ui/mark.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { PlainField } from '../../ui/plain-field.tsx';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { Time } from '../../ui/time.tsx';
import { instantOf, localField, placeOf } from '../../zone-time.ts';
import { usePeopleOptions } from '../incidents/people-options.tsx';
import { useZone } from '../oncall/use-zone.ts';
import { deliveryWords } from '../paging/page-words.ts';
import './ledger.css';
import { PagePeek } from './page-peek.tsx';
import { outcomeWords, usePagedName } from './paged.ts';

const everybody = 'everybody';

/** Every page of the last day, and the question about a minute: who was on call, and why was nobody told? */
export function LedgerScreen({ query }: ScreenProps) {
  const me = useMe();
  const freshness = useFreshness();
  const nameOf = useNameOf();
  const person = query.get('user');
  const [whose, setWhose] = useState<'all' | 'mine' | 'person'>(
    person === null ? 'all' : person === me.id ? 'mine' : 'person',
  );
  const userId = whose === 'all' ? null : whose === 'mine' ? me.id : person;
  const [peeking, setPeeking] = useState(false);
  const kept = useTable('page');
  const asked = useAsked(['pages', userId], (api) => api.pages.list.query({ limit: 100, user: userId }), {
    goodForMs: 10_000,
    keepLast: true,
  });
  // What the server lists goes further back; what is kept here is newer.
  const pages = useMemo(() => {
    const all = new Map((asked.data?.items ?? []).map((page) => [page.id, page]));
    for (const page of kept.rows.values()) {
      if (userId === null || page.userId === userId) all.set(page.id, page);
    }
    return [...all.values()]
      .toSorted((a, b) => (a.at === b.at ? b.number - a.number : a.at < b.at ? 1 : -1))
      .slice(0, 200);
  }, [asked.data, kept, userId]);
  const ids = useMemo(() => pages.map(({ id }) => id), [pages]);
  const cursor = useListCursor(ids, 'ledger');
  useRowInSight(cursor.at);
  const focused = pages[cursor.at];
  useCommands(
    listCommands(
      {
        move: cursor.move,
        peek: () => setPeeking(!peeking),
        open: () => {
          if (focused !== undefined) navigate(paths.page(focused.id));
        },
        detail: peeking ? cursor.move : null,
        back: peeking ? () => setPeeking(false) : null,
      },
      { group: 'Ledger', count: pages.length, open: t`why` },
    ),
  );
  return (
    <div className={peeking ? 'ledger-main peeking' : 'ledger-main'}>
      <ScreenHead
        title={t`Ledger`}
        beside={
          <span className="small-text muted">
            <Freshness value={freshness} bare />
          </span>
        }
      />
      <p className="muted">
        {t`Every page, and every page that was not sent, has one reason that can be replayed. Ask about a page below, or about a minute.`}
      </p>
      <AskForm userId={person} />
      <SectionHead
        title={t`Pages`}
        count={pages.length}
        actions={
          <>
            <AskedAge asked={asked} />
            <Segmented
              label={t`Whose pages`}
              value={whose}
              onChange={setWhose}
              options={[
                { value: 'all', label: t`Everybody` },
                { value: 'mine', label: t`Mine` },
                ...(person === null || person === me.id ? [] : [{ value: 'person' as const, label: nameOf(person) }]),
              ]}
            />
          </>
        }
      />
      {asked.failure === null ? null : (
        <AskedBody asked={asked} what={t`Older pages could not be read`}>
          {() => null}
        </AskedBody>
      )}
      {pages.length === 0 ? (
        <Empty title={asked.data === undefined ? t`No page is known on this machine` : t`Nobody was paged yet`}>
          {t`A page appears here the moment it is decided, before it is sent.`}
        </Empty>
      ) : (
        <ul className="page-list" aria-label={t`Pages`}>
          {pages.map((page, index) => (
            <PageRow key={page.id} page={page} focused={index === cursor.at} onFocus={() => cursor.focus(index)} />
          ))}
        </ul>
      )}
      {peeking && focused !== undefined ? <PagePeek page={focused} onClose={() => setPeeking(false)} /> : null}
    </div>
  );
}

function PageRow({ page, focused, onFocus }: { page: Page; focused: boolean; onFocus: () => void }) {
  const incident = useTable('incident').rows.get(page.incidentId);
  const who = usePagedName()(page);
  return (
    <li>
      <div className={focused ? 'page-row focused' : 'page-row'} onMouseDown={onFocus}>
        <a className="mono" href={paths.page(page.id)}>
          P-{page.number}
        </a>
        <div className="two-line">
          <div className="row">
            {incident === undefined ? null : <Mark kind={incident.severity} size="small" />}
            <a className="need-title wrap-any" href={paths.page(page.id)}>
              <span className="strong">{who}</span> {incident?.title ?? t`an incident that is not kept here`}
            </a>
          </div>
          <div className="clip">{page.reason}</div>
        </div>
        <span className="small-text muted">{deliveryWords(page)}</span>
        <span className="small-text muted end">
          <span className="text-ink">
            {page.at.slice(0, 10)} <Time at={page.at} zone />
          </span>
          <br />
          {outcomeWords(page)}
        </span>
      </div>
    </li>
  );
}

/** Who and when: the minute that somebody wants explained. */
function AskForm({ userId }: { userId: string | null }) {
  const zone = useZone();
  const people = usePeopleOptions();
  const now = useServerNow();
  const [who, setWho] = useState(userId ?? everybody);
  const [when, setWhen] = useState(() => localField(zone, deviceNow() - 60_000));
  const at = instantOf(zone, when);
  const error = at === null ? t`a date and a time` : at > now ? t`not in the future` : null;
  return (
    <form
      className="ask-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (at === null || error !== null) return;
        navigate(paths.why({ at: new Date(at).toISOString(), ...(who === everybody ? {} : { user: who }) }));
      }}
    >
      <Select
        label={t`Who`}
        options={[{ value: everybody, label: t`Everybody` }, ...people]}
        value={who}
        onChange={setWho}
      />
      <PlainField
        label={t`When (${placeOf(zone)})`}
        type="datetime-local"
        value={when}
        onChange={setWhen}
        error={error}
      />
      <Button type="submit">{t`Why?`}</Button>
    </form>
  );
}
