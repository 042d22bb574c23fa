import { useEffect, useState } from 'react';
import type { Bridge } from '../../../src-main/bridge.ts';
import { forgetServer, unsentAt } from '../../kept-here.ts';
import { rich } from '../../language/rich.ts';
import { plural, t } from '../../language/words.ts';
import type { Session } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

interface RemoveServerProps {
  desktop: Bridge;
  server: { url: string; name: string; local: boolean };
  /** Of this server, where somebody is signed in. */
  session: Session | null;
  onDone: () => void;
  onClose: () => void;
}

/** Forgets a server: sign-in, copy and all. What was not sent is given up knowingly, as when signing out. */
export function RemoveServer({ desktop, server, session, onDone, onClose }: RemoveServerProps) {
  const [unsent, setUnsent] = useState<number | null>(null);
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    // Where the copy cannot be read, nothing can be sent from it either.
    void unsentAt(server.url).then(setUnsent, () => setUnsent(0));
  }, [server.url]);
  const leave = async (): Promise<void> => {
    setLeaving(true);
    if (session !== null) await session.signOut();
    // Also the copy of whoever was signed in there before.
    await forgetServer(server.url).catch(() => undefined);
    await desktop.servers.remove(server.url);
    onDone();
  };
  return (
    <Dialog
      title={t`Remove ${server.name}`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button look="primary" isDisabled={leaving || unsent === null} onPress={() => void leave()}>
            {unsent === null || unsent === 0 ? t`Remove` : t`Give up ${unsent} and remove`}
          </Button>
        </>
      }
    >
      <p>
        {t`The sign-in at ${new URL(server.url).host} and the copy of its alerts and incidents on this machine are deleted.`}
      </p>
      <p>
        {server.local
          ? t`The center on this computer stops and pages nobody any more; its own data stay in the folder of this app.`
          : t`The server itself goes on.`}
      </p>
      {unsent === null || unsent === 0 ? null : (
        <p>
          {rich`${<b>{t`${plural(unsent, { one: '1 action was not sent yet.', other: '# actions were not sent yet.' })}`}</b>} Removing it now gives them up for good.`}
        </p>
      )}
    </Dialog>
  );
}
