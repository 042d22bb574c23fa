import { useState } from 'react';
import type { Action } from '#server/contract/intent.ts';
import { numberText, t } from '../../language/words.ts';
import type { OutboxItem } from '../../replica/outbox/outbox.ts';
import { paths } from '../../paths.ts';
import { useEntity, useReachable, useSession } from '../../session.tsx';
import { clockTime } from '../../time-format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { actionIcon, actionNoun, actionTitle } from './action-words.ts';
import { FormDialog } from './edit-dialogs.tsx';
import { codeOf } from './incident-facts.ts';
import { PhoneList } from './phone-list.tsx';
import { useWhomToCall } from './use-whom-to-call.ts';

/** What needs a person's yes; what waits to be sent, in the order in which it will be; what was refused, with the reason. */
export function OutboxList({ items, inRoom = false }: { items: readonly OutboxItem[]; inRoom?: boolean }) {
  const asking = items.filter(({ state }) => state === 'waiting');
  const waiting = items.filter(({ state }) => state === 'queued' || state === 'held');
  const refused = items.filter(({ state }) => state === 'rejected' || state === 'refused');
  if (asking.length + waiting.length + refused.length === 0) return null;
  const row = (item: OutboxItem) => <WaitingItem key={item.intent.id} item={item} inRoom={inRoom} />;
  return (
    <section className="outbox">
      {asking.length > 0 ? (
        <div className="room-head">
          <h2>{t`Needs your yes`}</h2>
          <span className="count">{numberText(asking.length)}</span>
        </div>
      ) : null}
      {/* First, because what is sent leaves the list by itself: a row below would move, and a press on it be lost. */}
      {[
        ...asking.map(row),
        waiting.length > 0 ? (
          <div key="waiting" className="room-head">
            <h2>{inRoom ? t`Outbox` : t`Waiting`}</h2>
            <span className="count">
              {inRoom ? t`${waiting.length} waiting, sent in this order` : t`${waiting.length}, sent in this order`}
            </span>
          </div>
        ) : null,
        // In one list with those above: a row that comes to ask keeps the dialog that is open on it.
        ...waiting.map(row),
      ]}
      {refused.length > 0 ? (
        <div className="room-head">
          <h2>{t`Refused`}</h2>
          <span className="count">{t`${refused.length}, without effect`}</span>
        </div>
      ) : null}
      {refused.map((item) => (
        <RefusedItem key={item.intent.id} item={item} />
      ))}
    </section>
  );
}

function WaitingItem({ item, inRoom }: { item: OutboxItem; inRoom: boolean }) {
  const { outbox } = useSession().replica;
  const [editing, setEditing] = useState(false);
  const [givingUp, setGivingUp] = useState(false);
  const { intent, state, attempts, reason } = item;
  const made = clockTime(Date.parse(intent.at), true);
  const editable = textOf(intent.action) !== null && attempts === 0;
  const discard = (
    <Button look="ghost" compact onPress={() => (attempts > 0 ? setGivingUp(true) : void outbox.discard(intent.id))}>
      {attempts > 0 ? t`Give up on it` : t`Discard`}
    </Button>
  );
  return (
    <div className="outbox-item">
      <span className="muted">
        <Icon name={actionIcon(intent.action)} />
      </span>
      <div className="two-line">
        <div className="wrap-any">
          {actionTitle(intent.action)} {inRoom ? null : <IncidentCode action={intent.action} />}
        </div>
        <div className="small-text muted">
          {state === 'waiting'
            ? attempts > 0
              ? t`Made ${made}. Sent, no answer yet. Older than 5 minutes, so it is not sent again until you say yes.`
              : t`Made ${made}. Older than 5 minutes, so it is not sent until you say yes.`
            : state === 'held'
              ? t`${actionNoun(intent.action)}, ${made}. Waits for a newer center: this one does not know it yet.`
              : attempts > 0
                ? t`${actionNoun(intent.action)}, ${made}. Sent, no answer yet; the same one is sent again`
                : reason !== null
                  ? t`${actionNoun(intent.action)}, ${made}. ${reason} It is tried again by itself`
                  : `${actionNoun(intent.action)}, ${made}`}
        </div>
        {state === 'waiting' ? (
          <div className="row outbox-choice">
            <Button compact onPress={() => void outbox.confirm(intent.id)}>
              {t`Yes, send it`}
            </Button>
            {discard}
          </div>
        ) : null}
      </div>
      {state === 'waiting' ? null : (
        <span className="row outbox-actions">
          {editable ? (
            <Button look="ghost" compact onPress={() => setEditing(true)}>
              {t`Edit`}
            </Button>
          ) : null}
          {discard}
        </span>
      )}
      {editing ? <EditDialog item={item} onClose={() => setEditing(false)} /> : null}
      {givingUp ? <GiveUpDialog item={item} onClose={() => setGivingUp(false)} /> : null}
    </div>
  );
}

