import type { Alert } from '#server/contract/alert.ts';
import type { Incident } from '#server/contract/incident.ts';
import { worstSeverity } from '#server/contract/severity.ts';
import type { Silence } from '#server/contract/silence.ts';
import { rich } from '../../language/rich.ts';
import { plural, t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DeclareDialog } from '../incidents/declare-dialog.tsx';
import { AttachDialog } from './attach-dialog.tsx';
import { SilenceDialog } from './silence-dialog.tsx';
import { alertsPerIntent } from './use-alert-actions.ts';

/** Named in the question; the rest are counted. */
const namedMax = 3;

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
    case 'resolve': {
      const titles = alerts.slice(0, namedMax).map(({ title }) => title);
      const named = <b>{titles.join(', ')}</b>;
      return (
        <Dialog
          title={t`Resolve ${plural(alerts.length, { one: 'this alert', other: '# alerts' })} by hand?`}
          open
          onClose={onClose}
          foot={
            <>
              <Button onPress={onClose}>{t`Leave it firing`}</Button>
              <Button
                look="primary"
                onPress={() => {
                  onResolve(alerts);
                  onClose();
                }}
              >
                {t`Resolve`}
              </Button>
            </>
          }
        >
          <p>{alerts.length > namedMax ? rich`${named} and ${alerts.length - namedMax} more` : named}</p>
          <p className="muted">
            {alerts.length === 1
              ? t`Its source still says that it fires. If the source sends it again, it opens as a new alert. When it is the last one, its incident may close.`
              : t`Their sources still say that they fire. What is sent again opens as a new alert. When they are the last ones, their incidents may close.`}
          </p>
        </Dialog>
      );
    }
  }
}
