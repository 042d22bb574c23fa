import { useMemo, useRef, useState } from 'react';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useFreshness, useMe, useReplica } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { type Command, useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSteady } from '../../ui/use-steady.ts';
import { aboutIncident, useAcknowledge } from '../incidents/incident-commands.ts';
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
  const list = useListCursor(ids);
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
  const nothing = focused === undefined ? 'nothing is focused' : null;
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
      label: someUnread ? 'mark read' : 'mark unread',
      group: 'Inbox',
      hint: focused !== undefined,
      unavailable: nothing,
      run: () => read(acting, someUnread),
    },
    {
      id: 'inbox.read-all',
      label: 'mark all read',
      group: 'Inbox',
      hint: unread > 0,
      unavailable: unread === 0 ? 'everything is read' : null,
      run: markAll,
    },
    {
      id: 'mute',
      label: isQuiet ? 'unmute the incident' : 'mute the incident',
      group: 'Inbox',
      about: aboutIncident(incident),
      unavailable: incident === undefined ? 'no incident is focused' : null,
      run: () => incident !== undefined && mute(incident.id, !isQuiet),
    },
    acknowledge.command,
    { id: 'list.filter', label: 'filter', group: 'Inbox', run: () => filter.current?.querySelector('input')?.focus() },
  ];
  useCommands(commands);
  if (!ready) return null;
  return (
    <div className={peeking ? 'incidents inbox peeking' : 'incidents inbox'}>
      <div className="row wrap">
        <h1 className="title">Inbox</h1>
        <span className="small-text faint tabular">
          {list.chosen.length > 0 ? `${list.chosen.length} of ${shown.length} chosen` : `${unread} unread`}
        </span>
        <span className="small-text muted">
          <Freshness value={fresh} bare />
        </span>
        <span className="grow" />
        <div className="incidents-filter" ref={filter}>
          <TextField
            label="Filter by words, person or number"
            hideLabel
            placeholder="Filter"
            value={text}
            onChange={setText}
            type="search"
          />
        </div>
        <Segmented
          label="Which items"
          value={which}
          onChange={(next) => {
            setWhich(next);
            setKept(new Set());
            setRoom(pageRows);
          }}
          options={[
            { value: 'unread', label: 'Unread' },
            { value: 'me', label: 'For me' },
            { value: 'around', label: 'Around me' },
            { value: 'all', label: 'All' },
            { value: 'muted', label: 'Muted' },
          ]}
        />
        <Button command="inbox.read-all" unavailable={unread === 0 ? 'Everything is read.' : null} onPress={markAll}>
          Mark all read
        </Button>
      </div>
      {shown.length === 0 ? (
        <Nothing which={which} filtered={text !== ''} live={fresh.state === 'live'} onAll={() => setWhich('all')} />
      ) : (
        <ul className="panel" aria-label="Inbox">
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
      {found.length > shown.length ? <Button onPress={() => setRoom(room + pageRows)}>Show older ones</Button> : null}
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
  if (filtered) return <Empty title="Nothing matches this filter">Its words are looked for in titles and texts.</Empty>;
  if (which === 'unread') {
    return (
      <Empty
        title={live ? 'You have read everything' : 'Everything that reached this machine is read'}
        actions={<Button onPress={onAll}>Show the last 7 days</Button>}
      >
        What waits for you is on Now, read or not.
      </Empty>
    );
  }
  if (which === 'muted') {
    return <Empty title="No incident is muted">Mute one from its row here, or from its room. Pages still come.</Empty>;
  }
  const toNow = (
    <a className="button" href={paths.now()}>
      Go to Now
    </a>
  );
  return (
    <Empty title="Nothing in the last 7 days" actions={toNow}>
      {which === 'around'
        ? 'Incidents that others opened or resolved, and changes on the services of your teams, arrive here.'
        : 'Pages, mentions, asks, role offers and tasks arrive here.'}
    </Empty>
  );
}
