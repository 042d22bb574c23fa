import type { Alert, AlertEvent, AlertEventKind } from '#server/contract/alert.ts';
import { AskedAge, AskedBody, useAsked } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { Time } from '../../ui/time.tsx';
import { useClock } from '../../ui/use-clock.ts';

/** Every change of the alert's state with its cause. Not replicated: asked of the server, again whenever it changes. */
export function AlertHistory({ alert, nameOf }: { alert: Alert; nameOf: (id: string | null) => string }) {
  const { id: alertId, status, acknowledged, suppressedBy, flapping, severity, incidentId } = alert;
  // Not its version: an alert that its source repeats every second must not make a call every second.
  const key = ['alert-history', alertId, status, acknowledged, suppressedBy, flapping, severity, incidentId];
  const asked = useAsked(key, (api) => api.alerts.history.query({ id: alertId, limit: 500 }), {
    goodForMs: 600_000,
    keepLast: true,
  });
  // While the next one's history is on its way, the last one's must not stand under this one's name.
  const own =
    asked.data?.items.every((event) => event.alertId === alertId) === false ? { ...asked, data: undefined } : asked;
  return (
    <>
      <h3>
        {rich`History ${<span className="count">{own.data === undefined ? '' : own.data.items.length}</span>}`}
        <span className="grow" />
        <AskedAge asked={own} />
      </h3>
      <AskedBody asked={own} what={t`The history could not be had`}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="peek-note">{t`Nothing is recorded.`}</p>
          ) : (
            <ol className="history">
              {items.toReversed().map((event) => (
                <HistoryLine key={event.id} event={event} who={event.actorId === null ? null : nameOf(event.actorId)} />
              ))}
            </ol>
          )
        }
      </AskedBody>
    </>
  );
}

/** The server writes instants into its causes; people read clock times. */
const instants = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;

function HistoryLine({ event, who }: { event: AlertEvent; who: string | null }) {
  const clock = useClock();
  const cause = event.cause.replace(instants, (at) => `${clock.time(Date.parse(at))} ${clock.zone}`);
  return (
    <li>
      <span className="at">
        <Time at={event.at} seconds />
      </span>
      <Icon name={icons[event.kind]} small />
      <span>
        <span className="what">{words[event.kind]}</span> <span className="cause">{cause}</span>
        {who === null || event.cause.includes(who) ? null : <span className="cause"> ({who})</span>}
      </span>
    </li>
  );
}

const words: Record<AlertEventKind, string> = {
  fired: t`Fired.`,
  repeated: t`Sent again.`,
  'severity-changed': t`Severity changed.`,
  acknowledged: t`Acknowledged.`,
  unacknowledged: t`Acknowledgement taken back.`,
  suppressed: t`Suppressed.`,
  unsuppressed: t`Surfaced.`,
  'flapping-started': t`Began to flap.`,
  'flapping-stopped': t`Settled.`,
  grouped: t`Grouped.`,
  ungrouped: t`Taken out of its group.`,
  resolved: t`Resolved.`,
  expired: t`Expired.`,
  reopened: t`Reopened.`,
};

const icons: Record<AlertEventKind, IconName> = {
  fired: 'alerts',
  repeated: 'replay',
  'severity-changed': 'chart',
  acknowledged: 'check',
  unacknowledged: 'minus',
  suppressed: 'clock',
  unsuppressed: 'alerts',
  'flapping-started': 'now',
  'flapping-stopped': 'now',
  grouped: 'group',
  ungrouped: 'group',
  resolved: 'check',
  expired: 'clock',
  reopened: 'replay',
};
