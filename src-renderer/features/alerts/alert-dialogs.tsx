import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { worstSeverity } from '#server/contract/severity.ts';
import type { Silence } from '#server/contract/silence.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DeclareDialog } from '../incidents/declare-dialog.tsx';
import { AttachDialog } from './attach-dialog.tsx';
import { SilenceDialog } from './silence-dialog.tsx';
import { alertsPerIntent } from './use-alert-actions.ts';

export type OpenDialog =
  | { dialog: 'silence'; alerts: readonly Alert[]; kind: Silence['kind'] }
  | { dialog: 'attach' | 'declare' | 'resolve'; alerts: readonly Alert[] };

interface AlertDialogsProps {
  opened: OpenDialog;
  onAttach: (incident: Incident, alerts: readonly Alert[]) => void;
  onResolve: (alerts: readonly Alert[]) => void;
  onClose: () => void;
}

export function AlertDialogs({ opened, onAttach, onResolve, onClose }: AlertDialogsProps) {
  const { alerts } = opened;
  switch (opened.dialog) {
    case 'silence':
      return <SilenceDialog alerts={alerts} kind={opened.kind} onClose={onClose} />;
    case 'declare':
      return (
        <DeclareDialog
          alertIds={alerts.slice(0, alertsPerIntent).map((alert) => alert.id)}
          title={alerts[0]?.title ?? ''}
          severity={worstSeverity(alerts.map((alert) => alert.severity))}
          onClose={onClose}
        />
      );
    case 'attach':
      return (
        <AttachDialog
          count={alerts.length}
          onPick={(incident) => {
            onAttach(incident, alerts);
            onClose();
          }}
          onClose={onClose}
        />
      );
    case 'resolve':
      return (
        <Dialog
          title="Resolve this alert by hand?"
          open
          onClose={onClose}
          foot={
            <>
              <Button onPress={onClose}>Leave it firing</Button>
              <Button
                look="primary"
                onPress={() => {
                  onResolve(alerts);
                  onClose();
                }}
              >
                Resolve
              </Button>
            </>
          }
        >
          <p>
            <b>{alerts[0]?.title}</b>
          </p>
          <p className="muted">
            Its source still says that it fires. If the source sends it again, it opens as a new alert. When it is the
            last one, its incident may close.
          </p>
        </Dialog>
      );
  }
}
