import { useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useCan, useReplica, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Empty } from '../../ui/empty.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { IncidentRow, IncidentRowHead } from '../now/incident-row.tsx';
import '../now/now.css';
import { DeclareDialog } from './declare-dialog.tsx';
import { byUrgency, codeOf, isOpen } from './incident-facts.ts';
import { EscalateDialog } from './escalate-dialog.tsx';
import './incidents.css';
import { useEscalate } from './use-escalate.ts';

type Which = 'open' | 'closed' | 'all';

export function IncidentsScreen() {
  const ready = useReplica((state) => state.ready);
  const incidents = useTable('incident');
  const can = useCan();
  const [which, setWhich] = useState<Which>('open');
  const [text, setText] = useState('');
  const [declaring, setDeclaring] = useState(false);
  const [escalating, setEscalating] = useState<Incident | null>(null);
  const [focus, setFocus] = useState(0);
  const list = useMemo(() => select([...incidents.rows.values()], which, text), [incidents, which, text]);
  const focused = Math.min(focus, Math.max(0, list.length - 1));
  const focusedIncident = list[focused];
  const escalate = useEscalate(focusedIncident);
  useCommands([
    { keys: 'j', label: 'next', run: () => setFocus(Math.min(focused + 1, list.length - 1)) },
    { keys: 'k', label: 'previous', run: () => setFocus(Math.max(focused - 1, 0)) },
    { keys: 'Enter', label: 'open', hint: true, run: () => open(list[focused]) },
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
  if (!ready) return null;
  return (
    <div className="incidents">
      <div className="row wrap">
        <h1 className="title">Incidents</h1>
        <span className="small-text faint">{list.length}</span>
        <span className="grow" />
        <div className="incidents-filter">
          <TextField
            label="Filter by title, service or number"
            hideLabel
            placeholder="Filter"
            value={text}
            onChange={setText}
            type="search"
          />
        </div>
        <Segmented
          label="Which incidents"
          value={which}
          onChange={setWhich}
          options={[
            { value: 'open', label: 'Open' },
            { value: 'closed', label: 'Closed' },
            { value: 'all', label: 'All' },
          ]}
        />
        <Button icon="plus" kbd="d" unavailable={can('incident.declare')} onPress={() => setDeclaring(true)}>
          Declare incident
        </Button>
      </div>
      {list.length === 0 ? (
        <Empty
          title={
            text === ''
              ? `No ${which === 'all' ? '' : `${which} `}incident on this machine`
              : 'Nothing matches this filter'
          }
        >
          {which === 'closed' ? 'Closed incidents of the last 30 days are kept here.' : null}
        </Empty>
      ) : (
        <IncidentRowHead />
      )}
      {list.map((incident, index) => (
        <IncidentRow
          key={incident.id}
          incident={incident}
          index={index}
          focused={index === focused}
          onFocus={setFocus}
        />
      ))}
      {escalating === null ? null : <EscalateDialog incident={escalating} onClose={() => setEscalating(null)} />}
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
