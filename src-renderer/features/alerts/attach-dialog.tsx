import { useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
import { plural, t, term } from '../../language/words.ts';
import { useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Mark } from '../../ui/mark.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Elapsed } from '../../ui/time.tsx';

const shownMax = 8;

/** Picks the open incident that selected alerts move into. */
export function AttachDialog({
  count,
  onPick,
  onClose,
}: {
  count: number;
  onPick: (incident: Incident) => void;
  onClose: () => void;
}) {
  const table = useTable('incident');
  const [text, setText] = useState('');
  const open = useMemo(() => openIncidents(table.rows.values()), [table]);
  const words = text.trim().toLowerCase();
  const shown = open.filter((incident) => `inc-${incident.number} ${incident.title}`.toLowerCase().includes(words));
  return (
    <Dialog
      title={t`${plural(count, { one: 'Attach the alert to an incident', other: 'Attach # alerts to an incident' })}`}
      open
      onClose={onClose}
      foot={<Button onPress={onClose}>{t`Cancel`}</Button>}
    >
      <TextField
        label={t`Open incident`}
        placeholder={t`INC-12 or words of its title`}
        value={text}
        onChange={setText}
        autoFocus
      />
      {shown.length === 0 ? (
        <p className="muted">
          {open.length === 0
            ? t`No incident is open. Declare one from the selection instead.`
            : t`No open incident fits.`}
        </p>
      ) : (
        <ul className="attach-list">
          {shown.slice(0, shownMax).map((incident) => (
            <li key={incident.id}>
              <Mark kind={incident.severity} />
              <div className="two-line grow">
                <div className="clip">{incident.title}</div>
                <div>
                  <span className="mono">INC-{incident.number}</span> {term(incident.status)},{' '}
                  <Elapsed since={incident.startedAt} />,{' '}
                  {t`${plural(incident.alertCount, { one: '1 alert', other: '# alerts' })}`}
                </div>
              </div>
              <Button compact onPress={() => onPick(incident)}>
                {t`Attach`}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p className="small-text muted">
        {t`What a person places stays there: grouping rules leave these alerts alone from then on.`}
      </p>
    </Dialog>
  );
}

function openIncidents(incidents: Iterable<Incident>): Incident[] {
  return [...incidents]
    .filter((incident) => incident.status !== 'resolved' && incident.mergedInto === null)
    .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity) || b.number - a.number);
}
