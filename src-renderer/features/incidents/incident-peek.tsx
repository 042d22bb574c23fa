import type { Incident } from '#server/contract/incident.ts';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCan, useFreshness, useNameOf, useOfIncident, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandKey } from '../../ui/command-key.tsx';
import { Freshness } from '../../ui/freshness.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Mark } from '../../ui/mark.tsx';
import { SidePeek } from '../../ui/side-peek.tsx';
import { Elapsed, Time } from '../../ui/time.tsx';
import { codeOf, commanderOf, gapsOf, isOpen, statusWord } from './incident-facts.ts';

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
    <SidePeek code={codeOf(incident)} aside={<Freshness value={fresh} bare />} onClose={onClose}>
      <div className="row">
        <Mark kind={incident.severity} />
        <h2 className="title wrap-any">{incident.title}</h2>
      </div>
      <p className="muted wrap-any">{incident.impact ?? t`Impact not stated yet.`}</p>
      <div className="row wrap">
        <a className="button primary" href={paths.incident(incident.id)}>
          {rich`Open the room ${<CommandKey id="list.open" />}`}
        </a>
        <Button
          command="acknowledge"
          unavailable={can('incident.acknowledge', incident)}
          onPress={() => void submit({ kind: 'incident.acknowledge', incidentId: incident.id })}
        >
          {t`Acknowledge`}
        </Button>
      </div>
      <KeyValues
        entries={[
          [t`Status`, statusWord(incident)],
          [
            isOpen(incident) ? t`Open for` : t`Took`,
            <Elapsed key="elapsed" since={incident.startedAt} until={isOpen(incident) ? null : incident.resolvedAt} />,
          ],
          [t`Commander`, commander === null ? 'nobody' : nameOf(commander.userId)],
          [t`Alerts`, t`${incident.firingAlertCount} firing of ${incident.alertCount}`],
          [t`Services`, incident.services.length === 0 ? t`none named` : incident.services.join(', ')],
          [t`Last update`, incident.lastUpdate === null ? t`none yet` : incident.lastUpdate.text],
          [t`Missing`, gaps.length === 0 ? 'nothing' : gaps.join(', ')],
        ]}
      />
      <h3 className="small-text muted">{t`Latest`}</h3>
      <ul className="peek-lines">
        {latest.map((entry) => (
          <li key={entry.id}>
            <span className="mono faint">
              <Time at={entry.at} />
            </span>
            <span className="wrap-any">{entry.text}</span>
          </li>
        ))}
        {latest.length === 0 ? <li className="muted">{t`Nothing of its timeline is on this machine.`}</li> : null}
      </ul>
    </SidePeek>
  );
}
