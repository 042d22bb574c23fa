import type { Alert } from '#server/contract/alert.ts';
import { AskedBody, useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCan, useEntity, useNameOf, useReachable, useReplica } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { isWholeId, Missing } from '../links/missing.tsx';
import { AlertPeek } from './alert-peek.tsx';
import type { AlertRowList } from './alert-rows.ts';

interface PeekPaneProps {
  id: string;
  rows: AlertRowList;
  onMove: (by: number) => void;
  onAct: (kind: 'alert.acknowledge' | 'alert.unacknowledge' | 'alert.reopen', alert: Alert) => void;
  onAsk: (dialog: 'silence' | 'resolve', alert: Alert) => void;
  onClose: () => void;
}

/** From the copy on this machine where it holds the alert, else asked of the server: a link may be older than the copy. */
export function PeekPane(props: PeekPaneProps) {
  const { id, onClose } = props;
  const held = useEntity('alert', id);
  const ready = useReplica((state) => state.ready);
  const reachable = useReachable();
  // Once the server is back it is asked by itself.
  const askable = reachable && isWholeId(id);
  const asked = useAsked(['alert', id], (api) => api.alerts.get.query({ id }), {
    enabled: held === undefined && ready && askable,
  });
  if (held !== undefined) return <Peek {...props} alert={held} />;
  if (asked.data !== undefined) return <Peek {...props} alert={asked.data} />;
  return (
    <aside className="peek" aria-label={t`Alert`}>
      <div className="peek-head">
        <span className="grow muted">{t`Not kept on this machine`}</span>
        <Button look="ghost" compact icon="close" aria-label={t`Close`} onPress={onClose} />
      </div>
      <div className="peek-body">
        {askable || !ready ? (
          <AskedBody asked={asked} what={t`This alert could not be had`}>
            {() => null}
          </AskedBody>
        ) : (
          <Missing id={id} heading={false} title={t`This alert is not on this machine`}>
            {t`Alerts are kept here for 24 hours. An older one is asked of the server as soon as it is back.`}
          </Missing>
        )}
      </div>
    </aside>
  );
}

function Peek({ alert, rows, onMove, onAct, onAsk, onClose }: PeekPaneProps & { alert: Alert }) {
  const can = useCan();
  const nameOf = useNameOf();
  const incident = useEntity('incident', alert.incidentId);
  const integration = useEntity('integration', alert.integrationId);
  const silence = useEntity('silence', alert.suppressedBy);
  return (
    <AlertPeek
      alert={alert}
      incident={incident}
      integration={integration}
      silence={silence}
      nameOf={nameOf}
      place={rows.placeOf(alert.id)}
      cannot={{ acknowledge: can('alert.acknowledge'), silence: can('silence.save'), resolve: can('alert.resolve') }}
      onAcknowledge={() => onAct('alert.acknowledge', alert)}
      onUnacknowledge={() => onAct('alert.unacknowledge', alert)}
      onReopen={() => onAct('alert.reopen', alert)}
      onSilence={() => onAsk('silence', alert)}
      onResolve={() => onAsk('resolve', alert)}
      onMove={onMove}
      onClose={onClose}
    />
  );
}
