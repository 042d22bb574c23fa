import { memo, useMemo, useState } from 'react';
import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { severityRank } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { useCan, useOfIncident, useQueued, useSubmit, useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Chip, Queued } from '../../ui/chip.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Ago } from '../../ui/time.tsx';
import { usePaced } from '../../ui/use-paced.ts';
import { useSteady } from '../../ui/use-steady.ts';
import { shortWhy } from '../alerts/why-words.ts';
import { tellingLabels } from '../alerts/telling-label.ts';
import { describedOf } from './incident-facts.ts';
import type { RoomDialog } from './room-dialog.ts';

const shownMax = 100;
/** Under a storm the list is put in order this often. */
const redrawMs = 500;

/** The incident's alerts, each with the reason why it is here; by hand they can be moved out of it. */
export function RoomAlerts({ incident, onDialog }: { incident: Incident; onDialog: (dialog: RoomDialog) => void }) {
  const alerts = usePaced(useOfIncident('alert', incident.id), incident.id, redrawMs);
  const services = useTable('service');
  const focus = useMemo(() => describedOf(incident, services.rows.values()), [incident, services]);
  const can = useCan();
  const submit = useSubmit();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useMemo(() => alerts.toSorted(firingFirst), [alerts]);
  const chosen = list.filter((alert) => selected.has(alert.id)).map((alert) => alert.id);
  const telling = useMemo(() => tellingLabels(list), [list]);
  const toggle = useSteady((id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) next.add(id);
    else next.delete(id);
    setSelected(next);
  });
  return (
    <>
      <div className="room-head">
        <h2>{t`Alerts`}</h2>
        <span className="count">{t`${incident.firingAlertCount} firing of ${incident.alertCount}`}</span>
        <span className="grow" />
        <a className="small-text" href={paths.map(focus)}>
          {t`On the map`}
        </a>
        {chosen.length > 0 ? (
          <>
            <span className="count">{t`${chosen.length} selected`}</span>
            <Button
              compact
              unavailable={can('incident.split', incident)}
              onPress={() => onDialog({ kind: 'split', alertIds: chosen })}
            >
              {t`Split…`}
            </Button>
            <Button
              compact
              unavailable={can('incident.attach-alerts', incident)}
              onPress={() => onDialog({ kind: 'move', alertIds: chosen })}
            >
              {t`Move…`}
            </Button>
            <Button
              compact
              unavailable={can('incident.detach-alerts', incident)}
              onPress={() => {
                void submit({ kind: 'incident.detach-alerts', incidentId: incident.id, alertIds: chosen });
                setSelected(new Set());
              }}
            >
              {t`Take out`}
            </Button>
          </>
        ) : null}
      </div>
      <div className="room-alerts">
        {incident.groupReason === null ? null : (
          <p className="small-text muted room-why">
            <span className="text-ink">{t`Why one incident:`}</span> {incident.groupReason}
          </p>
        )}
        {list.length === 0 ? (
          <Empty
            title={
              incident.alertCount === 0 ? t`No alert is attached` : t`Its alerts are no longer kept on this machine`
            }
          >
            {incident.alertCount === 0
              ? t`Declared by hand. Alerts can be attached from the alert list.`
              : t`The alert list can ask the server for old ones.`}
          </Empty>
        ) : null}
        <ul>
          {list.slice(0, shownMax).map((alert) => (
            <AlertLine
              key={alert.id}
              alert={alert}
              selected={selected.has(alert.id)}
              telling={telling(alert)}
              onSelect={toggle}
            />
          ))}
        </ul>
        {list.length > shownMax ? (
          <a className="small-text muted" href={paths.alerts({ incident: incident.id })}>
            {t`and ${list.length - shownMax} more in the alert list`}
          </a>
        ) : null}
      </div>
    </>
  );
}

function firingFirst(a: Alert, b: Alert): number {
  if (a.status !== b.status) return a.status === 'firing' ? -1 : 1;
  const worse = severityRank(a.severity) - severityRank(b.severity);
  if (worse !== 0 || a.lastSeenAt === b.lastSeenAt) return worse;
  return a.lastSeenAt < b.lastSeenAt ? 1 : -1;
}

const AlertLine = memo(function AlertLine({
  alert,
  telling,
  selected,
  onSelect,
}: {
  alert: Alert;
  telling: string | null;
  selected: boolean;
  onSelect: (id: string, on: boolean) => void;
}) {
  const queued = useQueued('alert', alert.id);
  const resolved = alert.status === 'resolved';
  return (
    <li className="room-alert">
      <Checkbox aria-label={t`Select ${alert.title}`} isSelected={selected} onChange={(on) => onSelect(alert.id, on)} />
      <Mark kind={resolved ? 'ok' : alert.severity} {...(resolved ? { label: t`Resolved` } : {})} />
      <div className="two-line grow">
        <div className="row">
          <a className={resolved ? 'need-title muted' : 'need-title'} href={paths.alert(alert.id)}>
            {alert.title}
          </a>
          {alert.acknowledged ? <Chip look="outlined">{t`ack`}</Chip> : null}
          {alert.suppressed ? <Chip look="dashed">{t`silenced`}</Chip> : null}
          {alert.flapping ? <Chip look="outlined">{t`flapping`}</Chip> : null}
          {queued ? <Queued /> : null}
        </div>
        <div className="clip" title={alert.groupReason ?? undefined}>
          <span className="mono">{telling ?? alert.service ?? t`no service`}</span>&ensp;
          {alert.groupReason === null ? t`no reason stored` : shortWhy(alert.groupReason, alert.service ?? '')}
        </div>
      </div>
      {alert.runbookUrl === null ? null : (
        <a className="button ghost compact" href={alert.runbookUrl} target="_blank" rel="noreferrer">
          {t`Runbook`}
        </a>
      )}
      <span className="end small-text faint nowrap">
        {alert.count} × <Ago at={alert.lastSeenAt} />
      </span>
    </li>
  );
});
