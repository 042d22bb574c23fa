import { useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import { useCan, useFreshness, useMe, useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { usePaced } from '../../ui/use-paced.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { SectionHead } from '../../ui/panel.tsx';
import { paths } from '../../paths.ts';
import { navigate } from '../../navigation.ts';
import { DeclareDialog } from '../incidents/declare-dialog.tsx';
import { EscalateDialog } from '../incidents/escalate-dialog.tsx';
import { gapsOf, openIncidents, updateDue } from '../incidents/incident-facts.ts';
import { useEscalate } from '../incidents/use-escalate.ts';
import { OnCallNow } from '../paging/on-call-now.tsx';
import { FirstRun } from '../first-run/first-run.tsx';
import { ChangeList } from './change-list.tsx';
import { anyReporting, neverReceived } from './feeds.ts';
import { FeedList } from './feed-list.tsx';
import { IncidentRow, IncidentRowHead } from './incident-row.tsx';
import { NeedList } from './need-list.tsx';
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
  const can = useCan();
  const now = useServerNow();
  const freshness = useFreshness();
  const incidents = usePaced(useTable('incident'), null, redrawMs);
  const tasks = useTable('task');
  const pages = useTable('page');
  const escalations = useTable('escalation');
  const integrations = useTable('integration');
  const [declaring, setDeclaring] = useState(false);
  const [escalating, setEscalating] = useState<Incident | null>(null);
  const [focus, setFocus] = useState(0);
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
      ),
    [me, incidents, tasks, pages, escalations, minute],
  );
  const rows = needs.length + open.length;
  const focusIncident = useSteady((index: number) => setFocus(needs.length + index));
  const focused = Math.min(focus, Math.max(0, rows - 1));
  const focusedIncident = focused < needs.length ? needs[focused]?.incident : open[focused - needs.length];
  const escalate = useEscalate(focusedIncident);
  useCommands([
    { keys: 'j', label: 'next', run: () => setFocus(Math.min(focused + 1, rows - 1)) },
    { keys: 'k', label: 'previous', run: () => setFocus(Math.max(focused - 1, 0)) },
    {
      keys: 'Enter',
      label: 'open',
      hint: rows > 0,
      run: () => focusedIncident !== undefined && navigate(paths.incident(focusedIncident.id)),
    },
    {
      keys: 'e',
      label: escalate.label,
      hint: focusedIncident !== undefined && escalate.unavailable === null,
      unavailable: escalate.unavailable,
      run: () => setEscalating(focusedIncident ?? null),
    },
    {
      keys: 'd',
      label: 'declare incident',
      hint: true,
      unavailable: can('incident.declare'),
      run: () => setDeclaring(true),
    },
  ]);
  const overdue = open.filter((incident) => updateDue(incident, now).kind === 'overdue').length;
  const uncommanded = open.filter((incident) => gapsOf(incident).includes('no commander')).length;
  const healthy = freshness.state === 'live' && anyReporting(integrations.rows.values(), now);
  return (
    <div className="now">
      <section className="now-left">
        <div className="row">
          <h1 className="title grow">Now</h1>
          <Button icon="plus" kbd="d" unavailable={can('incident.declare')} onPress={() => setDeclaring(true)}>
            Declare incident
          </Button>
        </div>
        <SectionHead title="Needs you" count={needs.length === 0 ? '' : countWords(needs.map((need) => need.kind))} />
        <NeedList needs={needs} focused={focused} onFocus={setFocus} onEscalate={setEscalating} healthy={healthy} />
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
      {escalating === null ? null : <EscalateDialog incident={escalating} onClose={() => setEscalating(null)} />}
      {declaring ? <DeclareDialog onClose={() => setDeclaring(false)} /> : null}
    </div>
  );
}

function countWords(kinds: readonly string[]): string {
  const words: [string, string, string][] = [
    ['page', 'page', 'pages'],
    ['acknowledge', 'to acknowledge', 'to acknowledge'],
    ['offer', 'role offered', 'roles offered'],
    ['update', 'update owed', 'updates owed'],
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
