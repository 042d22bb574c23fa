import { useState } from 'react';
import type { Schedule } from '#server/contract/schedule.ts';
import { t } from '../../language/words.ts';
import { useMe } from '../../session.tsx';
import { useServerNow } from '../../time.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { Refusal } from '../config/editor-head.tsx';
import { useCanWrite, useDocumentActions } from '../config/use-document.ts';
import { usePeopleOptions } from '../incidents/people-options.tsx';
import { ResultPreview } from './result-preview.tsx';
import { checkSpan, nextHours } from './span-draft.ts';
import { SpanFields } from './span-fields.tsx';

/** Away from every schedule; the next in each rotation who is there stands in. `schedules`: where the preview looks. */
export function TimeOffDialog({
  zone,
  schedules,
  onClose,
}: {
  zone: string;
  schedules: readonly Schedule[];
  onClose: () => void;
}) {
  const me = useMe();
  const now = useServerNow();
  const people = usePeopleOptions();
  const show = useToasts((state) => state.show);
  const { save, busy } = useDocumentActions();
  const [userId, setUserId] = useState(me.id);
  const [span, setSpan] = useState(() => nextHours(zone, now, 24));
  const [reason, setReason] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const cannot = useCanWrite('timeOff', [userId]);
  const checked = checkSpan(zone, span, now);
  const draft = checked.span === null ? null : { userId, ...checked.span, reason: reason.trim() };
  const [shown, setShown] = useState(schedules[0]?.id ?? null);
  const schedule = schedules.find(({ id }) => id === shown);

  const submit = async (): Promise<void> => {
    if (draft === null || busy) return;
    const saved = await save({ kind: 'timeOff', draft }, null);
    if (saved.outcome === 'refused') return setRefusal(saved.reason);
    show({ text: t`The time off is saved; every schedule takes it into account.` });
    onClose();
  };

  return (
    <Dialog
      title={t`Time off`}
      open
      wide
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button look="primary" unavailable={cannot} isDisabled={busy || draft === null} onPress={() => void submit()}>
            {t`Save the time off`}
          </Button>
        </>
      }
    >
      <p className="muted">{t`Away from every schedule: the next in the rotation who is there stands in.`}</p>
      <Select label={t`Who`} options={people} value={userId} onChange={setUserId} />
      <SpanFields zone={zone} value={span} errors={checked.errors} onChange={setSpan} />
      <TextField label={t`Why`} value={reason} onChange={setReason} maxLength={1_000} placeholder={t`Holiday`} />
      {schedules.length > 1 ? (
        <Select
          label={t`What it does to`}
          options={schedules.map(({ id, name }) => ({ value: id, label: name }))}
          value={shown}
          onChange={setShown}
        />
      ) : null}
      {schedule === undefined ? null : (
        <ResultPreview schedule={schedule} span={checked.span} trial={draft === null ? null : { timeOffs: [draft] }} />
      )}
      <Refusal reason={refusal} />
    </Dialog>
  );
}
