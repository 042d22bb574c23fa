import { useState } from 'react';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** The address under which a calendar program reads the shifts. `scheduleId` null: mine, of all schedules. */
export function FeedDialog({
  scheduleId,
  name,
  onClose,
}: {
  scheduleId: string | null;
  name: string;
  onClose: () => void;
}) {
  const cannot = useCanRole()('viewer');
  const [url, setUrl] = useState<string | null>(null);
  const call = useCall((api, renew: boolean) => api.oncall.feedAddress.mutate({ scheduleId, renew }));
  const make = async (renew: boolean): Promise<void> => {
    const answer = await call.run(renew);
    if (answer !== null) setUrl(answer.url);
  };
  return (
    <Dialog
      title={t`Calendar feed of ${name}`}
      open
      onClose={onClose}
      foot={
        <>
          {url === null ? null : (
            <Button isDisabled={call.busy} onPress={() => void make(true)}>
              {t`Make a new address`}
            </Button>
          )}
          <Button look="primary" onPress={onClose}>
            {t`Done`}
          </Button>
        </>
      }
    >
      <p>
        {t`Any calendar program that subscribes to iCalendar addresses shows the shifts and follows them as they change. Whoever knows the address reads the shifts, so give it to nobody; a new address ends the old one.`}
      </p>
      {url === null ? (
        <div className="row">
          <Button unavailable={cannot} isDisabled={call.busy} onPress={() => void make(false)}>
            {call.busy ? t`Asking…` : t`Show the address`}
          </Button>
        </div>
      ) : (
        <div className="feed-address">
          <span className="mono wrap-any grow">{url}</span>
          <CopyButton text={url} />
        </div>
      )}
      {call.failure === null ? null : <Failure what={t`There is no address`} failure={call.failure} />}
    </Dialog>
  );
}