/** For what was sent: nobody knows what became of it, and forgetting it here takes nothing back. */
function GiveUpDialog({ item, onClose }: { item: OutboxItem; onClose: () => void }) {
  const { outbox } = useSession().replica;
  return (
    <Dialog
      title={t`Give up on it?`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Keep it`}</Button>
          <Button look="primary" onPress={() => void outbox.discard(item.intent.id)}>
            {t`Give up on it`}
          </Button>
        </>
      }
    >
      <p className="strong wrap-any">{actionTitle(item.intent.action)}</p>
      <p>
        {t`It was sent and no answer came: it may have happened already. Giving up takes nothing back, it is only not sent again. Look whether it has, before you do it once more.`}
      </p>
    </Dialog>
  );
}

function RefusedItem({ item }: { item: OutboxItem }) {
  const { outbox } = useSession().replica;
  const reachable = useReachable();
  const show = useToasts((state) => state.show);
  const callable = useWhomToCall(item);
  const here = item.state === 'refused';
  const again = async () => {
    const taken = await outbox.actNow(item.intent.id);
    if (!taken.ok) show({ icon: 'refused', text: t`Refused, because ${taken.reason}.` });
  };
  return (
    <div className="outbox-refused">
      <div className="row">
        <span className="muted">
          <Icon name="refused" />
        </span>
        <span className="strong grow wrap-any">{actionTitle(item.intent.action)}</span>
        <span className="small-text faint">{clockTime(Date.parse(item.intent.at), true)}</span>
      </div>
      <div className="small-text muted">
        {here
          ? t`Refused, because ${item.reason ?? t`this needs the server`}.`
          : (item.reason ?? t`The server refused it.`)}{' '}
        <IncidentCode action={item.intent.action} />
      </div>
      {here && callable.length > 0 ? <PhoneList userIds={callable} label={t`Call instead`} /> : null}
      <span className="row">
        {here ? (
          <Button
            compact
            unavailable={reachable ? null : t`Still no connection to the server.`}
            onPress={() => void again()}
          >
            {t`Do it now`}
          </Button>
        ) : null}
        <Button compact look="ghost" onPress={() => void outbox.discard(item.intent.id)}>
          {t`Dismiss`}
        </Button>
      </span>
    </div>
  );
}

function EditDialog({ item, onClose }: { item: OutboxItem; onClose: () => void }) {
  const { outbox } = useSession().replica;
  const [text, setText] = useState(textOf(item.intent.action) ?? '');
  const save = () => {
    const action = withText(item.intent.action, text.trim());
    if (action !== null) void outbox.edit(item.intent.id, action);
    onClose();
  };
  return (
    <FormDialog title={t`Edit before it is sent`} onClose={onClose} onSave={save} valid={text.trim() !== ''}>
      <TextField label={actionNoun(item.intent.action)} value={text} onChange={setText} rows={4} autoFocus />
    </FormDialog>
  );
}

function IncidentCode({ action }: { action: Action }) {
  const id = 'incidentId' in action ? action.incidentId : null;
  const incident = useEntity('incident', id);
  if (incident === undefined) return null;
  return (
    <a className="mono faint" href={paths.incident(incident.id)}>
      {codeOf(incident)}
    </a>
  );
}

function textOf(action: Action): string | null {
  if (action.kind === 'incident.note' || action.kind === 'chat.post' || action.kind === 'chat.edit') return action.text;
  if (action.kind === 'incident.set-impact') return action.impact;
  return action.kind === 'task.add' || action.kind === 'incident.set-title' ? action.title : null;
}

function withText(action: Action, text: string): Action | null {
  if (action.kind === 'incident.note' || action.kind === 'chat.post' || action.kind === 'chat.edit')
    return { ...action, text };
  if (action.kind === 'incident.set-impact') return { ...action, impact: text };
  return action.kind === 'task.add' || action.kind === 'incident.set-title'
    ? { ...action, title: text.replace(/\s+/g, ' ') }
    : null;
}
