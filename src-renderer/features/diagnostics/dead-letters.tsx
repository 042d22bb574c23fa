import { useState } from 'react';
import type { DeadLetter } from '#server/contract/diagnostics.ts';
import { AskedAge, AskedBody, Failure, useAsked, useCall } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { numberText, plural, t } from '../../language/words.ts';
import { useCanRole, useMe } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Ago } from '../../ui/time.tsx';
import { useToasts } from '../../ui/toast.tsx';

const previewMax = 4_000;

/** Posts that were taken but could not be processed: put aside with their reason, so that they block nothing. */
export function DeadLetters() {
  const { role } = useMe();
  if (role === 'viewer') return null;
  return <List />;
}

function List() {
  const cannot = useCanRole()('manager');
  const show = useToasts((state) => state.show);
  const asked = useAsked(['dead-letters'], (api) =>
    api.diagnostics.deadLetters.query({ limit: 100, includeResolved: false }),
  );
  const replay = useCall((api, id: string) => api.diagnostics.replay.mutate({ id }));
  const [opened, setOpened] = useState<string | null>(null);
  const [discarding, setDiscarding] = useState<DeadLetter | null>(null);

  const again = async (letter: DeadLetter): Promise<void> => {
    if ((await replay.run(letter.id)) === null) return;
    show({ text: t`It goes through once more. If it fails again, it comes back here.` });
    asked.again();
  };

  return (
    <Panel
      title={t`Dead letters`}
      count={
        asked.data === undefined ? undefined : asked.data.length === 0 ? t`none` : t`${asked.data.length} put aside`
      }
      label={t`Dead letters`}
      actions={<AskedAge asked={asked} />}
    >
      <div className="panel-asked">
        {replay.failure === null ? null : <Failure what={t`It was not replayed`} failure={replay.failure} />}
        <AskedBody asked={asked} what={t`The dead letters could not be listed`}>
          {(letters) =>
            letters.length === 0 ? (
              <p className="small-text muted">
                {t`Everything that was accepted was processed. What fails three times is put aside here, with its reason.`}
              </p>
            ) : (
              <ul className="dead-letters">
                {letters.map((letter) => (
                  <li key={letter.id}>
                    <div className="row">
                      <div className="two-line grow">
                        <div className="wrap-any">{letter.reason}</div>
                        <div>
                          {rich`${letter.type}, ${plural(letter.attempts, { one: '1 attempt', other: '# attempts' })}, put aside ${<Ago at={letter.parkedAt} />} ago ${<span className="mono faint">{letter.id.slice(-8)}</span>}`}
                        </div>
                      </div>
                      <Button
                        compact
                        look="ghost"
                        aria-expanded={opened === letter.id}
                        onPress={() => setOpened(opened === letter.id ? null : letter.id)}
                      >
                        {opened === letter.id ? t`Hide` : t`Show`}
                      </Button>
                      <Button
                        compact
                        icon="replay"
                        unavailable={cannot}
                        isDisabled={replay.busy}
                        onPress={() => void again(letter)}
                      >
                        {t`Replay`}
                      </Button>
                      <Button compact icon="trash" unavailable={cannot} onPress={() => setDiscarding(letter)}>
                        {t`Discard…`}
                      </Button>
                    </div>
                    {opened === letter.id ? (
                      <pre tabIndex={0} aria-label={t`What was posted`}>
                        {pretty(letter.payload)}
                      </pre>
                    ) : null}
                  </li>
                ))}
              </ul>
            )
          }
        </AskedBody>
      </div>
      {discarding === null ? null : (
        <DiscardDialog
          letter={discarding}
          onClose={(done) => {
            setDiscarding(null);
            if (done) asked.again();
          }}
        />
      )}
    </Panel>
  );
}

function DiscardDialog({ letter, onClose }: { letter: DeadLetter; onClose: (done: boolean) => void }) {
  const discard = useCall((api, id: string) => api.diagnostics.discard.mutate({ id }));
  const run = async (): Promise<void> => {
    if ((await discard.run(letter.id)) !== null) onClose(true);
  };
  return (
    <Dialog
      title={t`Discard this record?`}
      open
      onClose={() => onClose(false)}
      foot={
        <>
          <Button onPress={() => onClose(false)}>{t`Keep it`}</Button>
          <Button look="primary" isDisabled={discard.busy} onPress={() => void run()}>
            {t`Discard`}
          </Button>
        </>
      }
    >
      <p>
        {t`What its source said here is never applied: an alert in it does not appear, a resolution in it does not close anything. That it was discarded stays on record.`}
      </p>
      <p className="mono muted wrap-any">{letter.reason}</p>
      {discard.failure === null ? null : <Failure what={t`It was not discarded`} failure={discard.failure} />}
    </Dialog>
  );
}

function pretty(payload: string): string {
  let text = payload;
  try {
    text = JSON.stringify(JSON.parse(payload), null, 2);
  } catch {
    // Shown as it came.
  }
  return text.length <= previewMax
    ? text
    : t`${text.slice(0, previewMax)}\n… ${numberText(text.length - previewMax)} more characters`;
}
