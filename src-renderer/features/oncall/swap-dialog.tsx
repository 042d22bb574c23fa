import { useState } from 'react';
import type { Schedule, Shift, SwapDraft } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useMe } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
import { usePeopleOptions } from '../incidents/people-options.tsx';
import { ResultPreview } from './result-preview.tsx';
import { checkSpan, nextHours, spanForm } from './span-draft.ts';
import { SpanFields } from './span-fields.tsx';

const anybody = 'anybody';

/** Asks for somebody to take a shift. Nothing changes until it is accepted. */
export function SwapDialog({
  schedule,
  shift,
  onClose,
}: {
  schedule: Schedule;
  shift: Shift | null;
  onClose: () => void;
}) {
  const me = useMe();
  const now = useServerNow();
  const zone = schedule.timeZone;
  const show = useToasts((state) => state.show);
  const from = shift?.userId ?? me.id;
  const people = usePeopleOptions().filter((person) => person.value !== from);
  const cannot = useCanWrite('swap', [from]);
  const { save, busy } = useDocumentActions();
  const [to, setTo] = useState<string>(anybody);
  const [give, setGive] = useState(() => (shift === null ? nextHours(zone, now, 12) : spanForm(zone, shift)));
  const [returns, setReturns] = useState(false);
  const [back, setBack] = useState(() => nextHours(zone, now + 7 * 86_400_000, 12));
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const checked = checkSpan(zone, give, now);
  const checkedBack = checkSpan(zone, back, now);
  const needsPerson = returns && to === anybody;
  const valid = checked.span !== null && (!returns || checkedBack.span !== null) && !needsPerson;
  const draft: SwapDraft | null =
    checked.span === null || !valid
      ? null
      : {
          scheduleId: schedule.id,
          fromUserId: from,
          toUserId: to === anybody ? null : to,
          give: checked.span,
          takeBack: returns ? checkedBack.span : null,
          reason: reason.trim(),
          status: 'asked',
          answeredAt: null,
        };

  const submit = async (): Promise<void> => {
    if (draft === null || busy) return;
    const saved = await save({ kind: 'swap', draft }, null);
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    show({ text: t`The request is made. You stay on call until somebody accepts it.` });
    onClose();
  };

  return (
    <Dialog
      title={t`Ask for a swap in ${schedule.name}`}
      open
      wide
      onClose={onClose}
      foot={
        <>
          <span className="grow small-text muted">{t`Nothing changes until it is accepted.`}</span>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy || !valid} onPress={() => void submit()}>
            {t`Ask`}
          </Button>
        </>
      }
    >
      <Select
        label={t`Who should take it`}
        options={[{ value: anybody, label: t`Whoever takes it first` }, ...people]}
        value={to}
        onChange={setTo}
      />
      <SpanFields zone={zone} value={give} errors={checked.errors} onChange={setGive} name={t`I give`} />
      <Checkbox isSelected={returns} onChange={setReturns}>
        {t`I take another span in return`}
      </Checkbox>
      {returns ? (
        <SpanFields zone={zone} value={back} errors={checkedBack.errors} onChange={setBack} name={t`I take`} />
      ) : null}
      {needsPerson ? <p className="small-text">{t`For a span in return, say with whom you swap.`}</p> : null}
      <TextField label={t`Why`} value={reason} onChange={setReason} maxLength={1_000} />
      {draft !== null && draft.toUserId !== null ? (
        <ResultPreview schedule={schedule} span={draft.give} trial={{ swaps: [{ ...draft, status: 'accepted' }] }} />
      ) : null}
      <Refusal reason={refusal} what={t`It was not asked`} />
    </Dialog>
  );
}
