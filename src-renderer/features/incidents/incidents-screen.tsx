import { type CSSProperties, useMemo, useRef, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useReplica, useTable } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { useLateAsks } from '../console/use-late-asks.ts';
import { useSparkBlind } from '../../ui/chart/blind.ts';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { listCommands, useListCursor, useRowInSight } from '../../ui/list-keys.ts';
import { ScreenHead } from '../../ui/screen-head.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { spanOf } from '../../ui/spark.ts';
import { TextField } from '../../ui/text-field.tsx';
import { useSteady } from '../../ui/use-steady.ts';
import { IncidentRow, IncidentRowHead } from '../now/incident-row.tsx';
import { useIncidentSparks } from '../now/incident-sparks.ts';
import '../now/now.css';
import { DeclareDialog } from './declare-dialog.tsx';
import { byUrgency, codeOf, isOpen } from './incident-facts.ts';
import { EscalateDialog } from './escalate-dialog.tsx';
import './incidents.css';
import { IncidentDrafts } from './incident-drafts.tsx';
import { FocusedIncident } from './focused-incident.tsx';
import { IncidentPeek } from './incident-peek.tsx';
import { aboutIncident, chosenOf, useAcknowledge } from './incident-commands.ts';
import { useCanDeclare } from './use-can-declare.ts';
import { useEscalate } from './use-escalate.ts';

type Which = 'open' | 'closed' | 'all';
/** They act on what is chosen, or stand in the foot. */
const ownKeys = ['acknowledge', 'escalate'];

export function IncidentsScreen() {
  const ready = useReplica((state) => state.ready);
  const incidents = useTable('incident');
  const cannotDeclare = useCanDeclare();
  const [which, setWhich] = useState<Which>('open');
  const [text, setText] = useState('');
  const [declaring, setDeclaring] = useState(false);
  const [escalating, setEscalating] = useState<Incident | null>(null);
  const [peeking, setPeeking] = useState(false);
  const filter = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => select([...incidents.rows.values()], which, text), [incidents, which, text]);
  const sparks = useIncidentSparks(rows);
  const now = useServerNow();
  const blind = useSparkBlind(spanOf(now));
  // Late or not changes with the minute, not with the second.
  const lateAsks = useLateAsks(Math.floor(now / 15_000) * 15_000);
  const ids = useMemo(() => rows.map(({ id }) => id), [rows]);
  const list = useListCursor(ids, 'incidents');
  const focus = useSteady(list.focus);
  useRowInSight(list.at);
  const focusedIncident = rows[list.at];
  const acknowledge = useAcknowledge(focusedIncident, chosenOf(rows, list.chosen));
  const escalate = useEscalate(focusedIncident);
  useCommands([
    ...listCommands(
      {
        move: list.move,
        select: list.select,
        extend: list.extend,
        peek: () => setPeeking(!peeking),
        open: () => open(focusedIncident),
        detail: peeking ? list.move : null,
        back: peeking || list.chosen.length > 0 ? () => (peeking ? setPeeking(false) : list.clear()) : null,
      },
      { group: 'Incidents', count: rows.length },
    ),
    acknowledge.command,
    {
      id: 'list.filter',
      label: t`filter`,
      group: 'Incidents',
      run: () => filter.current?.querySelector('input')?.focus(),
    },
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
  if (!ready) return null;
  return (
    <div className={peeking ? 'incidents peeking' : 'incidents'} style={{ '--blind': blind } as CSSProperties}>
      <ScreenHead
        title={t`Incidents`}
        beside={
          <>
            <span className="small-text faint">
              {list.chosen.length > 0 ? t`${list.chosen.length} of ${rows.length} chosen` : rows.length}
            </span>
          </>
        }
      >
        <div className="head-filter" ref={filter}>
          <TextField
            label={t`Filter by title, service or number`}
            hideLabel
            placeholder={t`Filter`}
            value={text}
            onChange={setText}
            type="search"
          />
        </div>
        <Segmented
          label={t`Which incidents`}
          value={which}
          onChange={setWhich}
          options={[
            { value: 'open', label: t`Open` },
            { value: 'closed', label: t`Closed` },
            { value: 'all', label: t`All` },
          ]}
        />
        <Button icon="plus" command="declare" unavailable={cannotDeclare} onPress={() => setDeclaring(true)}>
          {t`Declare incident`}
        </Button>
      </ScreenHead>
      <IncidentDrafts />
      {rows.length === 0 ? (
        <Empty
          title={
            text !== ''
              ? t`Nothing matches this filter`
              : {
                  open: t`No open incident on this machine`,
                  closed: t`No closed incident on this machine`,
                  all: t`No incident on this machine`,
                }[which]
          }
        >
          {which === 'closed' ? t`Closed incidents of the last 30 days are kept here.` : null}
        </Empty>
      ) : (
        <div className="incident-rows">
          <IncidentRowHead />
          {rows.map((incident, index) => (
            <IncidentRow
              key={incident.id}
              incident={incident}
              index={index}
              focused={index === list.at}
              chosen={list.chosen.includes(incident.id)}
              spark={sparks.get(incident.id)}
              lateAsks={lateAsks.get(incident.id) ?? 0}
              onFocus={focus}
            />
          ))}
        </div>
      )}
      {peeking && focusedIncident !== undefined ? (
        <IncidentPeek incident={focusedIncident} onClose={() => setPeeking(false)} />
      ) : null}
      {escalating === null ? null : <EscalateDialog incident={escalating} onClose={() => setEscalating(null)} />}
      <FocusedIncident incident={focusedIncident} besides={ownKeys} />
      {declaring ? <DeclareDialog onClose={() => setDeclaring(false)} /> : null}
    </div>
  );
}

function open(incident: Incident | undefined): void {
  if (incident !== undefined) navigate(paths.incident(incident.id));
}

function select(all: Incident[], which: Which, text: string): Incident[] {
  const words = text
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const matches = (incident: Incident) => {
    const content =
      `${codeOf(incident)} ${incident.title} ${incident.impact ?? ''} ${incident.services.join(' ')}`.toLowerCase();
    return words.every((word) => content.includes(word));
  };
  const inState = (incident: Incident) => (which === 'all' ? true : (which === 'open') === isOpen(incident));
  return all.filter((incident) => inState(incident) && matches(incident)).sort(openThenNewest);
}

function openThenNewest(a: Incident, b: Incident): number {
  if (isOpen(a) !== isOpen(b)) return isOpen(a) ? -1 : 1;
  return isOpen(a) ? byUrgency(a, b) : b.startedAt.localeCompare(a.startedAt);
}
