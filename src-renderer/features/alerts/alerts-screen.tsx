import { useMemo, useRef, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { AlertFilter } from '#server/contract/view.ts';
import { rich } from '../../language/rich.ts';
import { numberText, t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import type { ScreenProps } from '../../screen-props.ts';
import { useCan, useSession, useTable } from '../../session.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useSparkBlind } from '../../ui/chart/blind.ts';
import { rowHeightOf, usePreferences } from '../../ui/preferences.ts';
import { Split } from '../../ui/split.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { FocusedIncident } from '../incidents/focused-incident.tsx';
import { useCanDeclare } from '../incidents/use-can-declare.ts';
import { AlertDialogs, type OpenDialog } from './alert-dialogs.tsx';
import { defaultFilter, emptyFilter, sameFilter } from './alert-filter.ts';
import type { AlertSort } from './alert-index.ts';
import { useAlertList } from './alert-list-state.ts';
import type { AlertRow } from './alert-rows.ts';
import { AlertTable } from './alert-table.tsx';
import { AlertsEmpty } from './alerts-empty.tsx';
import './alerts.css';
import { AlertsHead } from './alerts-head.tsx';
import { ArrivalsChart } from './arrivals-chart.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { Facets } from './facets.tsx';
import { OlderAlerts } from './older-alerts.tsx';
import { PeekPane } from './peek-pane.tsx';
import { SilencesView } from './silences-view.tsx';
import { StormHeatMap } from './storm-heat-map.tsx';
import { useAlertActions } from './use-alert-actions.ts';
import { useAlertKeys } from './use-alert-keys.ts';
import { subjectOf, useArrival, useListMoves } from './use-alert-list.ts';
import { type AlertRows, useAlertRows } from './use-alert-rows.ts';

const heldMs = 24 * 3_600_000;
/** They act on the alerts themselves. */
const ownKeys = ['acknowledge', 'snooze', 'resolve'];

export function AlertsScreen({ params, query }: ScreenProps) {
  const list = useAlertList();
  const { filter, chosen, cursor, set } = list;
  const view = viewOf(query);
  const peekId = query.get('peek');
  useArrival(params['id'] ?? null, query);

  const found = useAlertRows(list);
  const { rows, mode } = found;
  const moves = useListMoves(rows, peekId);
  const blind = useSparkBlind(found.endSpan);
  const incidents = useTable('incident');
  const { store } = useSession().replica;
  const changeTable = useTable('change');
  const changes = useMemo(() => [...changeTable.rows.values()], [changeTable]);
  const can = useCan();
  const cannotDeclare = useCanDeclare();
  const { act, attach } = useAlertActions();
  const [opened, setOpened] = useState<OpenDialog | null>(null);
  const [facetsOpen, setFacetsOpen] = useState(false);
  const inputRef = useRef<HTMLInputElement>(null);
  const phone = useMedia('(max-width: 640px)');
  const density = usePreferences((state) => state.density);

  const cursorRow = rows.at(rows.indexOf(cursor));
  const subject = (): Alert[] => subjectOf(store.getState().tables.alert.rows, chosen, cursorRow);
  const clearChosen = (): void => set({ chosen: new Set() });
  const acknowledge = (): void => {
    void act('alert.acknowledge', subject());
    clearChosen();
  };
  const ask = (dialog: 'silence' | 'declare' | 'attach' | 'resolve'): void => {
    const about = subject();
    if (about.length === 0) return;
    setOpened(dialog === 'silence' ? { dialog, alerts: about, kind: 'silence' } : { dialog, alerts: about });
  };

  const listed = view === null && mode !== 'heat';
  useAlertKeys({
    ...moves,
    enabled: listed,
    count: rows.length,
    cursorRow,
    peeking: peekId !== null,
    choosing: chosen.size,
    can,
    cannotDeclare,
    focusFilter: () => inputRef.current?.focus(),
    select: (row) => moves.select(row, false),
    peek: (row) =>
      row.kind === 'group' ? moves.fold(row, !row.expanded) : moves.peek(peekId === row.id ? null : row.id),
    acknowledge,
    silence: () => ask('silence'),
    attach: () => ask('attach'),
    declare: () => ask('declare'),
    resolve: () => ask('resolve'),
    back: () => (chosen.size > 0 ? clearChosen() : moves.peek(null)),
  });

  // The rows are not drawn again for a handler; what they hand over may be older than the list.
  const current = (row: AlertRow): AlertRow => rows.at(rows.indexOf(row.id)) ?? row;
  const press = useSteady((row: AlertRow) => moves.press(current(row)));
  const open = useSteady((row: AlertRow) => moves.open(current(row)));
  const toggle = useSteady((row: AlertRow) => moves.fold(current(row), row.kind === 'group' && !row.expanded));
  const select = useSteady((row: AlertRow, extend: boolean) => moves.select(current(row), extend));
  const setSort = useSteady((sort: AlertSort) => set({ sort }));
  const setFilter = useSteady((next: AlertFilter) => set({ filter: next }));
  const openFacets = useSteady(() => setFacetsOpen(true));

  const facets = <Facets filter={filter} facets={found.facets} onChange={setFilter} />;
  const classes = ['alerts', ...(chosen.size > 0 ? ['choosing'] : []), ...(view === 'silences' ? ['plain'] : [])];
  const body = (
    <section className="alerts-list" aria-label={view === 'silences' ? t`Silences` : t`Alerts`}>
      <AlertsHead view={view} count={countWords(found, mode === 'groups')} inputRef={inputRef} onFacets={openFacets} />
      {view === 'silences' ? (
        <SilencesView onNew={(kind) => setOpened({ dialog: 'silence', alerts: [], kind })} />
      ) : view === 'older' ? (
        <OlderAlerts
          filter={filter}
          beforeMs={found.nowMs - heldMs}
          onOpen={(alert) => navigate(paths.alerts({ view: 'older', peek: alert.id }))}
        />
      ) : (
        <>
          <ArrivalsChart arrivals={found.arrivals} changes={changes} />
          {mode === 'heat' && found.heat.length > 0 ? (
            <StormHeatMap alerts={found.heat} />
          ) : rows.length === 0 ? (
            <div className="alerts-empty">
              <AlertsEmpty
                held={found.held}
                filtered={!sameFilter(filter, emptyFilter)}
                onClear={() => set({ filter: sameFilter(filter, defaultFilter) ? emptyFilter : defaultFilter })}
                onOlder={() => navigate(paths.alerts({ view: 'older' }))}
              />
            </div>
          ) : (
            <AlertTable
              rows={rows}
              cursor={cursor}
              chosen={chosen}
              incidents={incidents}
              telling={found.telling}
              tree={mode === 'groups'}
              rowHeight={phone ? 48 : rowHeightOf(density)}
              sort={list.sort}
              endSpan={found.endSpan}
              blind={blind}
              onSort={setSort}
              onPress={press}
              onOpen={open}
              onToggle={toggle}
              onSelect={select}
            />
          )}
          <p className="alerts-older">
            {rich`These are the last 24 h, kept on this machine. ${<a href={paths.alerts({ view: 'older' })}>{t`Older ones, from the server`}</a>}`}
          </p>
        </>
      )}
      {chosen.size > 0 && listed ? (
        <BulkBar
          count={chosen.size}
          cannot={{
            acknowledge: can('alert.acknowledge'),
            silence: can('silence.save'),
            attach: can('incident.attach-alerts'),
            declare: cannotDeclare,
          }}
          onAcknowledge={acknowledge}
          onSilence={() => ask('silence')}
          onAttach={() => ask('attach')}
          onDeclare={() => ask('declare')}
          onClear={clearChosen}
        />
      ) : null}
    </section>
  );
  const peek =
    peekId === null ? null : (
      <PeekPane
        id={peekId}
        rows={rows}
        onMove={moves.movePeek}
        onAct={(kind, alert) => void act(kind, [alert])}
        onAsk={(dialog, alert) =>
          setOpened(dialog === 'silence' ? { dialog, alerts: [alert], kind: 'silence' } : { dialog, alerts: [alert] })
        }
        onClose={() => navigate(paths.alerts(view === null ? {} : { view }))}
      />
    );

  return (
    <div className={classes.join(' ')}>
      <Split
        name="alert-facets"
        label={t`Width of the facets`}
        sized="start"
        size={196}
        least={{ start: 160, end: 400 }}
        stackAt={1100}
        alone="end"
        start={
          view === 'silences' ? null : (
            <aside className="alerts-facets" aria-label={t`Facets`}>
              {facets}
            </aside>
          )
        }
        end={
          <Split
            name="alert-peek"
            label={t`Width of the peek`}
            sized="end"
            size={392}
            least={{ start: 380, end: 320 }}
            stackAt={780}
            alone="end"
            start={body}
            end={peek}
          />
        }
      />
      {opened === null ? null : (
        <AlertDialogs
          opened={opened}
          onAttach={(incident, chosenAlerts) => {
            void attach(incident, chosenAlerts);
            clearChosen();
          }}
          onResolve={(about) => void act('alert.resolve', about)}
          onClose={() => setOpened(null)}
        />
      )}
      <FocusedIncident
        incident={listed ? incidents.rows.get(incidentIdOf(cursorRow) ?? '') : undefined}
        besides={listed ? ownKeys : []}
        without={
          listed && cursorRow !== undefined
            ? t`this alert is in no incident: declare one or attach it`
            : t`no alert is focused`
        }
      />
      <Dialog title={t`Facets`} open={facetsOpen} onClose={() => setFacetsOpen(false)}>
        <div>{facets}</div>
      </Dialog>
    </div>
  );
}

function incidentIdOf(row: AlertRow | undefined): string | null {
  if (row === undefined) return null;
  return row.kind === 'group' ? row.group.incidentId : row.alert.incidentId;
}

/** What covers the list; `view=flat` and the like set the list up instead (useArrival). */
function viewOf(query: URLSearchParams): 'silences' | 'older' | null {
  const view = query.get('view');
  return view === 'silences' || view === 'older' ? view : null;
}

function countWords(found: AlertRows, grouped: boolean): string {
  const count = numberText(found.alerts.length);
  return grouped && found.groupCount > 0 ? t`${count} in ${numberText(found.groupCount)} groups` : count;
}
