import './updates.css';
import { useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { StatusUpdate, UpdatePreview } from '#server/contract/status-update.ts';
import { type Asked, useAsked } from '../../api/asked.tsx';
import { rich } from '../../language/rich.ts';
import { t, term } from '../../language/words.ts';
import { useCan, useEntity, useMe, useNameOf, useSession, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { faultOf, needsYes, sealsOf, TargetPreviews } from './target-previews.tsx';

/** Why this person may not decide on it; null when they may. */
export function whyNotDecide(
  update: StatusUpdate,
  me: { id: string; role: Parameters<typeof roleAtLeast>[0] },
  asked: string,
): string | null {
  if (update.writtenBy === me.id) return t`You wrote it: somebody else approves it.`;
  if (update.approverId === me.id || roleAtLeast(me.role, 'manager')) return null;
  return t`${asked} was asked: only they or a manager can decide.`;
}

/** Why what is on the screen cannot be approved; null when it can. */
export function whyNotApprove(
  { data, asking }: Pick<Asked<UpdatePreview>, 'data' | 'asking'>,
  openly: boolean,
): string | null {
  // While it is asked for anew, the one of before still stands there.
  if (data === undefined || asking) return t`The preview has not come yet.`;
  return (
    faultOf(data) ?? (needsYes(data) && !openly ? t`First say yes to the readers who may not see this incident.` : null)
  );
}

/** The approver reads what everybody will read, and publishes it or says why not. */
export function ApproveDialog({
  incident,
  given,
  onClose,
}: {
  incident: Incident;
  given: StatusUpdate;
  onClose: () => void;
}) {
  const { replica } = useSession();
  const me = useMe();
  const can = useCan();
  const nameOf = useNameOf();
  const submit = useSubmit();
  const update = useEntity('statusUpdate', given.id) ?? given;
  // What is on the screen is what is approved: the preview belongs to this version of the incident, and to this look.
  const [seen, setSeen] = useState({ version: incident.version, look: 1 });
  const [openly, setOpenly] = useState(false);
  const [declining, setDeclining] = useState(false);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const question = { incidentId: incident.id, updateId: update.id, text: update.text };
  const asked = useAsked(['update-preview', question, seen], (api) => api.updates.preview.mutate(question), {
    keepLast: true,
  });
  const settled = update.state !== 'awaiting';
  const cannot = can('update.decide', incident) ?? whyNotDecide(update, me, nameOf(update.approverId));
  const decide = async (approve: boolean): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    const submitted = await submit(
      {
        kind: 'update.decide',
        incidentId: incident.id,
        updateId: update.id,
        approve,
        reason: approve ? null : reason.trim(),
        incidentVersion: seen.version,
        targets: sealsOf(asked.data),
        openly: openly && needsYes(asked.data),
      },
      { baseVersion: update.version },
    );
    const result = submitted.ok ? await submitted.settled : null;
    setBusy(false);
    if (!submitted.ok) return;
    if (result?.outcome === 'conflict' || result?.outcome === 'rejected') {
      await replica.outbox.discard(submitted.id);
      setRefusal(result.reason);
      const version = replica.view.base('incident', incident.id)?.version ?? incident.version;
      setSeen(({ look }) => ({ version, look: look + 1 }));
      // That yes was said to other readers, perhaps.
      setOpenly(false);
      return;
    }
    onClose();
  };
  return (
    <Dialog
      title={t`Approve update ${update.number} of ${codeOf(incident)}?`}
      open
      wide
      onClose={onClose}
      foot={
        settled ? (
          <Button look="primary" onPress={onClose}>
            {t`Close`}
          </Button>
        ) : declining ? (
          <>
            <Button onPress={() => setDeclining(false)}>{t`Back`}</Button>
            <Button
              look="primary"
              unavailable={cannot}
              isDisabled={busy || reason.trim() === ''}
              onPress={() => void decide(false)}
            >
              {t`Decline it`}
            </Button>
          </>
        ) : (
          <>
            <Button unavailable={cannot} isDisabled={busy} onPress={() => setDeclining(true)}>
              {t`Decline…`}
            </Button>
            <Button
              look="primary"
              autoFocus
              unavailable={cannot ?? whyNotApprove(asked, openly)}
              isDisabled={busy}
              onPress={() => void decide(true)}
            >
              {t`Approve and publish`}
            </Button>
          </>
        )
      }
    >
      <p className="muted">
        {rich`${nameOf(update.writtenBy)} wrote it at ${<Time at={update.writtenAt} zone />} and waits for ${update.approverId === me.id ? t`you` : nameOf(update.approverId)}. Nothing is published before.`}
      </p>
      {settled ? (
        <p className="update-warning" role="status">
          {t`${nameOf(update.decidedBy)} decided on it meanwhile: it is ${term(update.state)}.`}
        </p>
      ) : null}
      {refusal === null ? null : (
        <p className="update-warning" role="status">
          {refusal}
        </p>
      )}
      {declining ? (
        <TextField
          label={t`Why not, so that its writer knows what to change`}
          value={reason}
          onChange={setReason}
          autoFocus
          rows={3}
          maxLength={1_000}
        />
      ) : null}
      <TargetPreviews asked={asked} openly={openly} onOpenly={setOpenly} />
    </Dialog>
  );
}
