import { useState } from 'react';
import type { IntegrationKind } from '#server/contract/integration.ts';
import { Failure, useCall } from '../../api/asked.tsx';
import { t } from '../../language/words.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { KeyShownOnce } from './key-shown-once.tsx';
import { integrationKindInfo, kindName } from './setup-text.ts';
import { originOf } from './setup-guide.tsx';

/** Kind and name, then the key: shown this once, inside configuration that is ready to copy. */
export function CreateIntegration({
  fallbackOrigin,
  onClose,
}: {
  fallbackOrigin: string;
  onClose: (madeId: string | null) => void;
}) {
  const [kind, setKind] = useState<IntegrationKind>('alertmanager');
  const [name, setName] = useState('');
  const create = useCall((api, input: { name: string; kind: IntegrationKind }) =>
    api.integrations.create.mutate(input),
  );
  const [made, setMade] = useState<{ id: string; key: string; origin: string } | null>(null);

  const submit = async (): Promise<void> => {
    const answer = await create.run({ name: name.trim() === '' ? kindName(kind) : name.trim(), kind });
    if (answer !== null) setMade({ id: answer.id, key: answer.key, origin: originOf(answer.url, fallbackOrigin) });
  };

  if (made !== null) {
    return (
      <Dialog
        title={t`${kindName(kind)}: connect it`}
        open
        wide
        onClose={() => onClose(made.id)}
        foot={
          <Button look="primary" onPress={() => onClose(made.id)}>
            {t`I have copied the key`}
          </Button>
        }
      >
        <KeyShownOnce apiKey={made.key} kind={kind} origin={made.origin} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t`Add an integration`}
      open
      wide
      onClose={() => onClose(null)}
      foot={
        <>
          <Button onPress={() => onClose(null)}>{t`Cancel`}</Button>
          <Button look="primary" isDisabled={create.busy} onPress={() => void submit()}>
            {create.busy ? t`Making its key…` : t`Make its key`}
          </Button>
        </>
      }
    >
      <div className="kind-cards" role="radiogroup" aria-label={t`What sends`}>
        {integrationKindInfo.map((info) => (
          <button
            key={info.kind}
            type="button"
            role="radio"
            aria-checked={info.kind === kind}
            className="kind-card"
            onClick={() => setKind(info.kind)}
          >
            <span className="strong">{info.name}</span>
            <span className="small-text">{info.about}</span>
          </button>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label={t`Name, as it stands beside its alerts`}
          value={name}
          onChange={setName}
          placeholder={kindName(kind)}
          maxLength={300}
        />
      </form>
      {create.failure === null ? null : <Failure what={t`The integration was not made`} failure={create.failure} />}
    </Dialog>
  );
}
