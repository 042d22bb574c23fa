import { useMemo } from 'react';
import { t } from '../../language/words.ts';
import { useMe, useTable } from '../../session.tsx';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PhoneList } from '../incidents/phone-list.tsx';
import { peopleToCall } from './call-facts.ts';

/** What the server would have done, people can do by telephone: take command, publish, silence, page. */
export function CallDialog({ onClose }: { onClose: () => void }) {
  const { id: meId } = useMe();
  const incidents = useTable('incident').rows;
  const schedules = useTable('schedule').rows;
  const rosters = useTable('roster').rows;
  const atMs = useServerStep(60_000);
  const { groups, unknown } = useMemo(
    () => peopleToCall({ meId, incidents: incidents.values(), schedules: schedules.values(), rosters, atMs }),
    [meId, incidents, schedules, rosters, atMs],
  );
  return (
    <Dialog
      title={t`Whom to call`}
      open
      onClose={onClose}
      foot={
        <Button look="primary" autoFocus onPress={onClose}>
          {t`Close`}
        </Button>
      }
    >
      <p>
        {t`Paging, publishing, silences and roles need the server. These people can be called meanwhile; the numbers are those kept on this machine.`}
      </p>
      {groups.map(({ key, label, userIds }) => (
        <section key={key} aria-label={label}>
          <h3 className="wrap-any">{label}</h3>
          <PhoneList userIds={userIds} label={label} />
        </section>
      ))}
      {groups.length === 0 ? (
        <p className="muted">{t`Nobody else is known on this machine to command or to be on call.`}</p>
      ) : null}
      {unknown.length === 0 ? null : (
        <p className="muted">{t`Not known for this hour: who is on call for ${unknown.join(', ')}.`}</p>
      )}
    </Dialog>
  );
}
