import { type CSSProperties, lazy, Suspense, useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { plural, t } from '../../language/words.ts';
import { useFreshness, useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useSparkBlind } from '../../ui/chart/blind.ts';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { spanOf } from '../../ui/spark.ts';
import { usePaced } from '../../ui/use-paced.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { SectionHead } from '../../ui/panel.tsx';
import { paths } from '../../paths.ts';
import { navigate } from '../../navigation.ts';
import { useLateAsks } from '../console/use-late-asks.ts';
import { DeclareDialog } from '../incidents/declare-dialog.tsx';
import { IncidentDrafts } from '../incidents/incident-drafts.tsx';
import { useCanDeclare } from '../incidents/use-can-declare.ts';
import { EscalateDialog } from '../incidents/escalate-dialog.tsx';
import { commanderOf, openIncidents, updateDue } from '../incidents/incident-facts.ts';
import { FocusedIncident } from '../incidents/focused-incident.tsx';
import { aboutIncident, chosenOf, useAcknowledge } from '../incidents/incident-commands.ts';
import type { RoomDialog } from '../incidents/room-dialog.ts';
import { RoomDialogs } from '../incidents/room-dialogs.tsx';
import { useEscalate } from '../incidents/use-escalate.ts';
import { OnCallNow } from '../paging/on-call-now.tsx';
import { FirstRun } from '../first-run/first-run.tsx';
import { ChangeList } from './change-list.tsx';
import { anyReporting, neverReceived } from './feeds.ts';
import { FeedList } from './feed-list.tsx';
import { IncidentRow, IncidentRowHead } from './incident-row.tsx';
import { useIncidentSparks } from './incident-sparks.ts';
import { keyOf, NeedList } from './need-list.tsx';
import type { Need } from './needs-me.ts';
import { useNeeds } from './use-needs.ts';
import './now.css';

const IncidentPeek = lazy(() =>
  import('../incidents/incident-peek.tsx').then(({ IncidentPeek: component }) => ({ default: component })),
);

/** Under a storm the incidents are put in order this often. */
const redrawMs = 250;

/** A need under the keyboard has an answer of its own, and its button escalates too. */
const ownKeys = ['acknowledge', 'escalate'];

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
  const cannotDeclare = useCanDeclare();
  const now = useServerNow();
  const freshness = useFreshness();
  const incidents = usePaced(useTable('incident'), null, redrawMs);
  const integrations = useTable('integration');
  const [declaring, setDeclaring] = useState(false);
  const [escalating, setEscalating] = useState<Incident | null>(null);
  const [opened, setOpened] = useState<{ incident: Incident; dialog: RoomDialog } | null>(null);
  const openDialog = useSteady((incident: Incident, dialog: RoomDialog) => setOpened({ incident, dialog }));
  const [peeking, setPeeking] = useState(false);
  const open = useMemo(() => openIncidents(incidents.rows.values()), [incidents]);
  // Whether an update is owed changes with the minute, not with the second.
  const minute = Math.floor(now / 15_000) * 15_000;
  const needs = useNeeds(incidents, minute);
  const ids = useMemo(() => [...needs.map(keyOf), ...open.map(({ id }) => id)], [needs, open]);
  const list = useListCursor(ids, 'now');
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
      label: t`declare incident`,
      hint: true,
      unavailable: cannotDeclare,
      run: () => setDeclaring(true),
    },
  ]);
  const lateAsks = useLateAsks(minute);
  const overdue = open.filter((incident) => updateDue(incident, now).kind === 'overdue').length;
  const uncommanded = open.filter((incident) => commanderOf(incident) === null).length;
  const healthy = freshness.state === 'live' && anyReporting(integrations.rows.values(), now);
  return (
    <div className={peeking ? 'now peeking' : 'now'} style={{ '--blind': blind } as CSSProperties}>
      <section className="now-left">
        <ScreenHead title={t`Now`}>
          <Button icon="plus" command="declare" unavailable={cannotDeclare} onPress={() => setDeclaring(true)}>
            {t`Declare incident`}
          </Button>
        </ScreenHead>
        <div className="now-part">
          <IncidentDrafts />
          <SectionHead
            title={t`Needs you`}
            count={needs.length === 0 ? '' : countWords(needs.map((need) => need.kind))}
          />
          <NeedList
            needs={needs}
            focused={focused}
            onFocus={focusNeed}
            onEscalate={setEscalating}
            onDialog={openDialog}
            healthy={healthy}
          />
        </div>
        <div className="now-part open incident-rows">
          <SectionHead
            title={t`Open incidents`}
            count={open.length}
            actions={<span className="count small-text faint">{summary(overdue, uncommanded)}</span>}
          />
          {open.length === 0 ? (
            <Empty title={healthy ? t`No incident is open` : t`No incident is open as far as this screen knows`}>
              {healthy
                ? t`At least one feed is reporting, so this is news, not silence.`
                : t`No feed is known to report right now; look at the feeds beside this.`}
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
        </div>
        <div className="now-part changed">
          <ChangeList />
        </div>
      </section>
      <aside className="now-right">
        <OnCallNow />
        <FeedList />
      </aside>
      {peeking && focusedIncident !== undefined ? (
        <Suspense fallback={null}>
          <IncidentPeek incident={focusedIncident} onClose={() => setPeeking(false)} />
        </Suspense>
      ) : null}
      {escalating === null ? null : <EscalateDialog incident={escalating} onClose={() => setEscalating(null)} />}
      {opened === null ? null : <RoomDialogs {...opened} onClose={() => setOpened(null)} />}
      <FocusedIncident incident={focusedIncident} besides={ownKeys} />
      {declaring ? <DeclareDialog onClose={() => setDeclaring(false)} /> : null}
    </div>
  );
}

function countWords(kinds: readonly Need['kind'][]): string {
  const counts = new Map<Need['kind'], number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return needOrder.flatMap((kind) => (counts.has(kind) ? [needCount(kind, counts.get(kind) ?? 0)] : [])).join(', ');
}

const needOrder = [
  'page',
  'acknowledge',
  'offer',
  'approve',
  'update',
  'poll',
  'ask',
  'unanswered',
  'task',
] as const satisfies readonly Need['kind'][];

function needCount(kind: Need['kind'], n: number): string {
  switch (kind) {
    case 'page':
      return t`${plural(n, { one: '# page', other: '# pages' })}`;
    case 'acknowledge':
      return t`${plural(n, { one: '# to acknowledge', other: '# to acknowledge' })}`;
    case 'offer':
      return t`${plural(n, { one: '# role offered', other: '# roles offered' })}`;
    case 'approve':
      return t`${plural(n, { one: '# update to approve', other: '# updates to approve' })}`;
    case 'update':
      return t`${plural(n, { one: '# update owed', other: '# updates owed' })}`;
    case 'poll':
      return t`${plural(n, { one: '# poll', other: '# polls' })}`;
    case 'ask':
      return t`${plural(n, { one: '# ask for you', other: '# asks for you' })}`;
    case 'unanswered':
      return t`${plural(n, { one: '# ask unanswered', other: '# asks unanswered' })}`;
    case 'task':
      return t`${plural(n, { one: '# task', other: '# tasks' })}`;
  }
}

function summary(overdue: number, uncommanded: number): string {
  const parts: string[] = [];
  if (overdue > 0) parts.push(t`${plural(overdue, { one: '1 update', other: '# updates' })} overdue`);
  if (uncommanded > 0) parts.push(t`${uncommanded} without a commander`);
  return parts.join(', ');
}
