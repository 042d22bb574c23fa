import { type CSSProperties, useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { useFreshness, useMe, useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useSparkBlind } from '../../ui/chart/blind.ts';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { spanOf } from '../../ui/spark.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { SectionHead } from '../../ui/panel.tsx';
import { paths } from '../../paths.ts';
import { navigate } from '../../navigation.ts';
import { useLateAsks } from '../console/use-late-asks.ts';
import { DeclareDialog } from '../incidents/declare-dialog.tsx';
import { IncidentDrafts } from '../incidents/incident-drafts.tsx';
import { useCanDeclare } from '../incidents/use-can-declare.ts';
import { EscalateDialog } from '../incidents/escalate-dialog.tsx';
import { gapsOf, openIncidents, updateDue } from '../incidents/incident-facts.ts';
import { IncidentPeek } from '../incidents/incident-peek.tsx';
import { aboutIncident, chosenOf, useAcknowledge } from '../incidents/incident-commands.ts';
import { type RoomDialog, RoomDialogs } from '../incidents/room-dialogs.tsx';
import { useEscalate } from '../incidents/use-escalate.ts';
import { OnCallNow } from '../paging/on-call-now.tsx';
import { FirstRun } from '../first-run/first-run.tsx';
import { ChangeList } from './change-list.tsx';
import { anyReporting, neverReceived } from './feeds.ts';
import { FeedList } from './feed-list.tsx';
import { IncidentRow, IncidentRowHead } from './incident-row.tsx';
import { useIncidentSparks } from './incident-sparks.ts';
import { keyOf, NeedList } from './need-list.tsx';
import { needsMe } from './needs-me.ts';
import './now.css';

/** Under a storm the incidents are put in order this often. */
const redrawMs = 250;

export function NowScreen() {
  const ready = useReplica((state) => state.ready);
  // Read with `ready`, not as tables: those are drawn a moment later, and until then everything would look untouched.
  const untouched = useReplica(
    ({ tables }) =>
      tables.alert.rows.size === 0 &&
      tables.incident.rows.size === 0 &&
      neverReceived(tables.integration.rows.values()),
  );
  if (!ready) return null;
  return untouched ? <FirstRun /> : <Now />;
}

function Now() {
  const me = useMe();
  const cannotDeclare = useCanDeclare();
  const now = useServerNow();
  const freshness = useFreshness();
  const incidents = usePaced(useTable('incident'), null, redrawMs);
  const tasks = useTable('task');
  const asks = useTable('ask');
  const polls = useTable('poll');
  const updates = useTable('statusUpdate');
  const pages = useTable('page');
  const escalations = useTable('escalation');
  const integrations = useTable('integration');
  const [declaring, setDeclaring] = useState(false);
  const [escalating, setEscalating] = useState<Incident | null>(null);
  const [opened, setOpened] = useState<{ incident: Incident; dialog: RoomDialog } | null>(null);
  const openDialog = useSteady((incident: Incident, dialog: RoomDialog) => setOpened({ incident, dialog }));
  const [peeking, setPeeking] = useState(false);
  const open = useMemo(() => openIncidents(incidents.rows.values()), [incidents]);
  // Whether an update is owed changes with the minute, not with the second.
  const minute = Math.floor(now / 15_000) * 15_000;
  const needs = useMemo(
    () =>
      needsMe(
        { id: me.id, responds: roleAtLeast(me.role, 'responder') },
        incidents.rows.values(),
        tasks.rows.values(),
        minute,
        { pages: pages.rows.values(), escalations: escalations.rows },
        { asks: asks.rows.values(), polls: polls.rows.values(), updates: updates.rows.values() },
      ),
    [me, incidents, tasks, asks, polls, updates, pages, escalations, minute],
  );
  const ids = useMemo(() => [...needs.map(keyOf), ...open.map(({ id }) => id)], [needs, open]);
  const list = useListCursor(ids);
  const focusNeed = useSteady(list.focus);
  const focusIncident = useSteady((index: number) => list.focus(needs.length + index));
  const focused = list.at;
  useRowInSight(list.at);
  const focusedIncident = focused < needs.length ? needs[focused]?.incident : open[focused - needs.length];
  const escalate = useEscalate(focusedIncident);
  // A need under the keyboard brings its own; see need-list.tsx.
  const acknowledge = useAcknowledge(focused < needs.length ? undefined : focusedIncident, chosenOf(open, list.chosen));
  const sparks = useIncidentSparks(open);
  const blind = useSparkBlind(spanOf(now));
  useCommands([
    ...listCommands(
      {
        move: list.move,
        select: list.select,
        extend: list.extend,
        peek: () => setPeeking(!peeking),
        open: () => focusedIncident !== undefined && navigate(paths.incident(focusedIncident.id)),
        detail: peeking ? list.move : null,
        back: peeking || list.chosen.length > 0 ? () => (peeking ? setPeeking(false) : list.clear()) : null,
      },
      { group: 'Now', count: ids.length },
    ),
    ...(focused < needs.length && list.chosen.length === 0 ? [] : [acknowledge.command]),
    {
      id: 'escalate',
      label: escalate.label,
      about: aboutIncident(focusedIncident),
      hint: focusedIncident !== undefined && escalate.unavailable === null,
      unavailable: escalate.unavailable,
      run: () => setEscalating(focusedIncident ?? null),
    },
    {
      id: 'declare',
      label: 'declare incident',
      hint: true,
      unavailable: cannotDeclare,
      run: () => setDeclaring(true),
    },
  ]);
  const lateAsks = useLateAsks(minute);
  const overdue = open.filter((incident) => updateDue(incident, now).kind === 'overdue').length;
  const uncommanded = open.filter((incident) => gapsOf(incident).includes('no commander')).length;
  const healthy = freshness.state === 'live' && anyReporting(integrations.rows.values(), now);
  return (
    <div className={peeking ? 'now peeking' : 'now'} style={{ '--blind': blind } as CSSProperties}>
      <section className="now-left">
        <div className="row">
          <h1 className="title grow">Now</h1>
          <Button icon="plus" command="declare" unavailable={cannotDeclare} onPress={() => setDeclaring(true)}>
            Declare incident
          </Button>
        </div>
        <IncidentDrafts />
        <SectionHead title="Needs you" count={needs.length === 0 ? '' : countWords(needs.map((need) => need.kind))} />
        <NeedList
          needs={needs}
          focused={focused}
          onFocus={focusNeed}
          onEscalate={setEscalating}
          onDialog={openDialog}
          healthy={healthy}
        />
        <SectionHead
          title="Open incidents"
          count={open.length}
          actions={<span className="count small-text faint">{summary(overdue, uncommanded)}</span>}
        />
        {open.length === 0 ? (
          <Empty title={healthy ? 'No incident is open' : 'No incident is open as far as this screen knows'}>
            {healthy
              ? 'At least one feed is reporting, so this is news, not silence.'
              : 'No feed is known to report right now; look at the feeds beside this.'}
          </Empty>
        ) : (
          <>
            <IncidentRowHead />
            {open.map((incident, index) => (
              <IncidentRow
                key={incident.id}
                incident={incident}
                index={index}
                focused={focused === needs.length + index}
                chosen={list.chosen.includes(incident.id)}
                spark={sparks.get(incident.id)}
                lateAsks={lateAsks.get(incident.id) ?? 0}
                onFocus={focusIncident}
              />
            ))}
          </>
        )}
        <ChangeList />
      </section>
      <aside className="now-right">
        <OnCallNow />
        <FeedList />
      </aside>
      {peeking && focusedIncident !== undefined ? (
        <IncidentPeek incident={focusedIncident} onClose={() => setPeeking(false)} />
      ) : null}
      {escalating === null ? null : <EscalateDialog incident={escalating} onClose={() => setEscalating(null)} />}
      {opened === null ? null : <RoomDialogs {...opened} onClose={() => setOpened(null)} />}
      {declaring ? <DeclareDialog onClose={() => setDeclaring(false)} /> : null}
    </div>
  );
}

function countWords(kinds: readonly string[]): string {
  const words: [string, string, string][] = [
    ['page', 'page', 'pages'],
    ['acknowledge', 'to acknowledge', 'to acknowledge'],
    ['offer', 'role offered', 'roles offered'],
    ['approve', 'update to approve', 'updates to approve'],
    ['update', 'update owed', 'updates owed'],
    ['poll', 'poll', 'polls'],
    ['ask', 'ask for you', 'asks for you'],
    ['unanswered', 'unanswered', 'unanswered'],
    ['task', 'task', 'tasks'],
  ];
  return words
    .map(([kind, one, many]) => {
      const count = kinds.filter((other) => other === kind).length;
      return count === 0 ? '' : `${count} ${count === 1 ? one : many}`;
    })
    .filter((text) => text !== '')
    .join(', ');
}

function summary(overdue: number, uncommanded: number): string {
  const parts: string[] = [];
  if (overdue > 0) parts.push(`${overdue} ${overdue === 1 ? 'update' : 'updates'} overdue`);
  if (uncommanded > 0) parts.push(`${uncommanded} without a commander`);
  return parts.join(', ');
}
