import { Menu, MenuItem } from 'react-aria-components';
import type { Incident } from '#server/contract/incident.ts';
import type { Severity } from '#server/contract/severity.ts';
import { t } from '../../language/words.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Mark } from '../../ui/mark.tsx';
import { useAct } from './edit-dialogs.tsx';
import { codeOf, severityOptions } from './incident-facts.ts';

/** Where an incident is focused in a list, `s` asks here; its room has a menu. */
export function SeverityDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const act = useAct(onClose);
  const title = t`Severity of ${codeOf(incident)}`;
  return (
    <Dialog title={title} open onClose={onClose}>
      <p className="muted wrap-any">{incident.title}</p>
      <Menu
        aria-label={title}
        autoFocus="first"
        disabledKeys={[incident.severity]}
        onAction={(key) => act({ kind: 'incident.set-severity', incidentId: incident.id, severity: key as Severity })}
      >
        {severityOptions.map(({ value, label }) => (
          <MenuItem key={value} id={value} textValue={label} className="menu-item">
            <Mark kind={value} size="small" />
            <span>
              {label}
              {value === incident.severity ? <span className="menu-why"> {t`now`}</span> : null}
            </span>
          </MenuItem>
        ))}
      </Menu>
    </Dialog>
  );
}
