import { useMemo, useRef, useState } from 'react';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useMe, useReplica } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { type Command, useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSteady } from '../../ui/use-steady.ts';
import { aboutIncident, useAcknowledge } from '../incidents/incident-commands.ts';
import { FocusedIncident } from '../incidents/focused-incident.tsx';
import { IncidentPeek } from '../incidents/incident-peek.tsx';
import '../incidents/incidents.css';
import '../now/now.css';
import './inbox.css';
import type { InboxItem } from './inbox-items.ts';
import { isRead } from './inbox-marks.ts';
import { InboxRow } from './inbox-row.tsx';
import { useItemWords } from './inbox-words.tsx';
import { useInboxMarks } from './use-inbox-marks.ts';
import { isMuted, useInboxItems, useMute } from './use-inbox.ts';

type Which = 'unread' | 'me' | 'around' | 'all' | 'muted';

const ownKeys = ['acknowledge', 'mute'];

/** Rows drawn at first, and with each press of the button below them. */
const pageRows = 100;

/** What means me and what goes on around me, in the order it came. */
export function InboxScreen() {
  const ready = useReplica((state) => state.ready);
  const me = useMe();
  const fresh = useFreshness();
  const items = useInboxItems();
  const { marks, mark, markAll } = useInboxMarks();
  const { muted, mute } = useMute();
  const words = useItemWords();
  const [which, setWhich] = useState<Which>('unread');
  const [text, setText] = useState('');
  const [room, setRoom] = useState(pageRows);
  const [peeking, setPeeking] = useState(false);
  // What was opened or read here stays until one leaves: a row must not go from under the hand.
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const filter = useRef<HTMLDivElement>(null);

  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return items.filter((item) => {
      if (!belongs(item, which, muted)) return false;
      if (which === 'unread' && isRead(item, marks) && !kept.has(item.key)) return false;
      return wanted === '' || words(item).text.includes(wanted);
    });
    // The words are read anew with the items.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [items, which, muted, marks, kept, text]);
  const shown = found.slice(0, room);
  const ids = useMemo(() => shown.map(({ key }) => key), [shown]);
  const list = useListCursor(ids, 'inbox');
  const focusRow = useSteady(list.focus);
  useRowInSight(list.at);
  const focused = shown[list.at];
  const focusedWords = focused === undefined ? undefined : words(focused);
  const acting =
    list.chosen.length > 0 ? shown.filter(({ key }) => list.chosen.includes(key)) : [focused].filter(isThere);
  const acknowledge = useAcknowledge(focusedWords?.incident, []);
  const unread = items.filter((item) => !isMuted(item, muted) && !isRead(item, marks)).length;

  const read = (about: readonly InboxItem[], on: boolean): void => {
    setKept((before) => new Set([...before, ...about.map(({ key }) => key)]));
    mark(about, on);
  };
  const open = (item: InboxItem, to: string): void => {
    if (!isRead(item, marks)) read([item], true);
    navigate(to);
  };
  const openSteady = useSteady(open);
  const toggle = useSteady((item: InboxItem) => read([item], !isRead(item, marks)));
  const someUnread = acting.some((item) => !isRead(item, marks));
  const incident = focusedWords?.incident;
  const isQuiet = incident !== undefined && muted.includes(incident.id);
  const nothing = focused === undefined ? t`nothing is focused` : null;
  const commands: Command[] = [
    ...listCommands(
      {
        move: list.move,
        select: list.select,
        extend: list.extend,
        peek: () => setPeeking(!peeking),
        open: () => focused !== undefined && focusedWords !== undefined && open(focused, focusedWords.to),
        detail: peeking ? list.move : null,
        back: peeking || list.chosen.length > 0 ? () => (peeking ? setPeeking(false) : list.clear()) : null,
      },
      { group: 'Inbox', count: shown.length },
    ),
    {
      id: 'inbox.read',
      label: someUnread ? t`mark read` : t`mark unread`,
      group: 'Inbox',
      hint: focused !== undefined,
      unavailable: nothing,
      run: () => read(acting, someUnread),
    },
    {
      id: 'inbox.read-all',
      label: t`mark all read`,
      group: 'Inbox',
      hint: unread > 0,
      unavailable: unread === 0 ? t`everything is read` : null,
      run: markAll,
    },
    {
      id: 'mute',
      label: isQuiet ? t`unmute the incident` : t`mute the incident`,
      group: 'Inbox',
      about: aboutIncident(incident),
      unavailable: incident === undefined ? t`no incident is focused` : null,
      run: () => incident !== undefined && mute(incident.id, !isQuiet),
    },
    acknowledge.command,
    { id: 'list.filter', label: t`filter`, group: 'Inbox', run: () => filter.current?.querySelector('input')?.focus() },
  ];
  useCommands(commands);
  if (!ready) return null;
  return (
    <div className={peeking ? 'incidents inbox peeking' : 'incidents inbox'}>
      <ScreenHead
        title={t`Inbox`}
        beside={
          <>
            <span className="small-text faint tabular">
              {list.chosen.length > 0 ? t`${list.chosen.length} of ${shown.length} chosen` : t`${unread} unread`}
            </span>
            <span className="small-text muted">
              <Freshness value={fresh} bare />
            </span>
          </>
        }
      >
        <div className="head-filter" ref={filter}>
          <TextField
            label={t`Filter by words, person or number`}
            hideLabel
            placeholder={t`Filter`}
            value={text}
            onChange={setText}
            type="search"
          />
        </div>
        <Segmented
          label={t`Which items`}
          value={which}
          onChange={(next) => {
            setWhich(next);
            setKept(new Set());
            setRoom(pageRows);
          }}
          options={[
            { value: 'unread', label: t`Unread` },
            { value: 'me', label: t`For me` },
            { value: 'around', label: t`Around me` },
            { value: 'all', label: t`All` },
            { value: 'muted', label: t`Muted` },
          ]}
        />
        <Button command="inbox.read-all" unavailable={unread === 0 ? t`Everything is read.` : null} onPress={markAll}>
          {t`Mark all read`}
        </Button>
      </ScreenHead>
      {shown.length === 0 ? (
        <Nothing which={which} filtered={text !== ''} live={fresh.state === 'live'} onAll={() => setWhich('all')} />
      ) : (
        <ul className="panel" aria-label={t`Inbox`}>
          {shown.map((item, index) => (
            <InboxRow
              key={item.key}
              item={item}
              words={words(item)}
              index={index}
              focused={index === list.at}
              chosen={list.chosen.includes(item.key)}
              read={isRead(item, marks)}
              muted={isMuted(item, muted)}
              meId={me.id}
              onFocus={focusRow}
              onOpen={openSteady}
              onToggle={toggle}
            />
          ))}
        </ul>
      )}
      {found.length > shown.length ? (
        <Button onPress={() => setRoom(room + pageRows)}>{t`Show older ones`}</Button>
      ) : null}
      <FocusedIncident incident={incident} besides={ownKeys} without={t`no incident stands behind this row`} />
      {peeking && incident !== undefined ? (
        <IncidentPeek incident={incident} onClose={() => setPeeking(false)} />
      ) : null}
    </div>
  );
}

