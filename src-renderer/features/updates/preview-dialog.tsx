import './updates.css';
import { useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { useAsked } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCan, useNameOf } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { faultOf, needsYes, TargetPreviews } from './target-previews.tsx';
import type { Composer } from './use-composer.ts';

/** The last look before it is public, or before somebody else is asked to look. */
export function PreviewDialog({
  incident,
  composer,
  onClose,
}: {
  incident: Incident;
  composer: Composer;
  onClose: () => void;
}) {
  const can = useCan();
  const nameOf = useNameOf();
  const [openly, setOpenly] = useState(false);
  const { statusPages, lists, nextInMinutes, approverId } = composer;
  const question = {
    incidentId: incident.id,
    updateId: null,
    text: composer.text.trim(),
    nextInMinutes,
    statusPages,
    lists,
  };
  const asked = useAsked(
    ['update-preview', question, incident.version],
    (api) => api.updates.preview.mutate(question),
    {
      keepLast: true,
    },
  );
  const preview = asked.data;
  const demanded = preview?.approval ?? null;
  const missing = demanded !== null && approverId === null ? demanded : null;
  const beyond = needsYes(preview) && !openly ? t`First say yes to the readers who may not see this incident.` : null;
  const reason =
    can('incident.post-update', incident) ??
    faultOf(preview) ??
    missing ??
    beyond ??
    (preview === undefined ? t`The preview has not come yet.` : null);
  return (
    <Dialog
      title={t`Update ${preview?.number ?? ''} of ${codeOf(incident)}`}
      open
      wide
      onClose={onClose}
      foot={
        <>
          {composer.refusal === null ? null : (
            <p className="update-refusal grow" role="status">
              {t`Not sent: ${composer.refusal}`}
            </p>
          )}
          <Button onPress={onClose}>{t`Back to the text`}</Button>
          <Button
            look="primary"
            autoFocus
            unavailable={reason}
            isDisabled={composer.busy}
            onPress={() => {
              void composer.send({ openly: openly && needsYes(preview) }).then((sent) => {
                if (sent) onClose();
              });
            }}
          >
            {approverId === null ? t`Send it now` : t`Ask ${nameOf(approverId)} to approve`}
          </Button>
        </>
      }
    >
      {missing === null ? null : <p className="update-warning">{missing}</p>}
      {approverId === null ? null : (
        <p className="muted">{t`Nothing is published before ${nameOf(approverId)}, or a manager, approves it.`}</p>
      )}
      {composer.theirs === null ? null : (
        <p className="update-warning" role="status">
          {t`${composer.theirs.by ?? t`Somebody`} posted another update first: “${composer.theirs.text}”`}
        </p>
      )}
      <TargetPreviews asked={asked} openly={openly} onOpenly={setOpenly} />
    </Dialog>
  );
}
