import type { Incident } from '#server/contract/incident.ts';
import { paths } from '../../paths.ts';
import { useCan, useFreshness, useNameOf, useOfIncident, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandKey } from '../../ui/command-key.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { codeOf, commanderOf, gapsOf, isOpen, statusWord } from './incident-facts.ts';
import './incident-peek.css';

const latestShown = 5;

/** The state of an incident beside the list, without leaving it. */
export function IncidentPeek({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const can = useCan();
  const submit = useSubmit();
  const nameOf = useNameOf();
  const fresh = useFreshness();
  const latest = useOfIncident('timeline', incident.id)
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .slice(0, latestShown);
  const commander = commanderOf(incident);
  const gaps = gapsOf(incident);
  return (
    <aside className="incident-peek" aria-label={`Peek: ${codeOf(incident)}`}>
      <div className="row">
        <span className="mono faint">{codeOf(incident)}</span>
        <span className="small-text muted grow">
          <Freshness value={fresh} bare />
        </span>
        <CommandKey id="detail.previous" />
        <CommandKey id="detail.next" />
        <Button look="ghost" compact icon="close" aria-label="Close" onPress={onClose} />
      </div>
      <div className="row">
        <Mark kind={incident.severity} />
        <h2 className="title wrap-any">{incident.title}</h2>
      </div>
      <p className="muted wrap-any">{incident.impact ?? 'Impact not stated yet.'}</p>
      <div className="row wrap">
        <a className="button primary" href={paths.incident(incident.id)}>
          Open the room <CommandKey id="list.open" />
        </a>
        <Button
          command="acknowledge"
          unavailable={can('incident.acknowledge', incident)}
          onPress={() => void submit({ kind: 'incident.acknowledge', incidentId: incident.id })}
        >
          Acknowledge
        </Button>
      </div>
      <KeyValues
        entries={[
          ['Status', statusWord(incident)],
          [
            isOpen(incident) ? 'Open for' : 'Took',
            <Elapsed key="elapsed" since={incident.startedAt} until={isOpen(incident) ? null : incident.resolvedAt} />,
          ],
          ['Commander', commander === null ? 'nobody' : nameOf(commander.userId)],
          ['Alerts', `${incident.firingAlertCount} firing of ${incident.alertCount}`],
          ['Services', incident.services.length === 0 ? 'none named' : incident.services.join(', ')],
          ['Last update', incident.lastUpdate === null ? 'none yet' : incident.lastUpdate.text],
          ['Missing', gaps.length === 0 ? 'nothing' : gaps.join(', ')],
        ]}
      />
      <h3 className="small-text muted">Latest</h3>
      <ul className="incident-peek-latest">
        {latest.map((entry) => (
          <li key={entry.id}>
            <span className="mono faint">
              <Time at={entry.at} />
            </span>
            <span className="wrap-any">{entry.text}</span>
          </li>
        ))}
        {latest.length === 0 ? <li className="muted">Nothing of its timeline is on this machine.</li> : null}
      </ul>
    </aside>
  );
}
