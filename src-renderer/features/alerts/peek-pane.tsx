import type { Alert } from '#server/contract/alert.ts';
import { AskedBody, useAsked } from '../../api/asked.tsx';
import { useCan, useEntity, useNameOf, useReplica } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import type { AlertRow } from './alert-groups.ts';
import { AlertPeek } from './alert-peek.tsx';

interface PeekPaneProps {
  id: string;
  rows: readonly AlertRow[];
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
  const asked = useAsked(['alert', id], (api) => api.alerts.get.query({ id }), {
    enabled: held === undefined && ready,
  });
  if (held !== undefined) return <Peek {...props} alert={held} />;
  if (asked.data !== undefined) return <Peek {...props} alert={asked.data} />;
  return (
    <aside className="peek" aria-label="Alert">
      <div className="peek-head">
        <span className="grow muted">Not kept on this machine</span>
        <Button look="ghost" compact icon="close" aria-label="Close" onPress={onClose} />
      </div>
      <div className="peek-body">
        <AskedBody asked={asked} what="This alert could not be had">
          {() => null}
        </AskedBody>
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
      place={placeOf(alert.id, rows)}
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

function placeOf(id: string, rows: readonly AlertRow[]): { at: number; of: number } | null {
  let of = 0;
  let at = 0;
  for (const row of rows) {
    if (row.kind !== 'alert') continue;
    of += 1;
    if (row.id === id) at = of;
  }
  return at === 0 ? null : { at, of };
}
