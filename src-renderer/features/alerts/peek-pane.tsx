import type { Alert } from '#server/contract/alert.ts';
import { useCan, useEntity, useNameOf } from '../../session.tsx';
import type { AlertRow } from './alert-groups.ts';
import { AlertPeek } from './alert-peek.tsx';

interface PeekPaneProps {
  alert: Alert;
  rows: readonly AlertRow[];
  onMove: (by: number) => void;
  onAct: (kind: 'alert.acknowledge' | 'alert.unacknowledge' | 'alert.reopen') => void;
  onAsk: (dialog: 'silence' | 'resolve') => void;
  onClose: () => void;
}

export function PeekPane({ alert, rows, onMove, onAct, onAsk, onClose }: PeekPaneProps) {
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
      onAcknowledge={() => onAct('alert.acknowledge')}
      onUnacknowledge={() => onAct('alert.unacknowledge')}
      onReopen={() => onAct('alert.reopen')}
      onSilence={() => onAsk('silence')}
      onResolve={() => onAsk('resolve')}
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
