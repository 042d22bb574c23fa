import type { Incident } from '#server/contract/incident.ts';
import { roleAtLeast } from '#server/contract/people.ts';
import type { StatusUpdate, UpdateDelivery } from '#server/contract/status-update.ts';
import { useState } from 'react';
import { rich } from '../../language/rich.ts';
import { t } from '../../language/words.ts';
import { useCan, useMe, useNameOf, useSubmit } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { useCommands } from '../../ui/commands.ts';
import { Icon, type IconName } from '../../ui/icon.tsx';
import { commanderOf } from '../incidents/incident-facts.ts';
import { ApproveDialog } from './approve-dialog.tsx';
import { declinedToMe, newestFirst, newestSent, outcomeWords, waitsForMe } from './update-facts.ts';

interface Props {
  incident: Incident;
  updates: readonly StatusUpdate[];
  onTakeUp: (update: StatusUpdate) => void;
  /** Somebody writes: only what needs a look keeps its place. */
  brief: boolean;
}

/** What waits for a yes, what came back, and how the last one went, target by target. */
export function UpdateOutcomes({ incident, updates, onTakeUp, brief }: Props) {
  const me = useMe();
  const can = useCan();
  const submit = useSubmit();
  const [deciding, setDeciding] = useState<StatusUpdate | null>(null);
  const waiting = newestFirst(updates).filter((update) => update.state === 'awaiting');
  const declined = declinedToMe(updates, me.id);
  const last = newestSent(updates);
  const failed = last?.deliveries.some((delivery) => delivery.state === 'failed') === true ? last : null;
  const shown = (last?.deliveries ?? []).filter((delivery) => !brief || delivery.state !== 'sent');
  const mine = waiting.find((update) => waitsForMe(update, me.id));
  const retry = (update: StatusUpdate): void =>
    void submit({ kind: 'update.retry', incidentId: incident.id, updateId: update.id });
  useCommands([
    ...(mine === undefined
      ? []
      : [
          {
            id: 'incident.approve-update',
            keys: null,
            label: t`approve update ${mine.number}`,
            unavailable: can('update.decide', incident),
            run: () => setDeciding(mine),
          },
        ]),
    ...(failed === null
      ? []
      : [
          {
            id: 'incident.retry-update',
            keys: null,
            label: t`send update ${failed.number} again to those it did not reach`,
            unavailable: can('update.retry', incident),
            run: () => retry(failed),
          },
        ]),
  ]);
  return (
    <>
      {waiting.map((update) => (
        <Waiting key={update.id} update={update} incident={incident} onDecide={() => setDeciding(update)} />
      ))}
      {declined === undefined ? null : (
        <div className="update-note" role="status">
          <DeclinedWords update={declined} />
          <Button compact onPress={() => onTakeUp(declined)}>
            {t`Edit it again`}
          </Button>
        </div>
      )}
      {last === undefined || shown.length === 0 ? null : (
        <div className="update-note">
          <ul className="update-outcomes grow" aria-label={t`How update ${last.number} went`}>
            {shown.map((delivery) => (
              <Outcome key={`${delivery.kind} ${delivery.targetId}`} delivery={delivery} number={last.number} />
            ))}
          </ul>
          {failed === null ? null : (
            <Button compact icon="replay" unavailable={can('update.retry', incident)} onPress={() => retry(failed)}>
              {t`Again`}
            </Button>
          )}
        </div>
      )}
      {deciding === null ? null : (
        <ApproveDialog incident={incident} given={deciding} onClose={() => setDeciding(null)} />
      )}
    </>
  );
}

function Waiting({ update, incident, onDecide }: { update: StatusUpdate; incident: Incident; onDecide: () => void }) {
  const me = useMe();
  const nameOf = useNameOf();
  const can = useCan();
  const submit = useSubmit();
  const manages = roleAtLeast(me.role, 'manager');
  const decides = update.writtenBy !== me.id && (update.approverId === me.id || manages);
  const withdraws = update.writtenBy === me.id || commanderOf(incident)?.userId === me.id || manages;
  return (
    <div className="update-note" role="status">
      <p className="grow wrap-any">
        <span className="strong">
          {t`Update ${update.number} waits for ${update.approverId === me.id ? t`you` : nameOf(update.approverId)}.`}
        </span>{' '}
        <span className="muted">{t`Nothing of it is published.`}</span>
      </p>
      {withdraws && update.approverId !== me.id ? (
        <Button
          compact
          unavailable={can('update.withdraw', incident)}
          onPress={() =>
            void submit(
              { kind: 'update.withdraw', incidentId: incident.id, updateId: update.id },
              { baseVersion: update.version },
            )
          }
        >
          {t`Withdraw`}
        </Button>
      ) : null}
      {decides ? (
        <Button compact look={update.approverId === me.id ? 'primary' : 'plain'} onPress={onDecide}>
          {t`Look at it`}
        </Button>
      ) : null}
    </div>
  );
}

function DeclinedWords({ update }: { update: StatusUpdate }) {
  const nameOf = useNameOf();
  return (
    <p className="grow wrap-any">
      <span className="strong">{t`${nameOf(update.decidedBy)} declined update ${update.number}:`}</span>{' '}
      {update.decision}
    </p>
  );
}

const stateIcons: Record<UpdateDelivery['state'], IconName> = { waiting: 'clock', sent: 'check', failed: 'refused' };

function Outcome({ delivery, number }: { delivery: UpdateDelivery; number: number }) {
  const failed = delivery.state === 'failed';
  return (
    <li className={failed ? 'update-outcome failed' : 'update-outcome'}>
      <Icon name={stateIcons[delivery.state]} small />
      <span className="grow wrap-any">
        {rich`Update ${number} to ${delivery.name}: ${<span className={failed ? 'strong' : 'muted'}>{outcomeWords(delivery)}</span>}`}
        {delivery.error === null || delivery.state === 'sent' ? null : (
          <span className="small-text muted update-error">{delivery.error}</span>
        )}
      </span>
    </li>
  );
}
