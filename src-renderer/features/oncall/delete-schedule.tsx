import { useState } from 'react';
import type { Schedule } from '#server/contract/schedule.ts';
import { navigate } from '../../navigation.ts';
import { paths } from '../../paths.ts';
import { useTable } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';

export function DeleteSchedule({ schedule, onClose }: { schedule: Schedule; onClose: () => void }) {
  const { remove, busy } = useDocumentActions();
  const cannot = useCanWrite('schedule');
  const [refusal, setRefusal] = useState<string | null>(null);
  const policies = [...useTable('policy').rows.values()].filter((policy) =>
    policy.steps.some((step) => step.targets.some((target) => target.type === 'schedule' && target.id === schedule.id)),
  );
  const run = async (): Promise<void> => {
    const removed = await remove('schedule', schedule.id);
    if (removed.outcome === 'refused') return setRefusal(removed.reason);
    onClose();
    navigate(paths.oncall());
  };
  return (
    <Dialog
      title={`Delete the schedule ${schedule.name}?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Keep it</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy} onPress={() => void run()}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        {policies.length === 0
          ? 'No escalation policy pages it. Its overrides and swap requests go with it; its history stays in the ledger.'
          : `These policies page it: ${policies.map(({ name }) => name).join(', ')}. Their steps would find nobody there.`}
      </p>
      <Refusal reason={refusal} what="It was not deleted" />
    </Dialog>
  );
}
