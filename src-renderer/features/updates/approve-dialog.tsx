import './updates.css';
import { useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { StatusUpdate } from '#server/contract/status-update.ts';
import { useAsked } from '../../api/asked.tsx';
import { useCan, useEntity, useMe, useNameOf, useSession, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { Time } from '../../ui/time.tsx';
import { codeOf } from '../incidents/incident-facts.ts';
import { faultOf, needsYes, TargetPreviews } from './target-previews.tsx';

/** Why this person may not decide on it; null when they may. */
export function whyNotDecide(
  update: StatusUpdate,
  me: { id: string; role: Parameters<typeof roleAtLeast>[0] },
  asked: string,
): string | null {
  if (update.writtenBy === me.id) return 'You wrote it: somebody else approves it.';
  if (update.approverId === me.id || roleAtLeast(me.role, 'manager')) return null;
  return `${asked} was asked: only they or a manager can decide.`;
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
  // What is on the screen is what is approved: the preview belongs to this version of the incident.
  const [seen, setSeen] = useState(incident.version);
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
  const beyond = needsYes(asked.data) && !openly ? 'First say yes to the readers who may not see this incident.' : null;
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
        incidentVersion: seen,
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
      setSeen(replica.view.base('incident', incident.id)?.version ?? incident.version);
      return;
    }
    onClose();
  };
  return (
    <Dialog
      title={`Approve update ${update.number} of ${codeOf(incident)}?`}
      open
      wide
      onClose={onClose}
      foot={
        settled ? (
          <Button look="primary" onPress={onClose}>
            Close
          </Button>
        ) : declining ? (
          <>
            <Button onPress={() => setDeclining(false)}>Back</Button>
            <Button
              look="primary"
              unavailable={cannot}
              isDisabled={busy || reason.trim() === ''}
              onPress={() => void decide(false)}
            >
              Decline it
            </Button>
          </>
        ) : (
          <>
            <Button unavailable={cannot} isDisabled={busy} onPress={() => setDeclining(true)}>
              Decline…
            </Button>
            <Button
              look="primary"
              autoFocus
              unavailable={
                cannot ??
                faultOf(asked.data) ??
                beyond ??
                (asked.data === undefined ? 'The preview has not come yet.' : null)
              }
              isDisabled={busy}
              onPress={() => void decide(true)}
            >
              Approve and publish
            </Button>
          </>
        )
      }
    >
      <p className="muted">
        {nameOf(update.writtenBy)} wrote it at <Time at={update.writtenAt} zone /> and waits for{' '}
        {update.approverId === me.id ? 'you' : nameOf(update.approverId)}. Nothing is published before.
      </p>
      {settled ? (
        <p className="update-warning" role="alert">
          {nameOf(update.decidedBy)} decided on it meanwhile: it is {update.state}.
        </p>
      ) : null}
      {refusal === null ? null : (
        <p className="update-warning" role="alert">
          {refusal}
        </p>
      )}
      {declining ? (
        <TextField
          label="Why not, so that its writer knows what to change"
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
