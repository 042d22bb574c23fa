import { useEffect, useMemo, useState } from 'react';
import type { Incident } from '#server/contract/incident.ts';
import type { Target } from '#server/contract/policy.ts';
import { rich } from '../../language/rich.ts';
import { capital, t } from '../../language/words.ts';
import { useCan, useEntity, useReachable, useSession, useSubmit, useTable } from '../../session.tsx';
import { refusalReason } from '../../replica/outbox/outbox.ts';
import { useServerStep } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { Time } from '../../ui/time.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { standingOf } from '../oncall/oncall-facts.ts';
import { peopleBehind, targetNow } from '../policies/policy-words.ts';
import { targetOf, useTargetOptions } from '../policies/target-picker.tsx';
import { useTargetWorld } from '../policies/use-target-world.ts';
import { codeOf } from './incident-facts.ts';
import { PhoneList } from './phone-list.tsx';
import { useEscalate } from './use-escalate.ts';

const nextStep = 'next';

/** Pages the next step now, or somebody named. Its button always says whom. */
export function EscalateDialog({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const reachable = useReachable();
  const cannot = useCan()('escalation.escalate', incident);
  const submit = useSubmit();
  const show = useToasts((state) => state.show);
  const world = useTargetWorld();
  const minute = useServerStep(60_000);
  const escalation = useEntity('escalation', incident.id);
  const { next } = useEscalate(incident);
  const options = useTargetOptions(world);
  const [choice, setChoice] = useState<string | null>(next.kind === 'step' ? nextStep : null);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const target: Target | null = choice === null || choice === nextStep ? null : targetOf(choice);
  const whom =
    choice === nextStep && next.kind === 'step'
      ? next.names
      : target === null
        ? null
        : targetNow(target, world, minute);

  const run = async (): Promise<void> => {
    if (whom === null || busy) return;
    setBusy(true);
    const submitted = await submit({ kind: 'escalation.escalate', incidentId: incident.id, target });
    const result = submitted.ok ? await submitted.settled : null;
    setBusy(false);
    if (!submitted.ok) return setRefusal(submitted.reason);
    if (result !== null && result.outcome !== 'applied') return setRefusal(result.reason);
    show({ text: t`${codeOf(incident)} is escalated to ${whom}.` });
    onClose();
  };

  if (!reachable)
    return <CallInstead incident={incident} onClose={onClose} people={next.kind === 'step' ? next.people : []} />;
  return (
    <Dialog
      title={t`Escalate ${codeOf(incident)}`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={whom === null || busy} onPress={() => void run()}>
            {busy ? t`Paging…` : whom === null ? t`Choose whom to page` : t`Page ${whom} now`}
          </Button>
        </>
      }
    >
      <p className="wrap-any">{incident.title}</p>
      {escalation === undefined || escalation.reason === '' ? null : (
        <p className="muted">
          {capital(escalation.reason)}
          {next.kind === 'step' && next.nextAt !== null ? (
            <>
              <br />
              {rich`Left alone, ${next.names} would be paged at ${<Time at={next.nextAt} zone />}.`}
            </>
          ) : null}
        </p>
      )}
      {next.kind === 'none' ? <p className="muted">{next.why}</p> : null}
      {next.kind === 'step' && next.again ? (
        <p className="muted">{t`No step is left: paging begins again with the first one.`}</p>
      ) : null}
      <Select
        label={t`Page`}
        placeholder={t`A schedule, a person, a team or a channel…`}
        options={[
          ...(next.kind === 'step'
            ? [
                {
                  value: nextStep,
                  label: next.again
                    ? t`Step ${next.number} again: ${next.names}`
                    : t`Step ${next.number} now: ${next.names}`,
                  mark: null,
                },
              ]
            : []),
          ...options,
        ]}
        value={choice}
        onChange={setChoice}
      />
      {target !== null && target.type !== 'channel' && peopleBehind(target, world, minute)?.length === 0 ? (
        <p>{t`Nobody is there right now; the server would find nobody to page.`}</p>
      ) : null}
      {target === null ? null : (
        <p className="small-text muted">{t`The policy goes on beside it; its own next step keeps its time.`}</p>
      )}
      <Refusal reason={refusal} what={t`It was not escalated`} />
    </Dialog>
  );
}

/** Without the server nobody can be paged; the people on call can still be called. */
function CallInstead({
  incident,
  onClose,
  people,
}: {
  incident: Incident;
  onClose: () => void;
  people: readonly string[];
}) {
  const { outbox } = useSession().replica;
  const { id: incidentId } = incident;
  // Kept, so that it is seen later that somebody wanted help here and could not get it.
  useEffect(() => {
    const action = { kind: 'escalation.escalate', incidentId, target: null } as const;
    void outbox.refuse(action, refusalReason(action.kind));
  }, [outbox, incidentId]);
  const rosters = useTable('roster');
  const minute = useServerStep(60_000);
  const onCall = useMemo(
    () =>
      [...rosters.rows.values()]
        .flatMap((roster) => standingOf(roster, minute).now?.userIds ?? [])
        .filter((id) => !people.includes(id)),
    [rosters, minute, people],
  );
  return (
    <Dialog
      title={t`${codeOf(incident)} cannot be escalated from here`}
      open
      onClose={onClose}
      foot={
        <Button look="primary" onPress={onClose}>
          {t`Close`}
        </Button>
      }
    >
      <p>
        {t`Only the server can page, and it cannot be reached. Nothing was queued and nobody has been told; the attempt is kept under Refused in your outbox. What was due before goes on without you.`}
      </p>
      {people.length === 0 ? null : (
        <>
          <h3>{t`Next to be paged`}</h3>
          <PhoneList userIds={people} label={t`Next to be paged`} />
        </>
      )}
      <h3>{t`On call now`}</h3>
      {onCall.length === 0 ? (
        <p className="muted">{t`Nobody else is known to be on call on this machine.`}</p>
      ) : (
        <PhoneList userIds={onCall} label={t`On call now`} />
      )}
    </Dialog>
  );
}
