import type { Incident } from '#server/contract/incident.ts';
import { t } from '../../language/words.ts';
import { useCan, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon, type IconName } from '../../ui/icon.tsx';
import type { RoomDialog } from './room-dialog.ts';

const icons: Record<Incident['links'][number]['kind'], IconName> = {
  bridge: 'phone',
  dashboard: 'chart',
  ticket: 'task',
  other: 'external',
};

export function RoomLinks({ incident, onDialog }: { incident: Incident; onDialog: (dialog: RoomDialog) => void }) {
  const can = useCan();
  const submit = useSubmit();
  return (
    <section className="separator">
      <div className="room-head">
        <h2>{t`Links`}</h2>
        <span className="grow" />
        <Button
          look="ghost"
          compact
          unavailable={can('incident.add-link', incident)}
          onPress={() => onDialog({ kind: 'link' })}
        >
          {t`Add`}
        </Button>
      </div>
      {incident.links.length === 0 ? <p className="room-none">{t`No bridge or dashboard yet.`}</p> : null}
      <ul>
        {incident.links.map((link) => (
          <li key={link.id} className="link-line">
            <span className="muted">
              <Icon name={icons[link.kind]} />
            </span>
            <a className="clip grow" href={link.url} target="_blank" rel="noreferrer">
              {link.label}
            </a>
            <Button
              look="ghost"
              compact
              icon="close"
              aria-label={t`Remove ${link.label}`}
              unavailable={can('incident.remove-link', incident)}
              onPress={() => void submit({ kind: 'incident.remove-link', incidentId: incident.id, linkId: link.id })}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
