import { type ReactNode, useState } from 'react';
import { rich } from '../../language/rich.ts';
import { plural, t } from '../../language/words.ts';
import { isUnsent } from '../../replica/outbox/outbox-runner.ts';
import { useReachable, useReplica, useSession } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** Signing out wipes what is kept here; what was not sent is sent first, or given up knowingly. */
export function useSignOut(): { ask: () => void; dialog: ReactNode } {
  const { signOut, replica } = useSession();
  const outbox = useReplica((state) => state.outbox);
  const reachable = useReachable();
  const [open, setOpen] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const unread = useReplica((state) => state.unreadItems.length);
  const unsent = outbox.filter(isUnsent).length + unread;
  const leave = () => {
    setLeaving(true);
    void signOut();
  };
  const dialog = open ? (
    <Dialog
      title={t`Sign out of this machine`}
      open
      onClose={() => setOpen(false)}
      foot={
        <>
          <Button onPress={() => setOpen(false)}>{t`Stay`}</Button>
          {unsent > unread && reachable ? (
            <Button onPress={() => replica.outbox.pump()}>{t`Send them now`}</Button>
          ) : null}
          <Button look="primary" isDisabled={leaving} onPress={leave}>
            {unsent > 0 ? t`Give up ${unsent} and sign out` : t`Sign out`}
          </Button>
        </>
      }
    >
      <p>{t`The copy of alerts and incidents on this machine is deleted. It is taken again at the next sign-in.`}</p>
      {unsent > 0 ? (
        <p>
          {rich`${(
            <b>{t`${plural(unsent, { one: '1 action was', other: '# actions were' })} not sent yet.`}</b>
          )} Signing out now gives them up for good.`}
        </p>
      ) : null}
    </Dialog>
  ) : null;
  return { ask: () => setOpen(true), dialog };
}
