import { useEffect, useState } from 'react';
import type { ChannelTest } from '#server/contract/channel.ts';
import type { ContactMethodDraft, Responder } from '#server/contract/responder.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { useCanRole } from '../../session.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useToasts } from '../../ui/toast.tsx';
import { methodName } from './profile-words.ts';

interface VerifyDialogProps {
  userId: string;
  method: ContactMethodDraft | undefined;
  saved: Responder | undefined;
  onClose: () => void;
}

/** Sends a code to the address and takes it back: only who holds the address can be paged there. */
export function VerifyDialog({ userId, method, saved, onClose }: VerifyDialogProps) {
  const cannot = useCanRole()('responder');
  const show = useToasts((state) => state.show);
  const [code, setCode] = useState('');
  const [sent, setSent] = useState<ChannelTest | null>(null);
  const send = useCall((api, methodId: string) => api.responders.sendCode.mutate({ userId, methodId }));
  const confirm = useCall(async (api, input: { methodId: string; code: string }) => {
    await api.responders.confirmCode.mutate({ userId, ...input });
    return true;
  });
  const verified = saved?.contactMethods.find(({ id }) => id === method?.id)?.verifiedAt !== null;
  // The replica may hear of it before the answer is here.
  useEffect(() => {
    if (verified) onClose();
  }, [verified, onClose]);
  if (method === undefined) return null;

  const sendCode = async (): Promise<void> => {
    const answer = await send.run(method.id);
    if (answer !== null) setSent(answer);
  };
  const check = async (): Promise<void> => {
    if (code.trim() === '') return;
    if ((await confirm.run({ methodId: method.id, code: code.trim() })) === null) return;
    show({ text: t`${methodName(method)} is verified and used from now on.` });
    onClose();
  };

  return (
    <Dialog
      title={t`Verify ${methodName(method)}`}
      open
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t`Later`}</Button>
          {sent?.ok !== true ? (
            <Button look="primary" unavailable={cannot} isDisabled={send.busy} onPress={() => void sendCode()}>
              {send.busy ? t`Sending…` : t`Send a code`}
            </Button>
          ) : (
            <>
              <Button isDisabled={send.busy} onPress={() => void sendCode()}>
                {t`Send another`}
              </Button>
              <Button look="primary" isDisabled={confirm.busy || code.trim() === ''} onPress={() => void check()}>
                {t`Verify`}
              </Button>
            </>
          )}
        </>
      }
    >
      {sent?.ok !== true ? (
        <p>{t`A code goes to ${method.address}. Until it comes back, nobody is paged there.`}</p>
      ) : (
        <form
          className="dialog-form"
          onSubmit={(event) => {
            event.preventDefault();
            void check();
          }}
        >
          <p>{t`A code is on its way to ${method.address}. It is good for ten minutes.`}</p>
          <TextField
            label={t`Code`}
            value={code}
            onChange={setCode}
            error={confirm.failure === null || confirm.failure.unreachable ? null : confirm.failure.message}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            code
            maxLength={12}
          />
          <button type="submit" hidden />
        </form>
      )}
      {sent === null || sent.ok ? null : (
        <p role="status">
          <b className="medium">{t`The code was not sent:`}</b> {sent.text}
        </p>
      )}
      {send.failure === null ? null : <Failure what={t`The code was not sent`} failure={send.failure} />}
      {confirm.failure?.unreachable !== true ? null : (
        <Failure what={t`The code was not checked`} failure={confirm.failure} />
      )}
    </Dialog>
  );
}
