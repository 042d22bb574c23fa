import type { Schedule } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { paths } from '../../paths.ts';
import { DeleteDocument } from '../config/delete-document.tsx';

export function DeleteSchedule({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  return (
    <DeleteDocument
      kind="schedule"
      id={schedule.id}
      title={t`Delete the schedule ${schedule.name}?`}
      back={paths.oncall()}
      onClose={onClose}
    >
      {t`No escalation policy pages it. Its overrides and swap requests go with it; its history stays in the ledger.`}
    </DeleteDocument>
  );
}