function belongs(item: InboxItem, which: Which, muted: readonly string[]): boolean {
  if (which === 'muted') return isMuted(item, muted);
  if (which === 'all') return true;
  if (isMuted(item, muted)) return false;
  if (which === 'me') return item.tier !== 'ambient';
  return which === 'unread' || item.tier === 'ambient';
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function Nothing(props: { which: Which; filtered: boolean; live: boolean; onAll: () => void }) {
  const { which, filtered, live, onAll } = props;
  if (filtered)
    return <Empty title={t`Nothing matches this filter`}>{t`Its words are looked for in titles and texts.`}</Empty>;
  if (which === 'unread') {
    return (
      <Empty
        title={live ? t`You have read everything` : t`Everything that reached this machine is read`}
        actions={<Button onPress={onAll}>{t`Show the last 7 days`}</Button>}
      >
        {t`What waits for you is on Now, read or not.`}
      </Empty>
    );
  }
  if (which === 'muted') {
    return (
      <Empty
        title={t`No incident is muted`}
      >{t`Mute one from its row here, or from its room. Pages still come.`}</Empty>
    );
  }
  const toNow = (
    <a className="button" href={paths.now()}>
      {t`Go to Now`}
    </a>
  );
  return (
    <Empty title={t`Nothing in the last 7 days`} actions={toNow}>
      {which === 'around'
        ? t`Incidents that others opened or resolved, and changes on the services of your teams, arrive here.`
        : t`Pages, mentions, asks, role offers and tasks arrive here.`}
    </Empty>
  );
}
